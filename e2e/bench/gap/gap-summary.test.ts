import { describe, expect, test } from 'vitest';
import type { Round } from './gap-figures.ts';
import { type BareGrid, type Summary, summarise } from './gap-summary.ts';
import type { Row } from './matrix.ts';
import { SAMPLE_ROW, sampleChange, sampleRound, sampleTile } from './testing/sample-rounds.ts';

const HANG: Row = { ...SAMPLE_ROW, fault: 'hang' };
const { fault: _fault, ...SETUP } = SAMPLE_ROW;

function summaryOf(rounds: readonly Round[], bareGrids: readonly BareGrid[] = []): Summary {
  return summarise([SAMPLE_ROW, HANG], rounds, bareGrids, []);
}

describe('summarise', () => {
  test('spreads the gaps of a row over its rounds and tiles', () => {
    const [row] = summaryOf([sampleRound([100, 300]), sampleRound([100, 1200], { run: 2 })]).rows;
    expect(row?.failover).toMatchObject({
      expected: 4,
      notRecovered: 0,
      gap: { count: 4, median: 200, p95: 1200, max: 1200 },
      gapOver200Ms: 0.5,
      gapOver1S: 0.25,
    });
  });

  test('a tile that did not change over makes the largest gap endless, and is counted', () => {
    const [row] = summaryOf([sampleRound([100, 120, null])]).rows;
    expect(row?.failover).toMatchObject({
      notRecovered: 1,
      gap: { median: 120, max: null },
      gapOver1S: 1 / 3,
    });
  });

  test('failbacks count only in rounds that waited for them', () => {
    const tile = sampleTile(1, { failover: sampleChange(100), failback: null });
    const [row] = summaryOf([
      sampleRound([], { tiles: [tile], failback: 'skip' }),
      sampleRound([], { tiles: [tile], failback: 'wait', run: 2 }),
    ]).rows;
    expect(row?.failback).toMatchObject({ expected: 1, notRecovered: 1 });
  });

  test('a row without a round is left out', () => {
    expect(summaryOf([sampleRound([100])]).rows.map(({ id }) => id)).toEqual(['plain-1s/9x/none/refused']);
  });

  test('names every false change, and when it was', () => {
    const change = {
      tile: 3,
      during: 'quiet',
      cause: 'stalled',
      from: 'main/main',
      to: 'backup/main',
    } as const;
    expect(summaryOf([sampleRound([100], { falseChanges: [change] })]).falseChanges).toEqual([
      {
        row: 'plain-1s/9x/none/refused',
        run: 1,
        words: 'tile 3, in the quiet time: main/main to backup/main, stalled',
      },
    ]);
  });

  test('sets the latency of a setup beside that of its bare grid', () => {
    const { latencies } = summaryOf(
      [sampleRound([100, 100])],
      [{ setup: SETUP, latenciesMs: [1800, 2200], dark: 1 }],
    );
    expect(latencies).toMatchObject([
      { id: 'plain-1s/9x/none', holdfast: { median: 2000 }, bareGrid: { median: 2000 }, bareGridDark: 1 },
    ]);
  });
});
