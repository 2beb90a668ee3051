import { owesPicture } from '../standing.ts';
import type { Attempt, Shown } from '../types.ts';
import type { Draft } from './draft.ts';
import { failAttempt, failureOf, giveUpAttempt, startPlayer } from './players.ts';

/**
 * Tries a stream that a player lost, underneath the shown picture, whatever standbys the host grants: only frames bring it
 * back. @returns whether one was started
 */
export function startTrial(draft: Draft, shown: Shown): boolean {
  const streamId = trialDue(draft, shown);
  if (streamId === null) return false;
  draft.phase = { kind: 'showing', shown, hot: startPlayer(draft, streamId, shown.playerId) };
  return true;
}

/** The first stream in order whose trial is due; `null` if there is none. */
export function trialDue(draft: Draft, shown: Shown): string | null {
  const due = draft.streams.find(
    ({ id, standing }) => id !== shown.streamId && owesPicture(standing) && draft.nowMs >= standing.retryAtMs,
  );
  return due?.id ?? null;
}

/** Whether this player is a trial: its stream is lost. */
export function isTrial(draft: Draft, hot: Attempt): boolean {
  return draft.stream(hot.streamId).standing.kind === 'lost';
}

/** Goes on with a trial until it presents or fails. @returns whether it was ended */
export function keepTrial(draft: Draft, trial: Attempt): boolean {
  const failed = failureOf(draft, trial);
  if (failed !== null) failAttempt(draft, trial, failed);
  else if (trial.presentedAtMs !== null || !owesPicture(draft.stream(trial.streamId).standing))
    giveUpAttempt(draft, trial);
  else return false;
  return true;
}
