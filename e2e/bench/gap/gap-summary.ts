import type { GoalResult } from '../suite/goal-result.ts';
import { loadCell } from '../suite/load-words.ts';
import { median, quantile, shareOver } from '../suite/statistics.ts';
import type { BareGridFigures, LatencySummary, Round, RoundChange, Spread } from './gap-figures.ts';
import { failbackGaps, failoverGaps } from './gaps.ts';
import { type Goal, judgeGoals } from './goals.ts';
import { type Row, rowId, type Setup, setupId } from './matrix.ts';

/** Changes of one kind in a row, over its rounds and tiles. */
export interface ChangeFigures {
  /** Number of rounds that waited for the change. */
  readonly rounds: number;
  /** Number of changes that were waited for: one for each tile and round. */
  readonly expected: number;
  /** Number of expected changes that did not come in time. Their gaps count as endless. */
  readonly notRecovered: number;
  readonly gap: Spread;
  /** Share of the gaps above 200 ms, 0 to 1. */
  readonly gapOver200Ms: number | null;
  /** Share of the gaps above 1 s, 0 to 1. */
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
  readonly standbys: readonly ('hot' | 'cold' | 'unknown')[];
  readonly failover: ChangeFigures;
  readonly failback: ChangeFigures;
  readonly latency: Spread;
  readonly falseChanges: number;
  /** Load by others, as a cell of the report. */
  readonly load: string;
}

export interface Summary {
  readonly rounds: number;
  readonly quietS: number;
  /** The rows that have a round, in the order of the matrix. */
  readonly rows: readonly RowSummary[];
  readonly latencies: readonly LatencySummary[];
  readonly goals: readonly GoalResult[];
  readonly falseChanges: readonly { readonly row: string; readonly run: number; readonly words: string }[];
}

/** A bare grid with its place in the matrix. */
export interface BareGrid extends Omit<BareGridFigures, 'kind'> {
  readonly setup: Setup;
}

/** All figures. They depend only on what was measured. */
export function summarise(
  rows: readonly Row[],
  rounds: readonly Round[],
  bareGrids: readonly BareGrid[],
  goals: readonly Goal[],
): Summary {
  const byRow = Map.groupBy(rounds, ({ row }) => rowId(row));
  const latencies = summariseLatencies(rounds, bareGrids);
  return {
    rounds: rounds.length,
    quietS: sum(rounds.map(({ quietMs }) => quietMs)) / 1000,
    rows: rows.flatMap((row) => {
      const own = byRow.get(rowId(row));
      return own === undefined ? [] : [summariseRow(row, own)];
    }),
    latencies,
    goals: judgeGoals(goals, rounds, latencies),
    falseChanges: rounds.flatMap(({ row, run, falseChanges }) =>
      falseChanges.map(({ tile, during, cause, from, to }) => ({
        row: rowId(row),
        run,
        words: `tile ${tile}, ${PERIOD_WORDS[during]}: ${from ?? 'nothing'} to ${to}, ${cause}`,
      })),
    ),
  };
}

const PERIOD_WORDS = {
  quiet: 'in the quiet time',
  fault: 'while the fault lasted',
  after: 'after the fault',
} as const;

function summariseRow(row: Row, rounds: readonly Round[]): RowSummary {
  const tiles = rounds.flatMap((round) => round.tiles);
  return {
    id: rowId(row),
    row,
    rounds: rounds.length,
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
    load: loadCell(rounds),
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
  const bySetup = Map.groupBy(rounds, ({ row }) => setupId(row));
  const bareBySetup = Map.groupBy(bareGrids, ({ setup }) => setupId(setup));
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

/** An endless value is `null`; `notRecovered` counts the endless values. */
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
