import { type Look, siteOfMark } from '../../support/screen-sampler.ts';

/** Below these a picture is blank: the clips are far from both, luma and its standard deviation, 0 to 255. */
const LEAST_LUMA = 10;
const LEAST_CONTRAST = 5;
/** A picture that is the same for longer stands still; at 15 fps each look but every few sees another one. Milliseconds. */
const STANDSTILL_MS = 500;

export type Side = NonNullable<ReturnType<typeof siteOfMark>>;

export function isBlank({ missing, luma, contrast }: Look): boolean {
  return missing || luma < LEAST_LUMA || contrast < LEAST_CONTRAST;
}

/**
 * When the picture came from `side` for good: the first look from which on all up to the last one show that
 * side's, and it moves. `null` where the last one does not, or that has not lasted `lastingMs`.
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
    // What stood still before its first new picture is not yet the recovered one.
    if (look.fresh) fromMs = look.atMs;
  }
  return fromMs !== null && lastMs - fromMs >= lastingMs ? fromMs : null;
}

/** How often and for how long at a stretch the picture was blank; a stretch goes from the look before to the one after. */
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
