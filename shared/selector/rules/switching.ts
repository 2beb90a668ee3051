import { betterThan } from '../readings.ts';
import { cleared, hasHardEvidence, isAlive, lostAtMs } from '../standing.ts';
import type { Phase, Shown, Standing, Why } from '../types.ts';
import { show } from './change.ts';
import { bestStandby } from './choice.ts';
import type { Draft } from './draft.ts';
import { callOff } from './hot-standby.ts';
import { disposePlayer, dropAttempt, failAttempt, failureOf, giveUpAttempt, startPlayer } from './players.ts';
import { evidenceAgainst } from './why.ts';

/** A precaution that was called off is not taken again for this long, ms. */
const PRECAUTION_REST_MS = 5000;

type Switching = Extract<Phase, { kind: 'switching' }>;

/** Begins to change to a stream, beside the shown one (rule 6). */
export function switchTo(draft: Draft, shown: Shown, streamId: string, why: Why): void {
  const hot = draft.phase.kind === 'showing' ? draft.phase.hot : null;
  // Two players at most (rule 15): the incoming one comes before a hot standby, unless it is that standby.
  if (hot !== null && hot.streamId !== streamId) disposePlayer(draft, hot.playerId);
  const incoming =
    hot?.streamId === streamId ? hot : startPlayer(draft, streamId, shown.stalled ? null : shown.playerId);
  draft.phase = { kind: 'switching', shown, incoming, why };
}

/** @returns whether anything was decided, so that the rules have to be run again */
export function whileSwitching(draft: Draft, phase: Switching): boolean {
  return endVainSwitch(draft, phase) || followReason(draft, phase);
}

/** Ends an incoming player that failed, or whose stream has evidence against it. @returns whether it was ended */
function endVainSwitch(draft: Draft, { shown, incoming, why }: Switching): boolean {
  const failed = failureOf(draft, incoming);
  if (failed !== null) {
    failAttempt(draft, incoming, failed);
    return true;
  }
  const against = draft.stream(incoming.streamId).standing;
  const giveUp = why.kind === 'evidence' ? dropAttempt : giveUpAttempt;
  const renews = incoming.streamId === shown.streamId;
  if (against.kind === 'lost') {
    giveUp(draft, incoming);
    return true;
  }
  if (against.kind !== 'suspect') return false;
  // An incoming stream with evidence against it is worth waiting for only while no other is better.
  const { standing } = draft.stream(shown.streamId);
  const failing = isFailing(standing);
  const other = failing ? bestStandby(draft, shown.streamId, incoming.streamId) : null;
  const isBetter = other !== null && (renews || isAlive(draft.stream(other).standing));
  const replace = isBetter && incoming.presentedAtMs === null;
  if (failing && !replace) return false;
  giveUp(draft, incoming);
  return true;
}

/** Goes on with a change, or calls it off, by the reason that it has now. */
function followReason(draft: Draft, phase: Switching): boolean {
  const { shown, incoming, why } = phase;
  const { standing } = draft.stream(shown.streamId);
  // Another player of the failing stream itself is no answer to that evidence.
  if (isFailing(standing) && why.kind !== 'evidence' && incoming.streamId !== shown.streamId) {
    draft.phase = { ...phase, why: evidenceAgainst(standing) };
    return true;
  }
  switch (why.kind) {
    case 'precaution':
      if (shown.low) return false;
      callOff(draft, { ...shown, precautionFromMs: draft.nowMs + PRECAUTION_REST_MS }, incoming);
      return true;
    case 'wish':
      if (incoming.presentedAtMs === null) return false;
      show(draft, incoming, shown, {
        cause: why.cause,
        firstEvidenceAtMs: null,
        decidedAtMs: why.decidedAtMs,
      });
      return true;
    case 'evidence':
      return followEvidence(draft, phase, why);
  }
}

function followEvidence(draft: Draft, phase: Switching, why: Extract<Why, { kind: 'evidence' }>): boolean {
  const { shown, incoming } = phase;
  const { standing } = draft.stream(shown.streamId);
  if (!isFailing(standing)) {
    // Proof of life came in time.
    callOff(draft, shown, incoming);
    return true;
  }
  if (!mustLeave(draft, shown, standing)) {
    if (why.decidedAtMs !== null) draft.phase = { ...phase, why: { ...why, decidedAtMs: null } };
    return false;
  }
  const decidedAtMs = why.decidedAtMs ?? draft.nowMs;
  if (incoming.presentedAtMs === null) {
    if (why.decidedAtMs === null) draft.phase = { ...phase, why: { ...why, decidedAtMs } };
    return false;
  }
  const { cause, firstEvidenceAtMs } = evidenceAgainst(standing);
  show(draft, incoming, shown, { cause, firstEvidenceAtMs, decidedAtMs });
  validatePassedOver(draft, incoming.streamId);
  return true;
}

/**
 * Whether the shown stream has to be left (rules 4 and 5): it is lost, or its picture would run dry before Reaction Time is over.
 * On a starved machine or a thin link every picture would, and a change would help none of them: there soft evidence has to last
 * for the whole Reaction Time (rule 10).
 */
function mustLeave({ policies, machine, lateMs }: Draft, shown: Shown, standing: Standing): boolean {
  if (standing.kind === 'lost') return true;
  if (standing.kind !== 'suspect' || !policies.bridgeAtOnce) return false;
  if (machine !== 'free' && !hasHardEvidence(standing)) return false;
  if (shown.stalled) return true;
  return shown.dryAtMs !== null && shown.dryAtMs < lostAtMs(standing, policies.reactionTimeMs, lateMs);
}

/** A better stream that a failover did not take, because it was suspect or its site was blamed, has to be validated (rule 8). */
function validatePassedOver(draft: Draft, shownId: string): void {
  for (const { id, standing } of betterThan(draft.streams, shownId)) {
    if (standing.kind === 'healthy')
      draft.updateStanding(id, () => cleared('validating', draft.nowMs, draft.drawSpread()));
    if (standing.kind === 'suspect' && standing.before === 'healthy')
      draft.updateStanding(id, () => ({ ...standing, before: 'validating' }));
  }
}

function isFailing({ kind }: Standing): boolean {
  return kind === 'suspect' || kind === 'lost';
}
