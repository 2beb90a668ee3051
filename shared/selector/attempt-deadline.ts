import type { EvidenceCause } from '../cause.ts';
import { lateExtensionMs } from './standing.ts';
import type { Attempt, SelectorPolicies } from './types.ts';

/** Least time without a byte of progress until a start is helped by the next stream (rule 11), ms. */
export const STUCK_MS = 3000;
/** A player that loads but presents nothing for this long has failed, ms. */
const NO_PICTURE_MS = 10_000;

/** Nothing presses in a race, where another attempt helps a stuck one, nor under a mere wish. */
export type Urgency = 'pressing' | 'patient';

/** When an attempt that makes no progress is helped by another one, monotonic ms (rule 11). */
export function stuckAtMs(attempt: Attempt, policies: SelectorPolicies, lateMs: number): number {
  return attempt.progressAtMs + stuckMs(policies) + lateExtensionMs(attempt, lateMs);
}

/** Why an attempt has come to nothing by now; `null` while it has not, or has presented. */
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

/** All moments at which the clock alone may end or help an attempt, monotonic ms. */
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
