import type { GoalResult } from '../suite/goal-result.ts';
import { median, quantile } from '../suite/statistics.ts';
import type { LatencySummary, Round } from './gap-figures.ts';
import { failbackGaps, failoverGaps } from './gaps.ts';
import type { Row, Setup } from './matrix.ts';

export type Goal =
  | {
      readonly kind: 'gap';
      readonly words: string;
      readonly rows: (row: Row) => boolean;
      /** Only tiles that had this kind of standby before the fault count. */
      readonly standby: 'any' | 'hot' | 'cold';
      readonly figure: 'median' | 'p95' | 'max';
      readonly limitMs: number;
    }
  | { readonly kind: 'false-changes'; readonly words: string }
  | {
      readonly kind: 'latency';
      readonly words: string;
      readonly setups: (setup: Setup) => boolean;
      /** Limit for the median of each setup. */
      readonly limitMs: number;
    }
  | { readonly kind: 'latency-to-bare-grid'; readonly words: string; readonly limitRatio: number };

/** Compares goals with what was measured. A goal for gaps is judged twice: for failovers and for failbacks. */
export function judgeGoals(
  goals: readonly Goal[],
  rounds: readonly Round[],
  latencies: readonly LatencySummary[],
): GoalResult[] {
  return goals.flatMap((goal) => judgeGoal(goal, rounds, latencies));
}

function judgeGoal(goal: Goal, rounds: readonly Round[], latencies: readonly LatencySummary[]): GoalResult[] {
  switch (goal.kind) {
    case 'gap': {
      const own = rounds.filter(({ row }) => goal.rows(row)).map((round) => onlyStandby(round, goal.standby));
      return [judgeGap(goal, 'failover', failoverGaps(own)), judgeGap(goal, 'failback', failbackGaps(own))];
    }
    case 'false-changes': {
      const count = rounds.reduce((total, { falseChanges }) => total + falseChanges.length, 0);
      return [resultOf(goal.words, rounds.length, count === 0, `${count} in ${rounds.length} rounds`)];
    }
    case 'latency':
      return [judgeLatency(goal, latencies)];
    case 'latency-to-bare-grid':
      return [judgeAgainstBareGrid(goal, latencies)];
  }
}

function judgeGap(
  { words, figure, limitMs }: Extract<Goal, { kind: 'gap' }>,
  change: 'failover' | 'failback',
  gaps: readonly number[],
): GoalResult {
  const value = figure === 'median' ? median(gaps) : quantile(gaps, figure === 'max' ? 1 : 0.95);
  const measured =
    value === null ? '' : value === Number.POSITIVE_INFINITY ? 'not recovered' : `${Math.round(value)} ms`;
  return resultOf(`${change}: ${words}`, gaps.length, value !== null && value <= limitMs, measured);
}

function judgeLatency(
  { words, setups, limitMs }: Extract<Goal, { kind: 'latency' }>,
  latencies: readonly LatencySummary[],
): GoalResult {
  const own = latencies.filter(({ setup }) => setups(setup));
  const medians = own.map(({ holdfast }) => holdfast.median).filter((value) => value !== null);
  const worst = quantile(medians, 1);
  const measured = worst === null ? '' : `${Math.round(worst)} ms in the worst of ${medians.length} setups`;
  return resultOf(words, medians.length, worst !== null && worst <= limitMs, measured);
}

function judgeAgainstBareGrid(
  { words, limitRatio }: Extract<Goal, { kind: 'latency-to-bare-grid' }>,
  latencies: readonly LatencySummary[],
): GoalResult {
  const ratios = latencies.flatMap(({ id, holdfast, bareGrid }) =>
    holdfast.median === null || bareGrid.median === null || bareGrid.median <= 0
      ? []
      : [{ id, ratio: holdfast.median / bareGrid.median }],
  );
  const worst = ratios.reduce<(typeof ratios)[number] | null>(
    (found, next) => (found === null || next.ratio > found.ratio ? next : found),
    null,
  );
  const kept = ratios.filter(({ ratio }) => ratio <= limitRatio).length;
  return resultOf(
    words,
    ratios.length,
    worst !== null && kept === ratios.length,
    worst === null
      ? ''
      : `${kept} of ${ratios.length} setups; worst ${Math.round(worst.ratio * 100)} % (${worst.id})`,
  );
}

function onlyStandby(round: Round, standby: 'any' | 'hot' | 'cold'): Round {
  if (standby === 'any') return round;
  return { ...round, tiles: round.tiles.filter((tile) => tile.standby === standby) };
}

function resultOf(words: string, values: number, isMet: boolean, measured: string): GoalResult {
  if (values === 0) return { words, verdict: 'not measured', measured: '', values };
  return { words, verdict: isMet ? 'met' : 'missed', measured, values };
}
