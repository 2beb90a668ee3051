import type { GoalResult } from '../gap/goals.ts';
import { inUnits } from '../suite/format-figure.ts';
import { markdownTable } from '../suite/markdown-table.ts';
import type { SuiteReport, SuiteRun } from '../suite/suite.ts';
import { slopeOf, thirdsOf } from '../suite/thirds.ts';
import {
  ENDURANCE_METRIC_NAMES,
  ENDURANCE_METRICS,
  type EnduranceFigures,
  type EnduranceMetric,
  type EnduranceSample,
} from './endurance-figures.ts';

type Run = SuiteRun<EnduranceFigures>;

/** Issue 6: the last third against the first. */
const MOST_GROWTH = 0.05;
const MS_PER_H = 3_600_000;
/** From here on a run judges the goal; before, a young process settles. */
const LEAST_MS = MS_PER_H;

/** How one metric went over a run. */
export interface Growth {
  readonly first: number;
  readonly last: number;
  /** The last third less the first, as a share of the first; `Infinity` where that was 0. */
  readonly share: number;
  readonly perHour: number | null;
}

export function growthOf(samples: readonly EnduranceSample[], metric: EnduranceMetric): Growth | null {
  const { first, last } = thirdsOf(samples.map((sample) => sample[metric]));
  if (first === null || last === null) return null;
  const slope = slopeOf(samples.map((sample) => ({ x: sample.atMs / MS_PER_H, y: sample[metric] })));
  const share = last === first ? 0 : first === 0 ? Number.POSITIVE_INFINITY : (last - first) / first;
  return { first, last, share, perHour: slope };
}

export function enduranceReport(runs: readonly Run[]): SuiteReport {
  return {
    goals: ENDURANCE_METRIC_NAMES.map((metric) => growthGoal(metric, runs)),
    sections: runs.length === 0 ? [] : runs.map(runSection),
  };
}

function growthGoal(metric: EnduranceMetric, runs: readonly Run[]): GoalResult {
  const words = `${ENDURANCE_METRICS[metric]}: the last third within 5 % of the first, or below`;
  const growths = runs.flatMap(({ figures: { samples } }) => growthOf(samples, metric) ?? []);
  const longestMs = Math.max(0, ...runs.map(({ figures: { samples } }) => samples.at(-1)?.atMs ?? 0));
  const worst = growths.reduce<number | null>(
    (found, { share }) => (found === null || share > found ? share : found),
    null,
  );
  if (worst === null) return { words, verdict: 'not measured', measured: '', values: 0 };
  return {
    words,
    verdict: longestMs < LEAST_MS ? 'not measured' : worst <= MOST_GROWTH ? 'met' : 'missed',
    measured: percent(worst),
    values: growths.length,
  };
}

function runSection({ run, figures }: Run): { title: string; text: string } {
  const { samples, turns, left, changes, memoryMeasure } = figures;
  const minutes = ((samples.at(-1)?.atMs ?? 0) / 60_000).toFixed(1);
  const words = [
    `${turns} turns in ${minutes} min, ${changes} changes; ${left} tiles were not yet at the other site when the next turn came. Memory is ${memoryMeasure.toUpperCase()}.`,
  ];
  const rows = ENDURANCE_METRIC_NAMES.flatMap((metric) => {
    const growth = growthOf(samples, metric);
    if (growth === null) return [];
    return [
      [
        ENDURANCE_METRICS[metric],
        inUnits(growth.first, 1),
        inUnits(growth.last, 1),
        percent(growth.share),
        inUnits(growth.perHour, 1),
      ],
    ];
  });
  words.push(markdownTable(['', 'first third', 'last third', 'growth', 'slope, per hour'], rows));
  return { title: `Run ${run}`, text: words.join('\n\n') };
}

function percent(share: number): string {
  return Number.isFinite(share)
    ? `${share >= 0 ? '+' : '−'}${Math.abs(share * 100).toFixed(1)} %`
    : 'from nothing';
}
