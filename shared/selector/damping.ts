import type { TroubleRecord } from './types.ts';

/** A failback that is undone within this time doubles the stream's stable time (rule 9), ms. */
export const UNDONE_WITHIN_MS = 5 * 60_000;
/** So long without evidence clears a stream's record (rule 9), ms. */
export const QUIET_MS = 30 * 60_000;
/** Least and longest damped stable time (rule 9), ms. */
const LEAST_DAMPED_MS = 10_000;
const LONGEST_DAMPED_MS = 10 * 60_000;
/** More doublings than lead from {@link LEAST_DAMPED_MS} to {@link LONGEST_DAMPED_MS} change nothing. */
const MOST_DOUBLINGS = 8;
/** Losses without a quiet time between them that make a stream a flapping one. */
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

/** Evidence against the stream now. @param clocksFromMs time before it was not observed and is not quiet (rule 10) */
export function withTrouble(record: TroubleRecord, nowMs: number, clocksFromMs: number): TroubleRecord {
  const kept = isQuiet(record, nowMs, clocksFromMs) ? CLEAN_RECORD : record;
  return { ...kept, lastAtMs: nowMs };
}

export function withLoss(record: TroubleRecord, nowMs: number, clocksFromMs: number): TroubleRecord {
  const troubled = withTrouble(record, nowMs, clocksFromMs);
  return { ...troubled, losses: Math.min(FLAPPING_LOSSES, troubled.losses + 1) };
}

/** A failback to the stream was undone; once for each failback, whatever else is left with it. */
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
 * The first of the candidates, which are equally alive and in order of priority. Between flapping streams it is the one
 * with the longer clean record (rule 9); a steady stream keeps its place before that one.
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
