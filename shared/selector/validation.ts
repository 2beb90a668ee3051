import { stableTimeMs } from './damping.ts';
import type { SelectorPolicies, Standing, WatchedStream } from './types.ts';

/** Share of real time that a returning live edge must keep up with, and the ms it may lag by its segments. */
const REAL_TIME_PACE = 0.9;
const PACE_SLACK_MS = 5000;
/** Weight of the newest observation in the learned clock offset. */
const OFFSET_WEIGHT = 0.1;
/** An offset that keeps within this is steady: polls meet a moving edge early and late, ms. */
const OFFSET_STEADY_MS = 3000;
/**
 * A live edge that is older than it used to be, steadily for this long after the stable time, is one of a site whose
 * clock was set while it was away, ms. By the playlist that cannot be told from old media; the longest damped stable
 * time (rule 9) is the longest that a stream without evidence against it is kept waiting.
 */
export const CLOCK_STEP_MS = 10 * 60_000;

export type Validating = Extract<Standing, { kind: 'validating' }>;

/** When the stable time and the stream's share of the spread are over, monotonic ms. */
export function validatedAtMs(
  { record }: WatchedStream,
  standing: Validating,
  { failback, spreadMs }: SelectorPolicies,
): number {
  return standing.sinceMs + stableTimeMs(failback.stableMs, record) + Math.min(standing.spreadMs, spreadMs);
}

/**
 * Rule 8, as far as it is known before the stream's frames: the stable time at real-time pace, with a live edge that is
 * no older than the shown stream's by more than the allowed lag.
 */
export function isValidated(
  stream: WatchedStream,
  shown: WatchedStream,
  policies: SelectorPolicies,
  nowMs: number,
): boolean {
  const { standing } = stream;
  if (standing.kind !== 'validating' || nowMs < validatedAtMs(stream, standing, policies)) return false;
  if (!keepsPace(standing, nowMs)) return false;
  const lagMs = edgeLagMs(stream, shown);
  return lagMs === null || lagMs <= policies.failback.allowedLagMs;
}

/** When the offset of a stream that is held back for its age is learned anew; `null` while it is not steady. */
export function relearnAtMs(stream: WatchedStream, policies: SelectorPolicies): number | null {
  const { standing, steadyOffset } = stream;
  if (standing.kind !== 'validating' || steadyOffset === null) return null;
  return Math.max(validatedAtMs(stream, standing, policies), steadyOffset.sinceMs) + CLOCK_STEP_MS;
}

export function keepsPace({ advancedMs, sinceMs }: Validating, nowMs: number): boolean {
  return advancedMs >= (nowMs - sinceMs) * REAL_TIME_PACE - PACE_SLACK_MS;
}

/** Whether an automatic failback may happen at this local hour; not before the hour is known. */
export function withinHours(hours: { from: number; to: number } | undefined, hour: number | null): boolean {
  if (hours === undefined) return true;
  if (hour === null) return false;
  return hours.from <= hours.to
    ? hour >= hours.from && hour < hours.to
    : hour >= hours.from || hour < hours.to;
}

/** The stream's clock offsets after a playlist. Only what is healthy teaches. */
export function offsets(
  stream: WatchedStream,
  standing: Standing,
  edge: { programDateTimeMs: number | null } | undefined,
  nowMs: number,
): Pick<WatchedStream, 'edgeOffsetMs' | 'learnedOffsetMs' | 'steadyOffset'> {
  const { edgeOffsetMs, learnedOffsetMs, steadyOffset } = stream;
  if (edge === undefined) return { edgeOffsetMs, learnedOffsetMs, steadyOffset };
  if (edge.programDateTimeMs === null)
    return { edgeOffsetMs: null, learnedOffsetMs: null, steadyOffset: null };
  const offsetMs = edge.programDateTimeMs - nowMs;
  return {
    edgeOffsetMs: offsetMs,
    learnedOffsetMs:
      standing.kind !== 'healthy'
        ? learnedOffsetMs
        : learnedOffsetMs === null
          ? offsetMs
          : learnedOffsetMs + OFFSET_WEIGHT * (offsetMs - learnedOffsetMs),
    steadyOffset:
      steadyOffset !== null && Math.abs(steadyOffset.offsetMs - offsetMs) <= OFFSET_STEADY_MS
        ? steadyOffset
        : { offsetMs, sinceMs: nowMs },
  };
}

/** By how much more than it used to `candidate`'s live edge trails `shown`'s, ms; `null` when unknown. */
export function edgeLagMs(candidate: WatchedStream, shown: WatchedStream): number | null {
  const drift = ({ edgeOffsetMs, learnedOffsetMs }: WatchedStream): number | null =>
    edgeOffsetMs === null || learnedOffsetMs === null ? null : learnedOffsetMs - edgeOffsetMs;
  const candidateDrift = drift(candidate);
  const shownDrift = drift(shown);
  return candidateDrift === null || shownDrift === null ? null : candidateDrift - shownDrift;
}
