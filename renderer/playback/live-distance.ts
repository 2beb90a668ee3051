/** Distance behind the live edge of a stream that declares none, in target durations. */
const TARGETS = 2;
/**
 * Least part of this distance beyond the segment that is being made, s. With segments of a second or less, two target durations
 * would leave too little time between a late segment and a dry buffer to start a cold standby.
 */
const LEAST_CUSHION_S = 1.15;

/** Distance behind the live edge of a stream that declares none, s. */
export function liveDistanceS(targetS: number): number {
  return Math.max(TARGETS * targetS, targetS + LEAST_CUSHION_S);
}
