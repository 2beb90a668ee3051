import { describe, expect, test } from 'vitest';
import { rowId, rowsOf } from './matrix.ts';

describe('rowsOf', () => {
  test('the full run is every fault on every stream, wall and network', () => {
    expect(rowsOf('full')).toHaveLength(9 * 3 * 4 * 3);
  });

  test('no two rows of the full run share a name', () => {
    const ids = rowsOf('full').map(rowId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('the quick run is a part of the full one', () => {
    expect(rowsOf('full')).toEqual(expect.arrayContaining(rowsOf('quick')));
  });

  test('only a fault of TLS is measured over TLS', () => {
    const overTls = rowsOf('full').filter(({ transport }) => transport === 'https');
    expect(new Set(overTls.map(({ fault }) => fault))).toEqual(new Set(['certificate']));
  });
});
