import { type EvidenceCause, isHard } from '../../cause.ts';
import { attemptFailure } from '../attempt-deadline.ts';
import { cleared, isAlive, recentFailures, retryAfterMs } from '../standing.ts';
import type { Attempt, Shown, WatchedStream } from '../types.ts';
import { attemptsOf } from '../wake.ts';
import type { Draft } from './draft.ts';

/** The most players of a tile: the shown one and one other (rule 15). */
export const MAX_PLAYERS = 2;

/** @param alignWith the player whose picture time the new one should start at (rule 6) */
export function startPlayer(draft: Draft, streamId: string, alignWith: number | null): Attempt {
  const playerId = draft.nextPlayerId;
  draft.nextPlayerId += 1;
  draft.commands.push({ type: 'start-player', playerId, streamId, alignWith });
  return {
    playerId,
    streamId,
    startedAtMs: draft.nowMs,
    progressAtMs: draft.nowMs,
    presentedAtMs: null,
    lateBeforeMs: draft.lateMs,
    ageing: false,
  };
}

export function disposePlayer(draft: Draft, playerId: number): void {
  draft.commands.push({ type: 'dispose-player', playerId });
}

export function goLive(draft: Draft, shown: Shown | null): void {
  if (shown !== null) draft.commands.push({ type: 'go-live', playerId: shown.playerId });
}

/** Nothing happens while no player is on the screen. */
export function setShown(draft: Draft, shown: Shown): void {
  const { phase } = draft;
  if (phase.kind === 'showing') draft.phase = { kind: 'showing', shown, hot: phase.hot };
  else if (phase.kind === 'switching' || phase.kind === 'holding') draft.phase = { ...phase, shown };
  else if (phase.kind === 'suspended' && phase.was !== 'starting') draft.phase = { ...phase, shown };
}

export function findAttempt(draft: Draft, playerId: number): Attempt | undefined {
  return attemptsOf(draft.phase).find((attempt) => attempt.playerId === playerId);
}

export function updateAttempt(draft: Draft, playerId: number, update: (attempt: Attempt) => Attempt): void {
  updateAttempts(draft, (attempt) => (attempt.playerId === playerId ? update(attempt) : attempt));
}

export function updateAttempts(draft: Draft, update: (attempt: Attempt) => Attempt): void {
  const { phase } = draft;
  if (phase.kind === 'showing' && phase.hot !== null) draft.phase = { ...phase, hot: update(phase.hot) };
  else if (phase.kind === 'switching') draft.phase = { ...phase, incoming: update(phase.incoming) };
  else if (phase.kind === 'starting' || phase.kind === 'holding')
    draft.phase = { ...phase, attempts: phase.attempts.map(update) };
}

/** Ends an attempt's player; the tile goes on without it. */
export function dropAttempt(draft: Draft, attempt: Attempt): void {
  disposePlayer(draft, attempt.playerId);
  const { phase } = draft;
  if (phase.kind === 'switching' || phase.kind === 'showing')
    draft.phase = { kind: 'showing', shown: phase.shown, hot: null };
  else if (phase.kind === 'starting' || phase.kind === 'holding')
    draft.phase = {
      ...phase,
      attempts: phase.attempts.filter(({ playerId }) => playerId !== attempt.playerId),
    };
}

/** Why an attempt has failed by now; `null` while it has not. */
export function failureOf(draft: Draft, attempt: Attempt): EvidenceCause | null {
  const { phase } = draft;
  const pressing = phase.kind === 'switching' && phase.why.kind === 'evidence';
  return attemptFailure(
    attempt,
    pressing ? 'pressing' : 'patient',
    draft.policies,
    draft.lateMs,
    draft.nowMs,
  );
}

/**
 * A player failed. While its watch proves the stream alive, the first such failure does not lose it, and neither does a hot
 * standby that was merely slow, as on a starved machine all of them are. Otherwise the stream is lost, unless another player
 * still shows it.
 */
export function failAttempt(draft: Draft, attempt: Attempt, cause: EvidenceCause): void {
  const { id, standing, failedAttempts } = noteFailure(draft, attempt);
  const alive = isAlive(standing);
  if (standing.kind !== 'lost' && draft.shown?.streamId === id) dropAttempt(draft, attempt);
  else if (alive && (failedAttempts === 1 || isMerelySlow(draft, cause))) {
    draft.troubled(id);
    if (standing.kind === 'validating')
      draft.updateStanding(id, () => cleared('validating', draft.nowMs, draft.drawSpread()));
    dropAttempt(draft, attempt);
  } else {
    // Where a stream is not known to be alive, its silence says nothing about the player.
    const wasFound = standing.kind === 'lost' && standing.foundBy === 'player';
    const foundBy = alive || wasFound || isHard(cause) ? 'player' : 'watch';
    draft.lose(id, { cause, sinceMs: attempt.startedAtMs }, foundBy);
    dropAttempt(draft, attempt);
  }
}

/**
 * Ends an attempt that the shown picture does not need, for evidence against its stream. If it has presented nothing it counts
 * as failed, so that the next attempt waits: what only its own loads found, the watch may clear at once.
 */
export function giveUpAttempt(draft: Draft, attempt: Attempt): void {
  if (attempt.presentedAtMs === null) {
    const { id, standing } = noteFailure(draft, attempt);
    if (standing.kind === 'lost' && standing.foundBy === 'player')
      draft.lose(id, { cause: standing.cause, sinceMs: standing.firstEvidenceAtMs }, 'player');
  }
  dropAttempt(draft, attempt);
}

/** Whether the shown picture goes on without this attempt: a standby, a trial, a precaution or a wish. */
export function isUnpressed({ phase }: Draft, attempt: Attempt): boolean {
  if (attempt.presentedAtMs !== null) return false;
  return phase.kind === 'showing' || (phase.kind === 'switching' && phase.why.kind !== 'evidence');
}

function noteFailure(draft: Draft, { streamId }: Attempt): WatchedStream {
  const failedAttempts = recentFailures(draft.stream(streamId), draft.nowMs) + 1;
  draft.patch(streamId, {
    failedAttempts,
    failedAtMs: draft.nowMs,
    sinceFailure: 'nothing',
    nextTryAtMs: draft.nowMs + retryAfterMs(failedAttempts),
  });
  return draft.stream(streamId);
}

/** Whether a hot standby was only slow: no byte came, or no picture on a machine where none comes in time. */
function isMerelySlow({ phase, machine }: Draft, cause: EvidenceCause): boolean {
  return phase.kind === 'showing' && (cause === 'timeout' || (machine !== 'free' && !isHard(cause)));
}
