import { describe, expect, test } from 'vitest';
import type { SuiteRun } from '../suite/suite.ts';
import {
  ENDURANCE_METRIC_NAMES,
  ENDURANCE_METRICS,
  type EnduranceFigures,
  type EnduranceSample,
} from './endurance-figures.ts';
import { enduranceReport, growthOf } from './endurance-report.ts';

/** A sample a minute; every other metric stays at 100. */
function samplesOf(heaps: readonly number[]): EnduranceSample[] {
  return heaps.map((heapMb, index) => ({
    ...(Object.fromEntries(ENDURANCE_METRIC_NAMES.map((name) => [name, 100])) as Omit<
      EnduranceSample,
      'atMs'
    >),
    atMs: index * 60_000,
    heapMb,
  }));
}

function run(heaps: readonly number[]): SuiteRun<EnduranceFigures> {
  const samples = samplesOf(heaps);
  return {
    id: 'back-and-forth',
    run: 1,
    figures: { turns: 6, left: 0, changes: 54, memoryMeasure: 'pss', samples },
  };
}

describe('growthOf', () => {
  test('compares the thirds, and tells the slope per hour', () => {
    expect(growthOf(samplesOf([10, 11, 12]), 'heapMb')).toEqual({
      first: 10,
      last: 12,
      share: 0.2,
      perHour: 60,
    });
  });

  test('what came from nothing grew without bound', () => {
    expect(growthOf(samplesOf([0, 0, 1]), 'heapMb')?.share).toBe(Number.POSITIVE_INFINITY);
  });

  test('what stayed at nothing did not grow', () => {
    expect(growthOf(samplesOf([0, 0, 0]), 'heapMb')?.share).toBe(0);
  });
});

describe('the goals', () => {
  const verdictOf = (heaps: readonly number[]) =>
    enduranceReport([run(heaps)]).goals.find(({ words }) => words.startsWith(ENDURANCE_METRICS.heapMb))
      ?.verdict;

  test.each([
    [[100, 100, 105], 'met'],
    [[100, 100, 106], 'missed'],
    [[100, 100, 60], 'met'],
    [[100, 200], 'not measured'],
  ])('a heap of %j MB: %s', (heaps, verdict) => {
    expect(verdictOf(heaps)).toBe(verdict);
  });
});
