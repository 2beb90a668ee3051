import { firstEvidence } from '../standing.ts';
import type { Standing, Why, WishCause } from '../types.ts';
import type { Draft } from './draft.ts';

/**
 * The evidence for which a suspect or lost stream is to be left; nothing is decided yet.
 * @throws Error for a stream of any other standing
 */
export function evidenceAgainst(standing: Standing): Extract<Why, { kind: 'evidence' }> {
  if (standing.kind === 'lost')
    return {
      kind: 'evidence',
      cause: standing.cause,
      firstEvidenceAtMs: standing.firstEvidenceAtMs,
      decidedAtMs: null,
    };
  if (standing.kind !== 'suspect') throw new Error(`there is no evidence against a ${standing.kind} stream`);
  const { cause, sinceMs } = firstEvidence(standing.evidence);
  return { kind: 'evidence', cause, firstEvidenceAtMs: sinceMs, decidedAtMs: null };
}

/** A wish is decided on when it arises. */
export function wishFor(draft: Draft, cause: WishCause): Why {
  return { kind: 'wish', cause, decidedAtMs: draft.nowMs };
}
