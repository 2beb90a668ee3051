import { describe, expect, test } from 'vitest';
import { gapCases, rowId, rowsOf } from './matrix.ts';

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

describe('gapCases', () => {
  test('are all rows, and of each setup one bare grid before them', () => {
    const cases = gapCases('quick');
    const rounds = cases.filter(({ what }) => what.kind === 'round').map(({ id }) => id);
    expect(new Set(rounds)).toEqual(new Set(rowsOf('quick').map(rowId)));
    for (const own of Map.groupBy(cases, ({ row }) => row).values())
      expect(own.map(({ what }) => what.kind).lastIndexOf('bare-grid')).toBe(0);
  });

  test('no two share a name', () => {
    const ids = gapCases('full').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
