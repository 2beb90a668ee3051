export type Move = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';

const MOVES: Readonly<Record<string, Move>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

export function moveOfKey(key: string): Move | null {
  return Object.hasOwn(MOVES, key) ? (MOVES[key] ?? null) : null;
}

/** The shape of a grid: which of its cells, row by row, contain a camera. */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
  readonly occupied: readonly boolean[];
}

/**
 * The tile, counted from 1, that a move leads to: in a straight line over empty cells, never around the edge. The tile itself
 * when nothing lies in that direction; `null` only in a grid without cameras.
 */
export function moveSelection(cells: Cells, from: number | null, move: Move): number | null {
  const tiles = cells.occupied.flatMap((occupied, index) => (occupied ? [index + 1] : []));
  if (from === null || move === 'first') return tiles[0] ?? null;
  if (move === 'last') return tiles.at(-1) ?? null;
  const [acrossStep, downStep] = STEPS[move];
  let column = (from - 1) % cells.columns;
  let row = Math.floor((from - 1) / cells.columns);
  for (;;) {
    column += acrossStep;
    row += downStep;
    if (column < 0 || column >= cells.columns || row < 0 || row >= cells.rows) return from;
    const index = row * cells.columns + column;
    if (cells.occupied[index] === true) return index + 1;
  }
}

const STEPS = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] } as const;
