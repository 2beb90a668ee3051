import type { ChangeCause } from '../../cause.ts';
import { UNDONE_WITHIN_MS, withUndone } from '../damping.ts';
import { finderOf, firstEvidence } from '../standing.ts';
import type { Attempt, Change, Shown } from '../types.ts';
import type { Draft } from './draft.ts';

/** No hot standby starts for this long after a change of picture, ms. */
const HOT_REST_MS = 2000;
/**
 * A player that replaced one that aged is kept for this long at least, ms, and for twice as long as that one was shown: where
 * every player of a stream ages, players must not start without end.
 */
const RENEWAL_REST_MS = 3000;
/** The longest that such a player is kept though it ages, ms. */
const LONGEST_RENEWAL_REST_MS = 60_000;

/**
 * The only place where the picture on the screen changes, and only to a player that presented (rule 6).
 * @param retire the player that is on the screen; `null` while there is none
 * @param heldStreamId whose still is on the screen instead
 * @returns the player that is on the screen now
 */
export function show(
  draft: Draft,
  attempt: Attempt,
  retire: Shown | null,
  change: {
    readonly cause: ChangeCause;
    readonly firstEvidenceAtMs: number | null;
    readonly decidedAtMs: number;
  },
  heldStreamId: string | null = null,
): Shown {
  const from = retire?.streamId ?? heldStreamId;
  const record: Change = { from, to: attempt.streamId, ...change };
  draft.commands.push({
    type: 'show-player',
    playerId: attempt.playerId,
    retire: retire?.playerId ?? null,
    change: record,
  });
  noteFailback(draft, record);
  if (retire !== null && retire.streamId !== attempt.streamId) leave(draft, retire.streamId);
  draft.updateStanding(attempt.streamId, (standing) =>
    standing.kind === 'validating' || standing.kind === 'unknown' ? { kind: 'healthy' } : standing,
  );
  const shown: Shown = {
    playerId: attempt.playerId,
    streamId: attempt.streamId,
    dryAtMs: null,
    low: false,
    precautionFromMs: draft.nowMs,
    hotFromMs: draft.nowMs + HOT_REST_MS,
    stalled: false,
    ageing: attempt.ageing,
    renewFromMs: retire !== null && change.cause === 'renewed' ? renewalFromMs(retire, draft.nowMs) : null,
  };
  draft.phase = { kind: 'showing', shown, hot: null };
  return shown;
}

/** When the player that replaces `retired` may be replaced for its own age, monotonic ms. */
function renewalFromMs(retired: Shown, nowMs: number): number {
  const livedMs = nowMs - (retired.hotFromMs - HOT_REST_MS);
  const isCalm = retired.renewFromMs === null || livedMs > 2 * LONGEST_RENEWAL_REST_MS;
  const restMs = isCalm ? RENEWAL_REST_MS : Math.max(RENEWAL_REST_MS, 2 * livedMs);
  return nowMs + Math.min(LONGEST_RENEWAL_REST_MS, restMs);
}

/** A stream that is left for evidence counts as lost (rule 5); one that is no longer configured is forgotten. */
export function leave(draft: Draft, streamId: string): void {
  const { standing, leaving } = draft.stream(streamId);
  if (leaving) draft.streams = draft.streams.filter(({ id }) => id !== streamId);
  else if (standing.kind === 'suspect') {
    const evidence = firstEvidence(standing.evidence);
    draft.lose(streamId, evidence, finderOf(evidence));
  }
}

/** Rule 9: remembers a failback, and damps a stream that evidence makes the tile leave too soon after one. */
function noteFailback(draft: Draft, { from, to, cause, firstEvidenceAtMs }: Change): void {
  const { failedBack } = draft;
  if (failedBack !== null && failedBack.streamId === from && from !== to) {
    const siteOf = (id: string): string | undefined => draft.find(id)?.siteId;
    const staysAtSite = siteOf(from) === siteOf(to);
    if (firstEvidenceAtMs !== null && firstEvidenceAtMs - failedBack.atMs <= UNDONE_WITHIN_MS)
      // All qualities of a site that is left are damped, or the next failback would take the other quality.
      for (const { id, siteId } of draft.streams)
        if (id === from || (!staysAtSite && siteId === siteOf(from)))
          draft.updateRecord(id, (record) => withUndone(record, failedBack.atMs, draft.nowMs));
    draft.failedBack = staysAtSite ? { ...failedBack, streamId: to } : null;
  }
  const wentBack = cause === 'failback' || cause === 'manual' || cause === 'maintenance';
  if (wentBack && draft.stream(to).standing.kind === 'validating')
    draft.failedBack = { streamId: to, atMs: draft.nowMs };
}
