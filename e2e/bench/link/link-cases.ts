/** Tiles of a wall: 640x360 each as main stream, 320x180 as sub-stream. */
export const LINK_TILES = 4;

/** What the main streams of such a wall take, with what the network adds, kbit/s (1000 bits). */
export const NEEDED_KBIT_PER_S = 1040;

/** Shares of that which a thin link carries, both sites together. */
const CARRIED = [0.6, 1, 1.5] as const;
/** Chances that a piece of an answer is lost, at 150 ± 100 ms. */
const LOST = [0.01, 0.03] as const;

export type LinkCase =
  | { readonly kind: 'thin'; readonly carried: (typeof CARRIED)[number] }
  | { readonly kind: 'loss'; readonly lost: (typeof LOST)[number] };

export const LINK_CASES: readonly LinkCase[] = [
  ...LOST.map((lost) => ({ kind: 'loss', lost }) as const),
  ...CARRIED.map((carried) => ({ kind: 'thin', carried }) as const),
];

/** How long a wall is watched, ms: less than the time after which main streams are tried again, and some of those tries. */
export const LINK_MS = { quick: 45_000, full: 10 * 60_000 } as const;

export function linkCaseId(what: LinkCase): string {
  const share = what.kind === 'thin' ? what.carried : what.lost;
  return `${what.kind}/${Math.round(100 * share)}%`;
}
