import { describe, expect, it } from 'vitest';
import { type Cells, moveOfKey, moveSelection } from './move-selection.ts';

const full: Cells = { columns: 3, rows: 2, occupied: Array<boolean>(6).fill(true) };

describe('moveSelection', () => {
  it('moves by one tile in each direction', () => {
    expect(moveSelection(full, 2, 'left')).toBe(1);
    expect(moveSelection(full, 2, 'right')).toBe(3);
    expect(moveSelection(full, 2, 'down')).toBe(5);
    expect(moveSelection(full, 5, 'up')).toBe(2);
  });

  it('stops at the edges instead of going around', () => {
    expect(moveSelection(full, 3, 'right')).toBe(3);
    expect(moveSelection(full, 1, 'left')).toBe(1);
    expect(moveSelection(full, 1, 'up')).toBe(1);
    expect(moveSelection(full, 6, 'down')).toBe(6);
  });

  it('steps over empty cells', () => {
    const cells = { columns: 3, rows: 1, occupied: [true, false, true] };
    expect(moveSelection(cells, 1, 'right')).toBe(3);
    expect(moveSelection({ ...cells, occupied: [true, false, false] }, 1, 'right')).toBe(1);
  });

  it('begins at the first camera, and goes to the first and the last', () => {
    const cells = { columns: 2, rows: 2, occupied: [false, true, true, false] };
    expect(moveSelection(cells, null, 'down')).toBe(2);
    expect(moveSelection(cells, 3, 'first')).toBe(2);
    expect(moveSelection(cells, 2, 'last')).toBe(3);
  });

  it('selects nothing in a grid without cameras', () => {
    expect(moveSelection({ columns: 1, rows: 1, occupied: [false] }, null, 'right')).toBeNull();
  });
});

describe('moveOfKey', () => {
  it('knows the arrow keys and ignores other keys', () => {
    expect(moveOfKey('ArrowUp')).toBe('up');
    expect(moveOfKey('a')).toBeNull();
    expect(moveOfKey('toString')).toBeNull();
  });
});
