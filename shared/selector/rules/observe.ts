import { type EvidenceCause, isUnusable } from '../../cause.ts';
import type { Observation } from '../types.ts';
import type { Draft } from './draft.ts';
import {
  accuse,
  judgePicture,
  pictureMoves,
  pictureStalls,
  prove,
  proveChannel,
  setPolicies,
} from './evidence.ts';
import { resume, settleOnThinLink, suspend } from './local-fault.ts';
import { plan } from './plan.ts';
import { failAttempt, findAttempt, isUnpressed, setShown, updateAttempt } from './players.ts';
import { playerAges } from './renewal.ts';
import { returnToPreferred } from './showing.ts';

/** Takes down what was observed. The decisions follow afterwards, except those of the operator. */
export function observe(draft: Draft, observation: Observation): void {
  switch (observation.type) {
    case 'tick':
      draft.localHour = observation.localHour;
      return;
    case 'policies':
      setPolicies(draft, observation.policies);
      return;
    case 'hot-allowance':
      draft.hotStandby = observation.allowed ? 'granted' : 'withheld';
      return;
    case 'machine':
      draft.machine = observation.machine;
      if (draft.machine === 'thin-link') settleOnThinLink(draft);
      return;
    case 'plan':
      plan(draft, observation.streams, observation.cause);
      return;
    case 'suspend':
      suspend(draft);
      return;
    case 'resume':
      resume(draft);
      return;
    // It comes once for each player, and is true during a local fault as well.
    case 'player-ageing':
      playerAges(draft, observation.playerId);
      return;
  }
  // What is observed during a local fault says something about this machine, not about a site.
  if (draft.phase.kind === 'suspended') return;
  switch (observation.type) {
    case 'proof':
      prove(draft, observation);
      return;
    case 'evidence':
      takeEvidence(draft, observation);
      return;
    case 'progress':
      updateAttempt(draft, observation.playerId, (attempt) => ({ ...attempt, progressAtMs: draft.nowMs }));
      return;
    case 'waiting':
      waiting(draft, observation.playerId);
      return;
    case 'presented':
      presented(draft, observation.playerId);
      return;
    case 'picture-moves':
      pictureMoves(draft, observation.playerId);
      return;
    case 'picture-stalls':
      pictureStalls(draft, observation.playerId, observation.sinceMs);
      return;
    case 'picture-verdict':
      judgePicture(draft, observation);
      return;
    case 'player-failed':
      playerFailed(draft, observation.playerId, observation.cause);
      return;
    case 'buffer':
      readBuffer(draft, observation);
      return;
    case 'return':
      returnToPreferred(draft);
      return;
  }
}

function takeEvidence(
  draft: Draft,
  { streamId, evidence, playerId }: Extract<Observation, { type: 'evidence' }>,
): void {
  const attempt = playerId === undefined ? undefined : findAttempt(draft, playerId);
  // The watch may find nothing wrong with this media: then only the player has failed.
  if (attempt !== undefined && isUnpressed(draft, attempt) && isUnusable(evidence.cause))
    failAttempt(draft, attempt, evidence.cause);
  else accuse(draft, streamId, evidence);
}

/** The clocks of a player start when it has begun. */
function waiting(draft: Draft, playerId: number): void {
  const attempt = findAttempt(draft, playerId);
  if (attempt === undefined) return;
  const { phase, nowMs } = draft;
  if (phase.kind === 'starting' && phase.triedFromMs === attempt.startedAtMs)
    draft.phase = { ...phase, triedFromMs: nowMs };
  updateAttempt(draft, playerId, (found) => ({ ...found, startedAtMs: nowMs, progressAtMs: nowMs }));
}

function presented(draft: Draft, playerId: number): void {
  const attempt = findAttempt(draft, playerId);
  if (attempt === undefined) return;
  updateAttempt(draft, playerId, (found) => ({
    ...found,
    progressAtMs: draft.nowMs,
    presentedAtMs: found.presentedAtMs ?? draft.nowMs,
  }));
  // Frames came out of media that was fetched.
  for (const channel of ['media', 'picture'] as const) proveChannel(draft, attempt.streamId, channel);
  draft.patch(attempt.streamId, { sinceFailure: 'presented' });
}

function playerFailed(draft: Draft, playerId: number, cause: EvidenceCause): void {
  const attempt = findAttempt(draft, playerId);
  const { shown } = draft;
  if (attempt !== undefined) failAttempt(draft, attempt, cause);
  else if (shown?.playerId === playerId)
    accuse(draft, shown.streamId, { channel: 'picture', cause, sinceMs: draft.nowMs });
}

function readBuffer(
  draft: Draft,
  { playerId, aheadMs, low }: Extract<Observation, { type: 'buffer' }>,
): void {
  if (draft.shown?.playerId !== playerId) return;
  const { streamId, precautionFromMs, hotFromMs, stalled, ageing, renewFromMs } = draft.shown;
  const dryAtMs = draft.nowMs + aheadMs;
  // Most steps of a tile are this one, and an object spread takes ten times as long.
  setShown(draft, {
    playerId,
    streamId,
    dryAtMs,
    low,
    precautionFromMs,
    hotFromMs,
    stalled,
    ageing,
    renewFromMs,
  });
}
