import type { TroubleRecord } from './types.ts';

/** A failback that is undone within this time doubles the stream's stable time (rule 9), ms. */
export const UNDONE_WITHIN_MS = 5 * 60_000;
/** This long without evidence clears a stream's record (rule 9), ms. */
export const QUIET_MS = 30 * 60_000;
/** Shortest damped stable time (rule 9), ms. */
const LEAST_DAMPED_MS = 10_000;
/** Longest damped stable time (rule 9), ms. */
const LONGEST_DAMPED_MS = 10 * 60_000;
/** More doublings than lead from {@link LEAST_DAMPED_MS} to {@link LONGEST_DAMPED_MS} change nothing. */
const MOST_DOUBLINGS = 8;
/** From this many losses without a quiet time between them a stream flaps. */
const FLAPPING_LOSSES = 2;

export const CLEAN_RECORD: TroubleRecord = { lastAtMs: null, losses: 0, undone: 0, undoneAtMs: null };

/**
 * The stable time that a stream has to keep before an automatic failback, ms. Damping never shortens what is configured.
 * @param stableMs as configured
 */
export function stableTimeMs(stableMs: number, { undone }: TroubleRecord): number {
  let dampedMs = stableMs;
  for (let count = 0; count < undone; count += 1) dampedMs = Math.max(LEAST_DAMPED_MS, 2 * dampedMs);
  return Math.max(stableMs, Math.min(LONGEST_DAMPED_MS, dampedMs));
}

/**
 * The record after evidence at `nowMs`.
 * @param clocksFromMs time before this was not observed, and does not count as quiet (rule 10)
 */
export function withTrouble(record: TroubleRecord, nowMs: number, clocksFromMs: number): TroubleRecord {
  const kept = isQuiet(record, nowMs, clocksFromMs) ? CLEAN_RECORD : record;
  return { ...kept, lastAtMs: nowMs };
}

export function withLoss(record: TroubleRecord, nowMs: number, clocksFromMs: number): TroubleRecord {
  const troubled = withTrouble(record, nowMs, clocksFromMs);
  return { ...troubled, losses: Math.min(FLAPPING_LOSSES, troubled.losses + 1) };
}

/** The record after a failback to the stream was undone. Counts once for each failback, however many streams are left with it. */
export function withUndone(record: TroubleRecord, failedBackAtMs: number, nowMs: number): TroubleRecord {
  if (record.undoneAtMs !== null && record.undoneAtMs >= failedBackAtMs) return record;
  return {
    ...record,
    lastAtMs: nowMs,
    undone: Math.min(MOST_DOUBLINGS, record.undone + 1),
    undoneAtMs: nowMs,
  };
}

/** Lost again and again, with no quiet time since. */
export function isFlapping(record: TroubleRecord, nowMs: number, clocksFromMs: number): boolean {
  return record.losses >= FLAPPING_LOSSES && !isQuiet(record, nowMs, clocksFromMs);
}

/**
 * Chooses among candidates that are equally alive, in order of priority: the first one, unless it flaps. Of those that flap only
 * the one with the longest clean record counts. A steady stream that ranks above that one is taken (rule 9).
 */
export function steadiest<T extends { readonly record: TroubleRecord }>(
  candidates: readonly T[],
  nowMs: number,
  clocksFromMs: number,
): T | undefined {
  const flaps = ({ record }: T): boolean => isFlapping(record, nowMs, clocksFromMs);
  const [first] = candidates;
  if (first === undefined || !flaps(first)) return first;
  const [cleanest] = candidates
    .filter(flaps)
    .sort((a, b) => (a.record.lastAtMs ?? 0) - (b.record.lastAtMs ?? 0));
  return candidates.find((candidate) => !flaps(candidate) || candidate === cleanest);
}

function isQuiet({ lastAtMs }: TroubleRecord, nowMs: number, clocksFromMs: number): boolean {
  return lastAtMs === null || nowMs - Math.max(lastAtMs, clocksFromMs) >= QUIET_MS;
}
