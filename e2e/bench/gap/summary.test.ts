import { describe, expect, test } from 'vitest';
import type { Row } from './matrix.ts';
import type { Record as ResultRecord } from './records.ts';
import { type Summary, summarise } from './summary.ts';
import {
  SAMPLE_ROW,
  sampleChange,
  sampleEnvironment,
  sampleRound,
  sampleTile,
} from './testing/sample-records.ts';

const HANG: Row = { ...SAMPLE_ROW, fault: 'hang' };
const { fault: _fault, ...SETUP } = SAMPLE_ROW;

function summaryOf(records: readonly ResultRecord[], roundsWanted = 1): Summary {
  return summarise(records, {
    extent: 'full',
    rows: [SAMPLE_ROW, HANG],
    roundsWanted,
    environment: sampleEnvironment(),
    goals: [],
  });
}

describe('summarise', () => {
  test('spreads the gaps of a row over its rounds and tiles', () => {
    const [row] = summaryOf([sampleRound([100, 300]), sampleRound([100, 1200], { round: 2 })]).rows;
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
      sampleRound([], { tiles: [tile], failback: 'wait', round: 2 }),
    ]).rows;
    expect(row?.failback).toMatchObject({ expected: 1, notRecovered: 1 });
  });

  test('rounds of another build or machine are in no figure, and are counted', () => {
    const summary = summaryOf([
      sampleEnvironment(),
      sampleRound([100]),
      sampleRound([9000], { environment: 'env-2', round: 2 }),
    ]);
    expect(summary).toMatchObject({ rounds: 1, leftOut: 1 });
    expect(summary.rows[0]?.failover.gap.max).toBe(100);
  });

  test('every commit of the same build is named', () => {
    const { commits } = summaryOf([
      sampleEnvironment(),
      sampleEnvironment({ commit: 'fedcba987654', tree: 'changed' }),
    ]);
    expect(commits).toEqual([
      { commit: '0123456789ab', tree: 'clean' },
      { commit: 'fedcba987654', tree: 'changed' },
    ]);
  });

  test('names the rows of which rounds are missing', () => {
    const { notRun } = summaryOf([sampleRound([100])], 2);
    expect(notRun).toEqual([
      { id: 'plain-1s/9x/none/refused', rounds: 1, wanted: 2 },
      { id: 'plain-1s/9x/none/hang', rounds: 0, wanted: 2 },
    ]);
  });

  test('a round that failed and was run again is no failure any more', () => {
    const failure = {
      kind: 'failure' as const,
      environment: 'env-1',
      at: '2026-03-04T05:06:07.000Z',
      row: SAMPLE_ROW,
      round: 1,
      reason: 'the wall was not whole',
    };
    expect(summaryOf([failure]).failures).toHaveLength(1);
    expect(summaryOf([failure, sampleRound([100])]).failures).toEqual([]);
  });

  test('sets the latency of a setup beside that of its bare grid', () => {
    const { latencies } = summaryOf([
      sampleRound([100, 100]),
      {
        kind: 'bare-grid',
        environment: 'env-1',
        at: '2026-03-04T05:06:07.000Z',
        setup: SETUP,
        latenciesMs: [1800, 2200],
        dark: 1,
      },
    ]);
    expect(latencies).toMatchObject([
      { id: 'plain-1s/9x/none', holdfast: { median: 2000 }, bareGrid: { median: 2000 }, bareGridDark: 1 },
    ]);
  });

  test('the load by others is told by its median and its worst round', () => {
    const { othersCores } = summaryOf([
      sampleRound([1], { othersCores: 0.2 }),
      sampleRound([1], { othersCores: 1.4, round: 2 }),
      sampleRound([1], { othersCores: null, round: 3 }),
    ]);
    expect(othersCores.median).toBeCloseTo(0.8);
    expect(othersCores.max).toBe(1.4);
  });
});
