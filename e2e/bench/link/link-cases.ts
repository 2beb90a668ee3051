/** Number of tiles of a wall. Main quality is 640x360, sub quality is 320x180. */
export const LINK_TILES = 4;

/** Rate that the main streams of such a wall need, with what the network adds, kbit/s (1000 bits). */
export const NEEDED_KBIT_PER_S = 1040;

/** Shares of {@link NEEDED_KBIT_PER_S} that a thin link carries for both sites together. */
const CARRIED = [0.6, 1, 1.5] as const;
/** Probabilities that a piece of an answer is lost, with a delay of 150 ± 100 ms. */
const LOST = [0.01, 0.03] as const;

export type LinkCase =
  | { readonly kind: 'thin'; readonly carried: (typeof CARRIED)[number] }
  | { readonly kind: 'loss'; readonly lost: (typeof LOST)[number] };

export const LINK_CASES: readonly LinkCase[] = [
  ...LOST.map((lost) => ({ kind: 'loss', lost }) as const),
  ...CARRIED.map((carried) => ({ kind: 'thin', carried }) as const),
];

/** How long a wall is watched, ms. `quick` ends before main streams are tried again, `full` has several of these tries. */
export const LINK_MS = { quick: 45_000, full: 10 * 60_000 } as const;

export function linkCaseId(what: LinkCase): string {
  const share = what.kind === 'thin' ? what.carried : what.lost;
  return `${what.kind}/${Math.round(100 * share)}%`;
}
