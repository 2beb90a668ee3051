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
  // What returns with this very proof begins its stable time with it, and has not moved since.
  if (standing.kind === 'validating' && standing === before.standing)
    standing = { ...standing, advancedMs: standing.advancedMs + edge.advancedMs };
  draft.replace({ ...proven, standing, ...offsets(before, standing, edge, draft.nowMs) });
}

/** Where no player could show the stream, another format may be playable: its trial need not be waited for. */
function noteFormat(draft: Draft, streamId: string, format: string): void {
  const stream = draft.find(streamId);
  if (stream === undefined || stream.format === format) return;
  const isAnother = stream.format !== null;
  draft.patch(streamId, { format });
  // The short backoff stays: media whose format goes to and fro would be tried with every look at it.
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

export function accuse(draft: Draft, streamId: string, evidence: Evidence): void {
  // On a thin link media comes late from every site; of a site that is lost its playlist tells (rule 10).
  if (draft.machine === 'thin-link' && evidence.channel !== 'playlist' && isLateness(evidence.cause)) return;
  const sinceMs = Math.max(evidence.sinceMs, draft.clocksFromMs);
  // Of this step's lateness counts what the evidence stood through.
  const lateBeforeMs = draft.lateMs - Math.min(draft.lateNowMs, Math.max(0, draft.nowMs - sinceMs));
  draft.updateStanding(streamId, (standing) =>
    withEvidence(standing, { ...evidence, sinceMs }, lateBeforeMs),
  );
  draft.troubled(streamId);
}

/** The picture on the screen moves, or stopped; what is told of any other player is nothing new. */
export function pictureMoves(draft: Draft, playerId: number): void {
  const { shown } = draft;
  if (shown?.playerId !== playerId) return;
  setShown(draft, { ...shown, stalled: false });
  proveChannel(draft, shown.streamId, 'picture');
}

/** @param sinceMs when a new picture was due */
export function pictureStalls(draft: Draft, playerId: number, sinceMs: number): void {
  const { shown } = draft;
  if (shown?.playerId !== playerId) return;
  setShown(draft, { ...shown, stalled: true });
  accuse(draft, shown.streamId, { channel: 'picture', cause: 'picture-stall', sinceMs });
}

/** Rule 13: soft evidence where the camera's policy says so, else the alarm's affair. */
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

/** What earlier verdicts mean is another matter once the camera's policy has changed. */
export function setPolicies(draft: Draft, policies: SelectorPolicies): void {
  const { onFrozen } = draft.policies;
  draft.policies = policies;
  if (policies.onFrozen === onFrozen || draft.phase.kind === 'suspended') return;
  for (const { id, verdict } of draft.streams)
    if (policies.onFrozen === 'alarm') proveChannel(draft, id, 'content');
    else if (verdict !== null)
      accuse(draft, id, { channel: 'content', cause: verdict, sinceMs: draft.nowMs });
}

/** What has to be proven before a lost stream counts as being on its way back. */
function neededProofs(
  { shown, phase, policies }: Draft,
  { id, standing, verdict }: WatchedStream,
): readonly Channel[] {
  const needed: Channel[] = ['playlist', 'media'];
  // What a player could not show, and a picture that stands still on the screen, do not come back by the stream's being alive.
  const lostByPlayer = standing.kind === 'lost' && standing.foundBy === 'player';
  if (lostByPlayer || (shown?.streamId === id && shown.stalled)) needed.push('picture');
  // Beside a moving picture, a frozen one stays away until it is seen to move; without one it is all there is.
  const searching = phase.kind === 'starting' || phase.kind === 'holding';
  if (verdict !== null && policies.onFrozen === 'change-over' && !searching) needed.push('content');
  return needed;
}
