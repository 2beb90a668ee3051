import { inUnits, withSign } from '../suite/format-figure.ts';
import type { GoalResult } from '../suite/goal-result.ts';
import { LOAD_HEAD, loadCell } from '../suite/load-words.ts';
import { markdownTable } from '../suite/markdown-table.ts';
import type { SuiteReport, SuiteRun } from '../suite/suite.ts';
import { slopeOf, thirdsOf } from '../suite/thirds.ts';
import {
  ENDURANCE_METRIC_NAMES,
  ENDURANCE_METRICS,
  type EnduranceFigures,
  type EnduranceMetric,
  type EnduranceSample,
  type EnduranceTrial,
} from './endurance-figures.ts';

type Run = SuiteRun<EnduranceFigures>;

/** Highest growth from the first to the last third, as a share of the first. */
const MOST_GROWTH = 0.05;
const MS_PER_H = 3_600_000;
/** Shortest run that judges the goal, ms. In a shorter run a young process still settles. */
const LEAST_MS = MS_PER_H;

/** How one metric changed in a run. */
export interface Growth {
  readonly first: number;
  readonly last: number;
  /** The last third minus the first, as a share of the first; `Infinity` where the first is 0. */
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
    goals: [...ENDURANCE_METRIC_NAMES.map((metric) => growthGoal(metric, runs)), killsGoal(runs)],
    sections: runs.map(runSection),
    digest: digest(runs),
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
    verdict: longestMs < LEAST_MS ? 'not judged' : worst <= MOST_GROWTH ? 'met' : 'missed',
    measured: percent(worst),
    values: growths.length,
  };
}

function killsGoal(runs: readonly Run[]): GoalResult {
  const words =
    'the graphics process is killed once a minute: all tiles live before the next time, no change, no alarm';
  const killed = runs.filter(isKilled).map(({ figures }) => figures);
  if (killed.length === 0) return { words, verdict: 'not measured', measured: '', values: 0 };
  const sum = (name: 'turns' | 'left' | 'changes' | 'alarms'): number =>
    killed.reduce((total, figures) => total + figures[name], 0);
  return {
    words,
    verdict: sum('left') + sum('changes') + sum('alarms') === 0 ? 'met' : 'missed',
    measured: `${sum('left')} not live, ${sum('changes')} changes, ${sum('alarms')} alarms`,
    values: sum('turns'),
  };
}

function isKilled({ id }: Run): boolean {
  return id === ('graphics-killed' satisfies EnduranceTrial);
}

function runSection(run: Run): { title: string; text: string } {
  const { samples, turns, left, changes, alarms, memoryMeasure } = run.figures;
  const minutes = inUnits((samples.at(-1)?.atMs ?? 0) / 60_000, 1);
  const slope = slopeUnit(samples);
  const what = isKilled(run)
    ? `The graphics process was killed ${turns} times in ${minutes} min; ${left} tiles were not live when the next time came, ${changes} changes, ${alarms} alarms.`
    : `${turns} turns in ${minutes} min, ${changes} changes; ${left} tiles were not yet at the other site when the next turn came.`;
  const words = [`${what} Memory is ${memoryMeasure.toUpperCase()}. ${LOAD_HEAD}: ${loadCell([run])}.`];
  const rows = ENDURANCE_METRIC_NAMES.flatMap((metric) => {
    const growth = growthOf(samples, metric);
    if (growth === null) return [];
    return [
      [
        ENDURANCE_METRICS[metric],
        inUnits(growth.first, 1),
        inUnits(growth.last, 1),
        percent(growth.share),
        slope.of(growth),
      ],
    ];
  });
  words.push(markdownTable(['', 'first third', 'last third', 'growth', `slope, per ${slope.unit}`], rows));
  return { title: `${run.id}, run ${run.run}`, text: words.join('\n\n') };
}

/** The most important metrics, for the digest of the longest run. */
const DIGEST_METRICS: readonly EnduranceMetric[] = [
  'heapMb',
  'mainHeapMb',
  'totalMb',
  'ownMb',
  'mediaElements',
  'sockets',
];

function digest(runs: readonly Run[]): string {
  const lengthOf = ({ figures }: Run): number => figures.samples.at(-1)?.atMs ?? 0;
  const [longest] = runs.toSorted((one, other) => lengthOf(other) - lengthOf(one));
  if (longest === undefined) return 'Not measured.';
  const { samples, turns, changes } = longest.figures;
  const slope = slopeUnit(samples);
  return markdownTable(
    [
      `${longest.id}: ${turns} turns, ${changes} changes in ${inUnits(lengthOf(longest) / 60_000, 1)} min`,
      'first third',
      'last third',
      `slope, per ${slope.unit}`,
    ],
    DIGEST_METRICS.flatMap((metric) => {
      const growth = growthOf(samples, metric);
      if (growth === null) return [];
      return [
        [ENDURANCE_METRICS[metric], inUnits(growth.first, 1), inUnits(growth.last, 1), slope.of(growth)],
      ];
    }),
  );
}

/** The slope of a run of minutes says nothing about an hour, so it is per minute. */
function slopeUnit(samples: readonly EnduranceSample[]): {
  readonly unit: 'hour' | 'minute';
  readonly of: (growth: Growth) => string;
} {
  const isLong = (samples.at(-1)?.atMs ?? 0) >= LEAST_MS;
  return {
    unit: isLong ? 'hour' : 'minute',
    of: ({ perHour }) => withSign(perHour === null || isLong ? perHour : perHour / 60, 1),
  };
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${withSign(share * 100, 1)} %` : 'from nothing';
}
