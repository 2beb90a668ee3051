import { type Look, siteOfMark } from '../../support/screen-sampler.ts';

/** Mean luma below which a picture is blank, 0 to 255. The clips are far above it. */
const LEAST_LUMA = 10;
/** Standard deviation of the luma below which a picture is blank, 0 to 255. The clips are far above it. */
const LEAST_CONTRAST = 5;
/** A picture that is the same for longer than this is frozen, ms. At 15 fps, most looks see a new picture. */
const STANDSTILL_MS = 500;

export type Side = NonNullable<ReturnType<typeof siteOfMark>>;

export function isBlank({ missing, luma, contrast }: Look): boolean {
  return missing || luma < LEAST_LUMA || contrast < LEAST_CONTRAST;
}

/**
 * When the picture came from `side` to stay: the first look with a new picture from which on all looks show that side, and
 * the picture moves. `null` where the last look does not show that side, or where this has lasted less than `lastingMs`.
 * @param looks of one tile, in their order
 * @returns ms on the looks' clock
 */
export function steadyFromMs(looks: readonly Look[], side: Side, lastingMs: number): number | null {
  const lastMs = looks.at(-1)?.atMs;
  if (lastMs === undefined) return null;
  let fromMs: number | null = null;
  let freshMs = lastMs;
  for (const look of looks.toReversed()) {
    if (isBlank(look) || siteOfMark(look.mark) !== side) break;
    if (look.fresh) freshMs = look.atMs;
    if (freshMs - look.atMs > STANDSTILL_MS) break;
    // A picture that is frozen until the first new one is not recovered yet.
    if (look.fresh) fromMs = look.atMs;
  }
  return fromMs !== null && lastMs - fromMs >= lastingMs ? fromMs : null;
}

/** Number of blank looks, and the longest blank time, ms. A blank time lasts from the look before it to the look after it. */
export function blanksOf(looks: readonly Look[]): { readonly looks: number; readonly longestMs: number } {
  let count = 0;
  let longestMs = 0;
  let sinceMs: number | null = null;
  let beforeMs: number | null = null;
  for (const look of looks) {
    if (isBlank(look)) {
      count += 1;
      sinceMs ??= beforeMs ?? look.atMs;
    }
    if (sinceMs !== null) longestMs = Math.max(longestMs, look.atMs - sinceMs);
    if (!isBlank(look)) sinceMs = null;
    beforeMs = look.atMs;
  }
  return { looks: count, longestMs };
}
