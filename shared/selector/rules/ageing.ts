import { stableTimeMs } from '../damping.ts';
import { isUnused } from '../readings.ts';
import { finderOf, firstEvidence, lostAtMs } from '../standing.ts';
import type { WatchedStream } from '../types.ts';
import { keepsPace, relearnAtMs, type Validating } from '../validation.ts';
import type { Draft } from './draft.ts';

/** Changes the streams' standings as time alone does. */
export function age(draft: Draft): void {
  forgetUnused(draft);
  loseAccused(draft);
  endStableTimes(draft);
}

/** A stream that is not watched any more becomes unknown; a lost one does so when its backoff is over. */
function forgetUnused(draft: Draft): void {
  for (const stream of draft.streams) {
    const { id, standing } = stream;
    if (standing.kind === 'unknown' || !isUnused(draft, stream)) continue;
    if (standing.kind !== 'lost' || draft.nowMs >= standing.retryAtMs)
      draft.patch(id, { standing: { kind: 'unknown' } });
  }
}

/** A stream is lost once its evidence has lasted for the Reaction Time (rule 4). */
function loseAccused(draft: Draft): void {
  for (const { id, standing } of draft.streams) {
    if (standing.kind !== 'suspect') continue;
    if (draft.nowMs < lostAtMs(standing, draft.policies.reactionTimeMs, draft.lateMs)) continue;
    const evidence = firstEvidence(standing.evidence);
    draft.lose(id, evidence, finderOf(evidence));
  }
}

/** A validating stream that ranks below the shown one is healthy when its stable time is over: no failback depends on it. */
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
