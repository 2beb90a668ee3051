import { failbackGaps, failoverGaps } from './gaps.ts';
import { type Goal, type GoalResult, judgeGoals } from './goals.ts';
import { type Extent, QUICK_CHOICE, type Row, rowId, type Setup, setupId } from './matrix.ts';
import type {
  BareGrid,
  Environment,
  Failure,
  Record as ResultRecord,
  Round,
  RoundChange,
} from './records.ts';
import { median, quantile, shareOver } from './statistics.ts';

/** How a figure is spread; ms. `null`: there is none, or (`p95`, `max`) it never came to an end. */
export interface Spread {
  readonly count: number;
  readonly median: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

/** Changes of one kind in a row, over its rounds and tiles. */
export interface ChangeFigures {
  /** In which the change was waited for. */
  readonly rounds: number;
  /** Tiles that were waited for. */
  readonly expected: number;
  /** Of them, those that did not change over in time; in the gap's figures they count as endless. */
  readonly notRecovered: number;
  readonly gap: Spread;
  /** 0 to 1. */
  readonly gapOver200Ms: number | null;
  readonly gapOver1S: number | null;
  readonly evidenceMedianMs: number | null;
  readonly decisionMedianMs: number | null;
  readonly firstFrameMedianMs: number | null;
  readonly jumpMedianMs: number | null;
  readonly jumpMaxMs: number | null;
  readonly causes: readonly string[];
}

export interface RowSummary {
  readonly id: string;
  readonly row: Row;
  readonly rounds: number;
  readonly failures: number;
  readonly standbys: readonly ('hot' | 'cold' | 'unknown')[];
  readonly failover: ChangeFigures;
  readonly failback: ChangeFigures;
  readonly latency: Spread;
  readonly falseChanges: number;
}

export interface LatencySummary {
  readonly id: string;
  readonly setup: Setup;
  readonly holdfast: Spread;
  readonly bareGrid: Spread;
  readonly bareGridDark: number;
}

export interface Summary {
  readonly extent: Extent;
  readonly choice: string | null;
  readonly environment: Environment;
  /** All that the rounds were made with: the same build and harness may have been committed meanwhile. */
  readonly commits: readonly { readonly commit: string; readonly tree: Environment['tree'] }[];
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  readonly rounds: number;
  readonly roundsWanted: number;
  readonly quietS: number;
  readonly othersCores: { readonly median: number | null; readonly max: number | null };
  readonly rows: readonly RowSummary[];
  readonly latencies: readonly LatencySummary[];
  readonly goals: readonly GoalResult[];
  readonly falseChanges: readonly { readonly row: string; readonly round: number; readonly words: string }[];
  readonly failures: readonly { readonly row: string; readonly round: number; readonly reason: string }[];
  /** Rows of the whole matrix, by id, of which there is no round or not every one. */
  readonly notRun: readonly { readonly id: string; readonly rounds: number; readonly wanted: number }[];
  /** Rounds in the file of other builds or machines, which no figure here contains. */
  readonly leftOut: number;
}

export interface SummaryRequest {
  readonly extent: Extent;
  /** The rows of the extent, before `--only`. */
  readonly rows: readonly Row[];
  readonly roundsWanted: number;
  /** Whose rounds count. */
  readonly environment: Environment;
  readonly goals: readonly Goal[];
}

/** All figures of a run, out of its records alone. */
export function summarise(records: readonly ResultRecord[], request: SummaryRequest): Summary {
  const { environment, roundsWanted } = request;
  const mine = records.filter((record) =>
    record.kind === 'environment' ? record.id === environment.id : record.environment === environment.id,
  );
  const all = latestRounds(mine);
  const ids = new Set(request.rows.map(rowId));
  const rounds = all.filter(({ row }) => ids.has(rowId(row)));
  const failures = mine
    .filter((record): record is Failure => record.kind === 'failure')
    .filter(({ row, round }) => !all.some((done) => rowId(done.row) === rowId(row) && done.round === round))
    .filter(
      ({ row, round }, index, tries) =>
        tries.findLastIndex((last) => rowId(last.row) === rowId(row) && last.round === round) === index,
    );
  const byRow = groupBy(rounds, ({ row }) => rowId(row));
  const rows = request.rows.flatMap((row) => {
    const own = byRow.get(rowId(row)) ?? [];
    const failed = failures.filter((failure) => rowId(failure.row) === rowId(row)).length;
    return own.length === 0 && failed === 0 ? [] : [summariseRow(row, own, failed)];
  });
  const latencies = summariseLatencies(
    rounds,
    mine.filter((record): record is BareGrid => record.kind === 'bare-grid'),
  );
  const times = rounds.map(({ at }) => at).sort();
  const others = rounds.map(({ othersCores }) => othersCores).filter((cores) => cores !== null);
  return {
    extent: request.extent,
    choice: request.extent === 'quick' ? QUICK_CHOICE : null,
    environment,
    commits: commitsOf(mine),
    firstAt: times[0] ?? null,
    lastAt: times.at(-1) ?? null,
    rounds: rounds.length,
    roundsWanted,
    quietS: sum(rounds.map(({ quietMs }) => quietMs)) / 1000,
    othersCores: { median: median(others), max: quantile(others, 1) },
    rows,
    latencies,
    goals: judgeGoals(request.goals, rounds, latencies),
    falseChanges: rounds.flatMap(({ row, round, falseChanges }) =>
      falseChanges.map(({ tile, during, cause, from, to }) => ({
        row: rowId(row),
        round,
        words: `tile ${tile}, ${PERIOD_WORDS[during]}: ${from ?? 'nothing'} to ${to}, ${cause}`,
      })),
    ),
    failures: failures.map(({ row, round, reason }) => ({ row: rowId(row), round, reason })),
    notRun: request.rows
      .map((row) => ({ id: rowId(row), rounds: byRow.get(rowId(row))?.length ?? 0, wanted: roundsWanted }))
      .filter(({ rounds, wanted }) => rounds < wanted),
    leftOut: records.filter((record) => record.kind === 'round' && record.environment !== environment.id)
      .length,
  };
}

const PERIOD_WORDS = {
  quiet: 'in the quiet time',
  fault: 'while the fault lasted',
  after: 'after the fault',
} as const;

/** A round that was run again counts once, as it was last. */
function latestRounds(records: readonly ResultRecord[]): Round[] {
  const latest = new Map<string, Round>();
  for (const record of records)
    if (record.kind === 'round') latest.set(`${rowId(record.row)} ${record.round}`, record);
  return [...latest.values()];
}

function summariseRow(row: Row, rounds: readonly Round[], failures: number): RowSummary {
  const tiles = rounds.flatMap((round) => round.tiles);
  return {
    id: rowId(row),
    row,
    rounds: rounds.length,
    failures,
    standbys: [...new Set(tiles.map(({ standby }) => standby))].sort(),
    failover: figuresOf(
      rounds.length,
      failoverGaps(rounds),
      tiles.map(({ failover }) => failover).filter((change) => change !== null),
    ),
    failback: figuresOf(
      rounds.filter(({ failback }) => failback === 'wait').length,
      failbackGaps(rounds),
      tiles.map(({ failback }) => failback).filter((change) => change !== null),
    ),
    latency: spreadOf(tiles.map(({ latencyMs }) => latencyMs).filter((latency) => latency !== null)),
    falseChanges: sum(rounds.map(({ falseChanges }) => falseChanges.length)),
  };
}

function figuresOf(rounds: number, gaps: readonly number[], changes: readonly RoundChange[]): ChangeFigures {
  const known = (figure: (change: RoundChange) => number | null): number[] =>
    changes.map(figure).filter((value) => value !== null);
  const jumps = known(({ jumpMs }) => jumpMs).map(Math.abs);
  return {
    rounds,
    expected: gaps.length,
    notRecovered: gaps.filter((gap) => gap === Number.POSITIVE_INFINITY).length,
    gap: spreadOf(gaps),
    gapOver200Ms: shareOver(gaps, 200),
    gapOver1S: shareOver(gaps, 1000),
    evidenceMedianMs: median(known(({ evidenceMs }) => evidenceMs)),
    decisionMedianMs: median(known(({ decisionMs }) => decisionMs)),
    firstFrameMedianMs: median(known(({ firstFrameMs }) => firstFrameMs)),
    jumpMedianMs: median(jumps),
    jumpMaxMs: quantile(jumps, 1),
    causes: [...new Set(changes.map(({ cause }) => cause))].sort(),
  };
}

function summariseLatencies(rounds: readonly Round[], bareGrids: readonly BareGrid[]): LatencySummary[] {
  const bySetup = groupBy(rounds, ({ row }) => setupId(row));
  const bareBySetup = groupBy(bareGrids, ({ setup }) => setupId(setup));
  return [...bySetup].flatMap(([id, own]) => {
    const [first] = own;
    if (first === undefined) return [];
    const { fault: _fault, ...setup } = first.row;
    const bare = bareBySetup.get(id) ?? [];
    return [
      {
        id,
        setup,
        holdfast: spreadOf(
          own
            .flatMap(({ tiles }) => tiles.map(({ latencyMs }) => latencyMs))
            .filter((latency) => latency !== null),
        ),
        bareGrid: spreadOf(bare.flatMap(({ latenciesMs }) => latenciesMs)),
        bareGridDark: sum(bare.map(({ dark }) => dark)),
      },
    ];
  });
}

function commitsOf(records: readonly ResultRecord[]): Summary['commits'] {
  const commits = new Map<string, Summary['commits'][number]>();
  for (const record of records)
    if (record.kind === 'environment')
      commits.set(`${record.commit} ${record.tree}`, { commit: record.commit, tree: record.tree });
  return [...commits.values()];
}

/** JSON knows no infinity: what never came to an end is `null`, and counted by itself. */
function spreadOf(values: readonly number[]): Spread {
  const finite = (value: number | null): number | null =>
    value === null || Number.isFinite(value) ? value : null;
  return {
    count: values.length,
    median: finite(median(values)),
    p95: finite(quantile(values, 0.95)),
    max: finite(quantile(values, 1)),
  };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
