import { describe, expect, test } from 'vitest';
import type { SuiteRun } from '../suite/suite.ts';
import { sampleSuiteRun } from '../suite/testing/sample-suite-run.ts';
import {
  ENDURANCE_METRIC_NAMES,
  ENDURANCE_METRICS,
  type EnduranceFigures,
  type EnduranceSample,
} from './endurance-figures.ts';
import { enduranceReport, growthOf } from './endurance-report.ts';

/** Every other metric stays at 100. */
function samplesOf(heaps: readonly number[], intervalMs = 60_000): EnduranceSample[] {
  return heaps.map((heapMb, index) => ({
    ...(Object.fromEntries(ENDURANCE_METRIC_NAMES.map((name) => [name, 100])) as Omit<
      EnduranceSample,
      'atMs'
    >),
    atMs: index * intervalMs,
    heapMb,
  }));
}

function run(heaps: readonly number[], intervalMs: number): SuiteRun<EnduranceFigures> {
  const samples = samplesOf(heaps, intervalMs);
  return sampleSuiteRun('back-and-forth', 1, {
    turns: 6,
    left: 0,
    changes: 54,
    alarms: 0,
    memoryMeasure: 'pss',
    samples,
  });
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
  const HALF_HOUR_MS = 1_800_000;
  const goalOf = (heaps: readonly number[], intervalMs: number) =>
    enduranceReport([run(heaps, intervalMs)]).goals.find(({ words }) =>
      words.startsWith(ENDURANCE_METRICS.heapMb),
    );

  test.each([
    [[100, 100, 105], 'met'],
    [[100, 100, 106], 'missed'],
    [[100, 100, 60], 'met'],
  ])('a heap of %j MB over an hour: %s', (heaps, verdict) => {
    expect(goalOf(heaps, HALF_HOUR_MS)?.verdict).toBe(verdict);
  });

  test('minutes do not judge, but tell what they saw', () => {
    expect(goalOf([100, 100, 120], 60_000)).toMatchObject({ verdict: 'not judged', measured: '+20.0 %' });
  });
});

describe('a graphics process that is killed once a minute', () => {
  const killed = (figures: Partial<EnduranceFigures>) =>
    enduranceReport([
      sampleSuiteRun<EnduranceFigures>('graphics-killed', 1, {
        turns: 3,
        left: 0,
        changes: 0,
        alarms: 0,
        memoryMeasure: 'pss',
        samples: samplesOf([10, 10, 10]),
        ...figures,
      }),
    ]);
  const goalOf = (figures: Partial<EnduranceFigures>) =>
    killed(figures).goals.find(({ words }) => words.includes('graphics process'));

  test('costs no tile its picture, and no site its trust', () => {
    expect(goalOf({})).toMatchObject({ verdict: 'met', values: 3 });
    expect(goalOf({ left: 1 })).toMatchObject({
      verdict: 'missed',
      measured: '1 not live, 0 changes, 0 alarms',
    });
    expect(goalOf({ changes: 1 })?.verdict).toBe('missed');
    expect(goalOf({ alarms: 1 })?.verdict).toBe('missed');
  });

  test('has a section of its own that says how often the process was killed', () => {
    const [section] = killed({}).sections;
    expect(section?.title).toBe('graphics-killed, run 1');
    expect(section?.text).toContain('killed 3 times');
  });

  test('is no goal of a run without it', () => {
    const { goals } = enduranceReport([run([10, 10, 10], 60_000)]);
    expect(goals.find(({ words }) => words.includes('graphics process'))?.verdict).toBe('not measured');
  });
});

describe('the slope', () => {
  test('of a run of minutes is one per minute', () => {
    const { sections, digest } = enduranceReport([run([10, 11, 12], 60_000)]);
    expect(sections[0]?.text).toContain('slope, per minute');
    expect(digest).toContain(`| ${ENDURANCE_METRICS.heapMb} | 10.0 | 12.0 | +1.0 |`);
  });

  test('of a run of hours is one per hour', () => {
    const { digest } = enduranceReport([run([10, 11, 12], 3_600_000)]);
    expect(digest).toContain('slope, per hour');
    expect(digest).toContain(`| ${ENDURANCE_METRICS.heapMb} | 10.0 | 12.0 | +1.0 |`);
  });
});
