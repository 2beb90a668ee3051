/** How far behind the live edge a stream plays that names no distance itself, in target durations (field-notes.md). */
const TARGETS = 2;
/**
 * Least of that beyond the segment that is being made, s. With segments of a second or less, two of them would leave
 * too little between a late segment and a dry buffer for a cold standby to start in.
 */
const LEAST_CUSHION_S = 1.15;

/** How far behind the live edge a stream plays that names no distance itself, s. */
export function liveDistanceS(targetS: number): number {
  return Math.max(TARGETS * targetS, targetS + LEAST_CUSHION_S);
}
