import { stableTimeMs } from '../damping.ts';
import { isUnused } from '../readings.ts';
import { finderOf, firstEvidence, lostAtMs } from '../standing.ts';
import type { WatchedStream } from '../types.ts';
import { keepsPace, relearnAtMs, type Validating } from '../validation.ts';
import type { Draft } from './draft.ts';

/** What time alone makes of the streams' standings. */
export function age(draft: Draft): void {
  forgetUnused(draft);
  loseAccused(draft);
  endStableTimes(draft);
}

/** What nobody watches any more is not known any more; a lost one is unheard of again when its backoff is over. */
function forgetUnused(draft: Draft): void {
  for (const stream of draft.streams) {
    const { id, standing } = stream;
    if (standing.kind === 'unknown' || !isUnused(draft, stream)) continue;
    if (standing.kind !== 'lost' || draft.nowMs >= standing.retryAtMs)
      draft.patch(id, { standing: { kind: 'unknown' } });
  }
}

/** Evidence that stood for the Reaction Time makes a stream lost (rule 4). */
function loseAccused(draft: Draft): void {
  for (const { id, standing } of draft.streams) {
    if (standing.kind !== 'suspect') continue;
    if (draft.nowMs < lostAtMs(standing, draft.policies.reactionTimeMs, draft.lateMs)) continue;
    const evidence = firstEvidence(standing.evidence);
    draft.lose(id, evidence, finderOf(evidence));
  }
}

/** What ranks below the shown stream needs no leave to return: its stable time only ends. */
function endStableTimes(draft: Draft): void {
  const { shown, policies, nowMs } = draft;
  const shownRank = shown === null ? -1 : draft.rankOf(shown.streamId);
  draft.streams.forEach((stream, rank) => {
    const { standing, record } = stream;
    if (standing.kind !== 'validating') return;
    const stableAtMs = standing.sinceMs + stableTimeMs(policies.failback.stableMs, record);
    if (rank > shownRank && nowMs >= stableAtMs) draft.patch(stream.id, { standing: { kind: 'healthy' } });
    else learnClockStep(draft, stream, standing);
  });
}

/** A site whose clock was set while it was away must not be kept waiting for ever. */
function learnClockStep(draft: Draft, stream: WatchedStream, standing: Validating): void {
  const atMs = relearnAtMs(stream, draft.policies);
  if (atMs === null || draft.nowMs < atMs || !keepsPace(standing, draft.nowMs)) return;
  draft.patch(stream.id, { learnedOffsetMs: stream.edgeOffsetMs });
}
