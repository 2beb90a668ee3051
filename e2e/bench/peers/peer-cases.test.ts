import { describe, expect, test } from 'vitest';
import { GAP_FAULTS } from '../gap/matrix.ts';
import { peerCases } from './peer-cases.ts';

describe('peerCases', () => {
  test.each(['quick', 'full'] as const)('every row of the %s run has Holdfast in it', (extent) => {
    const rows = Map.groupBy(peerCases(extent), ({ row }) => row);
    for (const cases of rows.values())
      expect(cases.filter(({ what }) => what.contender.kind === 'holdfast')).toHaveLength(1);
  });

  test('the full run has every fault on 1, 4 and 9 tiles', () => {
    const rows = new Set(peerCases('full').map(({ row }) => row));
    for (const tiles of [1, 4, 9])
      for (const fault of GAP_FAULTS) expect(rows).toContain(`plain-1s/${tiles}x/unrelated/${fault}`);
  });

  test('no two cases have the same name', () => {
    const ids = peerCases('full').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
