import { describe, expect, test } from 'vitest';
import { type Change, judgeRound, type RoundTimes } from './judge-round.ts';

const START_MS = Date.UTC(2026, 2, 4);
const TIMES: RoundTimes = {
  quietFromMs: START_MS,
  faultAskedAtMs: START_MS + 1500,
  faultAtMs: START_MS + 1510,
  clearAskedAtMs: START_MS + 4000,
  clearedAtMs: START_MS + 4020,
};

/** @param atMs after the start of the round */
function change(atMs: number, changes: Partial<Change> = {}): Change {
  return {
    kind: 'change',
    time: new Date(START_MS + atMs).toISOString(),
    view: 'wall',
    tile: 1,
    camera: 'quay',
    from: 'main/main',
    to: 'backup/main',
    cause: 'refused',
    firstEvidenceAt: new Date(START_MS + atMs - 10).toISOString(),
    firstFrameAt: new Date(START_MS + atMs + 100).toISOString(),
    gapMs: 133,
    jumpMs: 20,
    ...changes,
  };
}

const BACK: Partial<Change> = {
  from: 'backup/main',
  to: 'main/main',
  cause: 'failback',
  firstEvidenceAt: null,
};

describe('judgeRound', () => {
  test('counts a failover from the instant at which the fault was in force', () => {
    const { tiles, falseChanges } = judgeRound([change(1610)], 1, 'main', TIMES);
    expect(tiles[0]?.failover).toEqual({
      cause: 'refused',
      evidenceMs: 90,
      decisionMs: 100,
      firstFrameMs: 200,
      gapMs: 133,
      jumpMs: 20,
    });
    expect(falseChanges).toEqual([]);
  });

  test('counts a failback from the instant at which the fault had ended', () => {
    const { tiles } = judgeRound([change(1610), change(6020, BACK)], 1, 'main', TIMES);
    expect(tiles[0]?.failback).toMatchObject({ decisionMs: 2000, evidenceMs: null });
  });

  test('a change in the quiet time is false', () => {
    const { falseChanges } = judgeRound([change(100), change(1700)], 1, 'main', TIMES);
    expect(falseChanges).toEqual([
      { tile: 1, during: 'quiet', cause: 'refused', from: 'main/main', to: 'backup/main' },
    ]);
  });

  test('a change back while the fault lasts, and the next one away, are false', () => {
    const { falseChanges } = judgeRound([change(1600), change(2000, BACK), change(2400)], 1, 'main', TIMES);
    expect(falseChanges.map(({ during, to }) => `${during} ${to}`)).toEqual([
      'fault main/main',
      'fault backup/main',
    ]);
  });

  test('a second change after the failback is false', () => {
    const { falseChanges } = judgeRound([change(1600), change(6000, BACK), change(7000)], 1, 'main', TIMES);
    expect(falseChanges).toMatchObject([{ during: 'after', to: 'backup/main' }]);
  });

  test('what a tile does after it did not change over in time is its recovery, and no false change', () => {
    const judged = judgeRound([change(4100)], 1, 'main', TIMES);
    expect(judged).toEqual({ tiles: [{ tile: 1, failover: null, failback: null }], falseChanges: [] });
  });

  test('changes before the round do not count', () => {
    const judged = judgeRound([change(-1)], 1, 'main', TIMES);
    expect(judged.falseChanges).toEqual([]);
  });

  test('every tile has its own', () => {
    const { tiles } = judgeRound([change(1600, { tile: 2 })], 2, 'main', TIMES);
    expect(tiles.map(({ tile, failover }) => [tile, failover !== null])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  test('a site whose name begins like the failing one is another site', () => {
    const { tiles } = judgeRound([change(1600, { to: 'main-2/main' })], 1, 'main', TIMES);
    expect(tiles[0]?.failover).not.toBeNull();
  });
});
