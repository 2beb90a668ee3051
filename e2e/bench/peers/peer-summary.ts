import type { GoalResult } from '../suite/goal-result.ts';
import { loadCell } from '../suite/load-words.ts';
import { median, quantile } from '../suite/statistics.ts';
import type { SuiteCase, SuiteRun } from '../suite/suite.ts';
import type { PeerCase } from './peer-cases.ts';
import type { PeerFigures } from './peer-figures.ts';
import { type Contender, contenderId, TUNINGS, type Tuning } from './peer-players.ts';

/** What one contender did in one row, over its runs and tiles. Gaps are `Infinity` where a tile did not recover. */
export interface ContenderSummary {
  readonly row: string;
  readonly contender: Contender;
  readonly runs: number;
  /** Number of tiles over all runs. */
  readonly tiles: number;
  readonly medianGapMs: number;
  readonly maxGapMs: number;
  /** Median gap as a multiple of Holdfast's in the same row; `null` where that is unknown, 0 or endless. */
  readonly toHoldfast: number | null;
  readonly blankTiles: number;
  readonly longestBlankMs: number;
  readonly neverRecovered: number;
  /** `null`: no run waited for the return. */
  readonly returned: { readonly tiles: number; readonly medianMs: number | null } | null;
  /** Load by others, as a cell of the report. */
  readonly load: string;
}

/** Frame interval of the streams, ms. A smaller difference between two gaps may only come from the phase of the frames. */
const FRAME_MS = 1000 / 15;

/** In the order of the cases; those without a run are left out. */
export function summarisePeers(
  cases: readonly SuiteCase<PeerCase>[],
  runs: readonly SuiteRun<PeerFigures>[],
): ContenderSummary[] {
  const summaries = cases.flatMap(({ id, row, what: { contender } }) => {
    const own = runs.filter((run) => run.id === id);
    return own.length === 0 ? [] : [summarise(row, contender, own)];
  });
  return summaries.map((summary) => {
    const holdfast = summaries.find(
      ({ row, contender }) => row === summary.row && contender.kind === 'holdfast',
    );
    return { ...summary, toHoldfast: ratioOf(summary.medianGapMs, holdfast?.medianGapMs) };
  });
}

/** The goals: in each row a median gap that is no longer than the best peer's, and no fault without recovery. */
export function peerGoals(summaries: readonly ContenderSummary[]): GoalResult[] {
  const holdfasts = summaries.filter(({ contender }) => contender.kind === 'holdfast');
  const never = holdfasts.reduce((sum, { neverRecovered }) => sum + neverRecovered, 0);
  const tiles = holdfasts.reduce((sum, one) => sum + one.tiles, 0);
  return [
    ...TUNINGS.map((tuning) => goalAgainst(tuning, holdfasts, summaries)),
    {
      words: 'no fault without recovery',
      verdict: tiles === 0 ? 'not measured' : never === 0 ? 'met' : 'missed',
      measured: tiles === 0 ? '' : `${never} of ${tiles} tiles did not recover`,
      values: tiles,
    },
  ];
}

function goalAgainst(
  tuning: Tuning,
  holdfasts: readonly ContenderSummary[],
  summaries: readonly ContenderSummary[],
): GoalResult {
  const compared = holdfasts.flatMap((holdfast) => {
    const [best] = summaries
      .filter(
        ({ row, contender }) =>
          row === holdfast.row && contender.kind === 'peer' && contender.tuning === tuning,
      )
      .toSorted((one, other) => (one.medianGapMs < other.medianGapMs ? -1 : 1));
    return best === undefined ? [] : [{ holdfast, best }];
  });
  const longer = compared.filter(({ holdfast, best }) => holdfast.medianGapMs > best.medianGapMs);
  const words = `gap never longer than the best peer’s, ${tuning}`;
  if (compared.length === 0) return { words, verdict: 'not measured', measured: '', values: 0 };
  const told = longer.map(
    ({ holdfast, best }) =>
      `${holdfast.row}: ${gapWords(holdfast.medianGapMs)} against ${gapWords(best.medianGapMs)} of ${contenderId(best.contender)}${
        holdfast.medianGapMs - best.medianGapMs < FRAME_MS ? ', less than a frame' : ''
      }`,
  );
  return {
    words,
    verdict: longer.length === 0 ? 'met' : 'missed',
    measured: [`${compared.length - longer.length} of ${compared.length} rows`, ...told].join('; '),
    values: compared.length,
  };
}

/** `∞`: the tile did not recover. */
export function gapWords(gapMs: number): string {
  return gapMs === Number.POSITIVE_INFINITY ? '∞' : `${Math.round(gapMs)} ms`;
}

function summarise(
  row: string,
  contender: Contender,
  runs: readonly SuiteRun<PeerFigures>[],
): Omit<ContenderSummary, 'toHoldfast'> {
  const tiles = runs.flatMap(({ figures }) => figures.tiles);
  const gaps = tiles.map(({ gapMs }) => gapMs ?? Number.POSITIVE_INFINITY);
  const waited = runs
    .filter(({ figures }) => figures.returns === 'waited-for')
    .flatMap(({ figures }) => figures.tiles);
  const returned = waited.map(({ returnedMs }) => returnedMs).filter((ms) => ms !== null);
  return {
    row,
    contender,
    runs: runs.length,
    tiles: tiles.length,
    medianGapMs: median(gaps) ?? Number.POSITIVE_INFINITY,
    maxGapMs: quantile(gaps, 1) ?? Number.POSITIVE_INFINITY,
    blankTiles: tiles.filter(({ blankLooks }) => blankLooks > 0).length,
    longestBlankMs: Math.max(0, ...tiles.map(({ blankMs }) => blankMs)),
    neverRecovered: tiles.filter(({ recoveredMs }) => recoveredMs === null).length,
    returned: waited.length === 0 ? null : { tiles: returned.length, medianMs: median(returned) },
    load: loadCell(runs),
  };
}

/** `null` where Holdfast's gap is unknown, 0 or endless. */
function ratioOf(gapMs: number, holdfastMs: number | undefined): number | null {
  if (holdfastMs === undefined || holdfastMs === 0 || holdfastMs === Number.POSITIVE_INFINITY) return null;
  return gapMs / holdfastMs;
}
