import { FAULTS, type FaultRow } from './simulated-faults.ts';
import { TILE_STATES, type TileStateName } from './tile-states.ts';

/** Kinds of sites that have a row of their own in the table, for any fault of streams there. */
export const SHAPE_ROWS = ['at a pull-driven site', 'at a lightly watched site'] as const;
export type ShapeRow = (typeof SHAPE_ROWS)[number];

interface Row {
  readonly name: string;
  readonly words: string;
  readonly reaches: (state: TileStateName) => boolean;
}

const ROWS: readonly Row[] = [
  ...FAULTS.map((row) => ({
    name: row.name,
    words: row.row === null ? row.name : `${row.row} ${row.name}`,
    reaches: (state: TileStateName) => unreachable(row, state) === null,
  })),
  ...SHAPE_ROWS.map((name) => ({ name, words: `any ${name}`, reaches: () => true })),
];

/** The state of a tile some seconds after a fault. */
export const OUTCOMES = ['stayed', 'changed over', 'held', 'starting', 'suspended', 'closed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How often each fault hit a tile in each state, with the outcomes. */
export type Coverage = Record<string, Partial<Record<TileStateName, Partial<Record<Outcome, number>>>>>;

/** Why no fault of this row can hit a tile in this state; `null` where it can. */
export function unreachable({ strikes }: FaultRow, state: TileStateName): string | null {
  if (strikes.on !== 'workstation') return null;
  const ofStream = state === 'incoming' || state.startsWith('standby');
  return ofStream ? 'strikes the tile as a whole, none of its streams' : null;
}

export function count(
  coverage: Coverage,
  fault: string,
  state: TileStateName,
  outcome: Outcome,
  times = 1,
): void {
  const row = coverage[fault] ?? {};
  const cell = row[state] ?? {};
  cell[outcome] = (cell[outcome] ?? 0) + times;
  row[state] = cell;
  coverage[fault] = row;
}

export function merge(into: Coverage, from: Coverage): void {
  for (const [fault, row] of Object.entries(from))
    for (const state of TILE_STATES)
      for (const outcome of OUTCOMES) {
        const times = row[state]?.[outcome];
        if (times !== undefined) count(into, fault, state, outcome, times);
      }
}

/** Cells that are reachable and were not reached, as "fault x state". */
export function emptyCells(coverage: Coverage): string[] {
  return ROWS.flatMap(({ name, reaches }) =>
    TILE_STATES.filter((state) => reaches(state) && coverage[name]?.[state] === undefined).map(
      (state) => `${name} x ${state}`,
    ),
  );
}

/**
 * The table, one line per fault and kind of site: the number of hits for each state, with a letter for the most
 * frequent outcome.
 */
export function tableOf(coverage: Coverage): string {
  const letters: Record<Outcome, string> = {
    stayed: 's',
    'changed over': 'c',
    held: 'h',
    starting: 'n',
    suspended: 'z',
    closed: 'x',
  };
  const lines = ROWS.map(({ name, words, reaches }) => [
    words,
    ...TILE_STATES.map((state) => {
      if (!reaches(state)) return '-';
      const cell = coverage[name]?.[state] ?? {};
      const outcomes = OUTCOMES.filter((outcome) => cell[outcome] !== undefined);
      const times = outcomes.reduce((sum, outcome) => sum + (cell[outcome] ?? 0), 0);
      const most = outcomes.sort((a, b) => (cell[b] ?? 0) - (cell[a] ?? 0))[0];
      return most === undefined ? '0' : `${times} ${letters[most]}`;
    }),
  ]);
  const table = [['fault', ...TILE_STATES], ...lines];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  return [
    ...table.map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    ),
    '',
    'Ten seconds later most of these tiles showed the same stream (s), another one (c), held their picture (h), still had none (n), were suspended (z) or closed (x).',
    '-: a fault of the workstation, or an edit, strikes the tile as a whole, none of its streams.',
  ].join('\n');
}
