import { stuckAtMs } from '../attempt-deadline.ts';
import { cannotBeShown, hasHardEvidence, isAlive, owesPicture, recentFailures } from '../standing.ts';
import type { Attempt, Phase, WatchedStream } from '../types.ts';
import { leave, show } from './change.ts';
import type { Draft } from './draft.ts';
import { disposePlayer, dropAttempt, failAttempt, failureOf, MAX_PLAYERS, startPlayer } from './players.ts';
import { wishFor } from './why.ts';

type Holding = Extract<Phase, { kind: 'holding' }>;
type Searching = Holding | Extract<Phase, { kind: 'starting' }>;

/** @returns whether anything was decided, so that the rules have to be run again */
export function whileHolding(draft: Draft, phase: Holding): boolean {
  const { shown } = phase;
  if (shown !== null && !shown.stalled && isAlive(draft.stream(shown.streamId).standing)) {
    for (const attempt of phase.attempts) disposePlayer(draft, attempt.playerId);
    draft.phase = { kind: 'showing', shown, hot: null };
    return true;
  }
  if (shown?.stalled) {
    draft.commands.push({ type: 'hold-picture', playerId: shown.playerId });
    draft.phase = { ...phase, shown: null };
    leave(draft, shown.streamId);
    return true;
  }
  return search(draft, phase);
}

/**
 * Rule 11: the start, and the search after holding. The first to present is shown.
 * @returns whether anything was decided, so that the rules have to be run again
 */
export function search(draft: Draft, phase: Searching): boolean {
  const { attempts } = phase;
  // An attempt is shown in the very step in which it presents, so there is at most one.
  const first = attempts.find(({ presentedAtMs }) => presentedAtMs !== null);
  if (first !== undefined) {
    showFirst(draft, phase, first);
    return true;
  }
  if (endVainAttempt(draft, attempts)) return true;
  const next = needsHelp(draft, phase) ? startable(draft, phase) : null;
  if (next === null) return false;
  const begun = { attempts: [...attempts, startPlayer(draft, next, null)] };
  draft.phase =
    phase.kind === 'starting'
      ? { ...phase, ...begun, triedFromMs: phase.triedFromMs ?? draft.nowMs }
      : { ...phase, ...begun };
  return true;
}

/** Shows the first attempt to present. A better one without evidence against its stream may still come in. */
function showFirst(draft: Draft, phase: Searching, first: Attempt): void {
  const others = phase.attempts.filter((attempt) => attempt !== first);
  const better = others.find(
    ({ streamId }) =>
      draft.rankOf(streamId) < draft.rankOf(first.streamId) &&
      !['suspect', 'lost'].includes(draft.stream(streamId).standing.kind),
  );
  for (const other of others) if (other !== better) disposePlayer(draft, other.playerId);
  const held = phase.kind === 'holding' ? phase : null;
  const shown = show(
    draft,
    first,
    held?.shown ?? null,
    {
      cause: held?.cause ?? 'start',
      firstEvidenceAtMs: held?.firstEvidenceAtMs ?? null,
      decidedAtMs: first.startedAtMs,
    },
    held?.heldStreamId ?? null,
  );
  if (better !== undefined)
    draft.phase = {
      kind: 'switching',
      shown,
      incoming: better,
      why: wishFor(draft, held === null ? 'start' : 'recovered'),
    };
}

/** Ends one attempt that failed, or whose stream is lost. @returns whether there was one */
function endVainAttempt(draft: Draft, attempts: readonly Attempt[]): boolean {
  for (const attempt of attempts) {
    const failed = failureOf(draft, attempt);
    if (failed !== null) {
      failAttempt(draft, attempt, failed);
      return true;
    }
    const { standing } = draft.stream(attempt.streamId);
    if (standing.kind === 'lost' && !owesPicture(standing)) {
      dropAttempt(draft, attempt);
      return true;
    }
  }
  return false;
}

/** Whether one more player may begin: there is room, and each running attempt is stuck or has hard evidence against its stream. */
function needsHelp(draft: Draft, phase: Searching): boolean {
  const shownPlayers = phase.kind === 'holding' && phase.shown !== null ? 1 : 0;
  if (phase.attempts.length >= MAX_PLAYERS - shownPlayers) return false;
  return phase.attempts.every(
    (attempt) =>
      hasHardEvidence(draft.stream(attempt.streamId).standing) ||
      draft.nowMs >= stuckAtMs(attempt, draft.policies, draft.lateMs),
  );
}

/**
 * The next stream of a search, each time the first in order of priority: one that is alive (but at the very start), else one
 * without hard evidence, else one that a player lost, else any. Not tried are streams that are lost otherwise, that cannot be shown here, or that are no
 * longer configured.
 */
function startable(draft: Draft, { kind, attempts }: Searching): string | null {
  const free = draft.streams.filter(
    ({ id, leaving }) => !leaving && !attempts.some(({ streamId }) => streamId === id),
  );
  const open = free.filter(({ standing }) => standing.kind !== 'lost' && !cannotBeShown(standing));
  const started = attempts.length > 0 || kind === 'holding';
  const living = started ? open.filter(({ standing }) => isAlive(standing)) : [];
  const alive = living.find((stream) => recentFailures(stream, draft.nowMs) === 0) ?? living[0];
  const next =
    alive ??
    open.find(({ standing }) => !hasHardEvidence(standing)) ??
    free.find((stream) => mayBeTriedAgain(draft, stream)) ??
    open[0];
  return next?.id ?? null;
}

/** With nothing else to show, a stream that a player lost is tried with the short backoff, if it can be shown here. */
function mayBeTriedAgain({ nowMs }: Draft, { standing, nextTryAtMs }: WatchedStream): boolean {
  if (!owesPicture(standing)) return false;
  return nowMs >= (cannotBeShown(standing) ? standing.retryAtMs : nextTryAtMs);
}
