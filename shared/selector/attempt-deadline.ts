import type { EvidenceCause } from '../cause.ts';
import { lateExtensionMs } from './standing.ts';
import type { Attempt, SelectorPolicies } from './types.ts';

/** Shortest time without a byte of progress until the next stream begins beside an attempt (rule 11), ms. */
export const STUCK_MS = 3000;
/** A player that loads but presents nothing for this long has failed, ms. */
const NO_PICTURE_MS = 10_000;

/** `pressing`: the shown stream fails, and the tile waits for this attempt. `patient`: a stuck attempt has twice the time. */
export type Urgency = 'pressing' | 'patient';

/** When an attempt without progress is stuck, so that another one may begin beside it, monotonic ms (rule 11). */
export function stuckAtMs(attempt: Attempt, policies: SelectorPolicies, lateMs: number): number {
  return attempt.progressAtMs + stuckMs(policies) + lateExtensionMs(attempt, lateMs);
}

/** Why an attempt has failed by now; `null` while it has not, or has presented. */
export function attemptFailure(
  attempt: Attempt,
  urgency: Urgency,
  policies: SelectorPolicies,
  lateMs: number,
  nowMs: number,
): EvidenceCause | null {
  if (attempt.presentedAtMs !== null) return null;
  const patienceMs = urgency === 'pressing' ? 0 : stuckMs(policies);
  if (nowMs >= stuckAtMs(attempt, policies, lateMs) + patienceMs) return 'timeout';
  return nowMs >= noPictureAtMs(attempt, lateMs) ? 'no-picture' : null;
}

/** All moments at which time alone may make an attempt stuck or failed, monotonic ms. */
export function attemptDeadlines(attempt: Attempt, policies: SelectorPolicies, lateMs: number): number[] {
  const stuckAt = stuckAtMs(attempt, policies, lateMs);
  return [stuckAt, stuckAt + stuckMs(policies), noPictureAtMs(attempt, lateMs)];
}

function noPictureAtMs(attempt: Attempt, lateMs: number): number {
  return attempt.startedAtMs + NO_PICTURE_MS + lateExtensionMs(attempt, lateMs);
}

function stuckMs({ reactionTimeMs }: SelectorPolicies): number {
  return Math.max(reactionTimeMs, STUCK_MS);
}
