import { CLEAN_RECORD } from '../damping.ts';
import type { PlannedStream, WatchedStream } from '../types.ts';
import { isValidated } from '../validation.ts';
import { attemptsOf } from '../wake.ts';
import type { Draft } from './draft.ts';
import { disposePlayer, dropAttempt } from './players.ts';

/**
 * Gives the tile its streams in another order (rules 2 and 14). A stream that is removed while it is shown ranks last until
 * the tile leaves it.
 * @param planned in order of priority
 */
export function plan(
  draft: Draft,
  planned: readonly PlannedStream[],
  cause: 'quality' | 'priority-changed',
): void {
  const wanted = new Set(planned.map(({ id }) => id));
  for (const attempt of attemptsOf(draft.phase))
    if (!wanted.has(attempt.streamId)) dropAttempt(draft, attempt);
  const leaving = draft.streams.filter(({ id }) => id === draft.shown?.streamId && !wanted.has(id));
  draft.streams = [
    ...planned.map((stream) => ({
      ...(draft.find(stream.id) ?? unknownStream(stream)),
      duty: dutyOf(stream),
      watch: stream.watch ?? ('full' as const),
      leaving: false,
    })),
    ...leaving.map((stream) => ({ ...stream, leaving: true })),
  ];
  if (cause === 'priority-changed') {
    draft.orderCause = cause;
    draft.moveFromMs = draft.nowMs + draft.drawSpread();
    acceptValidated(draft);
  } else if (draft.nowMs >= draft.moveFromMs) draft.orderCause = cause;
  const { phase } = draft;
  if (phase.kind === 'switching' && phase.why.kind !== 'evidence') {
    disposePlayer(draft, phase.incoming.playerId);
    draft.phase = { kind: 'showing', shown: phase.shown, hot: null };
  }
}

/** A stream about which nothing is known yet. */
export function unknownStream(planned: PlannedStream): WatchedStream {
  return {
    id: planned.id,
    siteId: planned.siteId,
    standing: { kind: 'unknown' },
    record: CLEAN_RECORD,
    failedAttempts: 0,
    failedAtMs: 0,
    sinceFailure: 'nothing',
    nextTryAtMs: 0,
    format: null,
    verdict: null,
    edgeOffsetMs: null,
    learnedOffsetMs: null,
    steadyOffset: null,
    duty: dutyOf(planned),
    watch: planned.watch ?? 'full',
    leaving: false,
  };
}

/**
 * An edited order moves tiles to the then best healthy stream whatever Failback says (rule 14). One that is validated
 * already is healthy, though Failback did not let the tile return to it.
 */
function acceptValidated(draft: Draft): void {
  const { shown } = draft;
  if (shown === null) return;
  for (const stream of draft.streams)
    if (isValidated(stream, draft.stream(shown.streamId), draft.policies, draft.nowMs))
      draft.updateStanding(stream.id, () => ({ kind: 'healthy' }));
}

function dutyOf({ maintenance }: PlannedStream): WatchedStream['duty'] {
  return maintenance === true ? 'maintenance' : 'service';
}
