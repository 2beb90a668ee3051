import { describe, expect, test } from 'vitest';
import { slopeOf, thirdsOf } from './thirds.ts';

describe('thirdsOf', () => {
  test('takes the medians of the first and the last third', () => {
    expect(thirdsOf([1, 2, 300, 4, 5, 6, 7, 8, 9])).toEqual({ first: 2, last: 8 });
  });

  test('of two values they are those', () => {
    expect(thirdsOf([3, 5])).toEqual({ first: 3, last: 5 });
  });

  test('without values there is neither', () => {
    expect(thirdsOf([])).toEqual({ first: null, last: null });
  });
});

describe('slopeOf', () => {
  test('is that of the line through all points', () => {
    expect(
      slopeOf([
        { x: 0, y: 1 },
        { x: 1, y: 3 },
        { x: 2, y: 5 },
      ]),
    ).toBe(2);
  });

  test('a single point has none', () => {
    expect(slopeOf([{ x: 1, y: 1 }])).toBeNull();
  });
});
