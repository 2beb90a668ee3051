import { isLateness } from '../../cause.ts';
import { withEvidence, withProof } from '../standing.ts';
import type { Channel, Evidence, Observation, SelectorPolicies, WatchedStream } from '../types.ts';
import { offsets } from '../validation.ts';
import type { Draft } from './draft.ts';
import { setShown } from './players.ts';

/** Proof of life by a stream's watch. */
export function prove(
  draft: Draft,
  { streamId, channel, edge, format }: Extract<Observation, { type: 'proof' }>,
): void {
  if (format !== undefined) noteFormat(draft, streamId, format);
  const before = draft.find(streamId);
  if (before === undefined) return;
  proveChannel(draft, streamId, channel);
  if (edge === undefined) return;
  const proven = draft.stream(streamId);
  let { standing } = proven;
  // A stream that this very proof brings back begins its stable time now: this move is no part of it.
  if (standing.kind === 'validating' && standing === before.standing)
    standing = { ...standing, advancedMs: standing.advancedMs + edge.advancedMs };
  draft.replace({ ...proven, standing, ...offsets(before, standing, edge, draft.nowMs) });
}

/** Takes down the format. A new one may be playable where the last was not: the stream is tried without further wait. */
function noteFormat(draft: Draft, streamId: string, format: string): void {
  const stream = draft.find(streamId);
  if (stream === undefined || stream.format === format) return;
  const isAnother = stream.format !== null;
  draft.patch(streamId, { format });
  // The short backoff stays in force: a format that changes back and forth would be tried with every check.
  const tryAtMs = Math.max(draft.nowMs, stream.nextTryAtMs);
  if (isAnother && stream.standing.kind === 'lost' && stream.standing.retryAtMs > tryAtMs)
    draft.patch(streamId, { standing: { ...stream.standing, retryAtMs: tryAtMs } });
}

/** Proof of life on one channel, whoever gave it. */
export function proveChannel(draft: Draft, streamId: string, channel: Channel): void {
  const stream = draft.find(streamId);
  if (stream === undefined) return;
  const needed = neededProofs(draft, stream);
  const standing = withProof(stream.standing, channel, needed, draft.nowMs, draft.drawSpread());
  if (standing === stream.standing) return;
  draft.replace({ ...stream, standing });
  // A stream is not quiet while it is lost.
  if (stream.standing.kind === 'lost' && standing.kind !== 'lost') draft.troubled(streamId);
}

/** Evidence against a stream. */
export function accuse(draft: Draft, streamId: string, evidence: Evidence): void {
  // On a thin link media comes late from every site. That a site is lost shows in its playlist (rule 10).
  if (draft.machine === 'thin-link' && evidence.channel !== 'playlist' && isLateness(evidence.cause)) return;
  const sinceMs = Math.max(evidence.sinceMs, draft.clocksFromMs);
  // Of this step's lateness only the part after the evidence began extends the deadline.
  const lateBeforeMs = draft.lateMs - Math.min(draft.lateNowMs, Math.max(0, draft.nowMs - sinceMs));
  draft.updateStanding(streamId, (standing) =>
    withEvidence(standing, { ...evidence, sinceMs }, lateBeforeMs),
  );
  draft.troubled(streamId);
}

/** The picture on the screen moves again. Reports about other players are ignored. */
export function pictureMoves(draft: Draft, playerId: number): void {
  const { shown } = draft;
  if (shown?.playerId !== playerId) return;
  setShown(draft, { ...shown, stalled: false });
  proveChannel(draft, shown.streamId, 'picture');
}

/**
 * The picture on the screen stopped. Reports about other players are ignored.
 * @param sinceMs when a new frame was due
 */
export function pictureStalls(draft: Draft, playerId: number, sinceMs: number): void {
  const { shown } = draft;
  if (shown?.playerId !== playerId) return;
  setShown(draft, { ...shown, stalled: true });
  accuse(draft, shown.streamId, { channel: 'picture', cause: 'picture-stall', sinceMs });
}

/** Rule 13: a verdict is soft evidence where the camera is set to change over; else it is only an alarm. */
export function judgePicture(
  draft: Draft,
  { streamId, verdict, sinceMs }: Extract<Observation, { type: 'picture-verdict' }>,
): void {
  if (draft.find(streamId) === undefined) return;
  draft.patch(streamId, { verdict: verdict === 'moving' ? null : verdict });
  if (verdict === 'moving') proveChannel(draft, streamId, 'content');
  else if (draft.policies.onFrozen === 'change-over')
    accuse(draft, streamId, { channel: 'content', cause: verdict, sinceMs });
}

/** Takes edited policies. When `onFrozen` changes, earlier verdicts become evidence or stop being it. */
export function setPolicies(draft: Draft, policies: SelectorPolicies): void {
  const { onFrozen } = draft.policies;
  draft.policies = policies;
  if (policies.onFrozen === onFrozen || draft.phase.kind === 'suspended') return;
  for (const { id, verdict } of draft.streams)
    if (policies.onFrozen === 'alarm') proveChannel(draft, id, 'content');
    else if (verdict !== null)
      accuse(draft, id, { channel: 'content', cause: verdict, sinceMs: draft.nowMs });
}

/** The channels that need proof before a lost stream is on its way back. */
function neededProofs(
  { shown, phase, policies }: Draft,
  { id, standing, verdict }: WatchedStream,
): readonly Channel[] {
  const needed: Channel[] = ['playlist', 'media'];
  // A stream that a player could not show, or whose picture on the screen has stopped, needs frames as well.
  const lostByPlayer = standing.kind === 'lost' && standing.foundBy === 'player';
  if (lostByPlayer || (shown?.streamId === id && shown.stalled)) needed.push('picture');
  // While another picture moves, a frozen stream stays away until it is seen to move. Without one it is all there is.
  const searching = phase.kind === 'starting' || phase.kind === 'holding';
  if (verdict !== null && policies.onFrozen === 'change-over' && !searching) needed.push('content');
  return needed;
}
