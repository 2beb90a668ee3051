import { stableTimeMs } from './damping.ts';
import type { SelectorPolicies, Standing, WatchedStream } from './types.ts';

/** The share of real time that a returning live edge has to keep up with. */
const REAL_TIME_PACE = 0.9;
/** How far a live edge may be behind that pace, ms: it moves by whole segments. */
const PACE_SLACK_MS = 5000;
/** Weight of the newest observation in the learned clock offset. */
const OFFSET_WEIGHT = 0.1;
/** An offset is steady while it stays within this, ms: a poll sees a move of the edge early or late. */
const OFFSET_STEADY_MS = 3000;
/**
 * A live edge that is steadily too old for this long after the stable time, ms, belongs to a site whose clock was set while it
 * was away. A playlist alone cannot tell this from old media. The value is that of the longest damped stable time (rule 9).
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
 * Rule 8 but for the stream's frames: the stable time is over, the live edge kept to real-time pace, and it is older than the
 * shown stream's by no more than the allowed lag.
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

/** When the clock offset of a validating stream is learned anew, monotonic ms; `null` while it is not steady. */
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

/** The stream's clock offsets after a playlist. Only a healthy stream changes the learned one. */
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

/** How much further `candidate`'s live edge is behind `shown`'s than while both were healthy, ms; `null` when unknown. */
export function edgeLagMs(candidate: WatchedStream, shown: WatchedStream): number | null {
  const drift = ({ edgeOffsetMs, learnedOffsetMs }: WatchedStream): number | null =>
    edgeOffsetMs === null || learnedOffsetMs === null ? null : learnedOffsetMs - edgeOffsetMs;
  const candidateDrift = drift(candidate);
  const shownDrift = drift(shown);
  return candidateDrift === null || shownDrift === null ? null : candidateDrift - shownDrift;
}
