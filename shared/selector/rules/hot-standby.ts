import { steadiest } from '../damping.ts';
import { mayBeHot } from '../readings.ts';
import { isAlive } from '../standing.ts';
import type { Attempt, Shown } from '../types.ts';
import type { Draft } from './draft.ts';
import { dropAttempt, failAttempt, failureOf, giveUpAttempt, setShown, startPlayer } from './players.ts';
import { trialDue } from './trial.ts';

/** Starts a hot standby where one is granted and due (rule 15). @returns whether one was started */
export function startHot(draft: Draft, shown: Shown): boolean {
  const target = hotTarget(draft, shown, null);
  if (target === null) return false;
  if (draft.nowMs < Math.max(shown.hotFromMs, draft.stream(target).nextTryAtMs)) return false;
  draft.phase = { kind: 'showing', shown, hot: startPlayer(draft, target, shown.playerId) };
  return true;
}

/** Keeps a hot standby while it is of use. @returns whether it was ended */
export function keepHot(draft: Draft, shown: Shown, hot: Attempt): boolean {
  const failed = failureOf(draft, hot);
  if (failed !== null) failAttempt(draft, hot, failed);
  else if (hotTarget(draft, shown, hot) !== hot.streamId) {
    if (isAlive(draft.stream(hot.streamId).standing)) dropAttempt(draft, hot);
    else giveUpAttempt(draft, hot);
  }
  // A trial comes before a hot standby, because it is due more rarely.
  else if (trialDue(draft, shown) !== null) dropAttempt(draft, hot);
  else return false;
  return true;
}

/** Whether a hot standby can be raised at once. */
export function isReady(draft: Draft, hot: Attempt | null): hot is Attempt {
  return hot !== null && hot.presentedAtMs !== null && isAlive(draft.stream(hot.streamId).standing);
}

/** Calls a change off. Its player goes on as the hot standby where one is granted for its stream. */
export function callOff(draft: Draft, shown: Shown, incoming: Attempt): void {
  setShown(draft, shown);
  if (hotTarget(draft, shown, null) === incoming.streamId)
    draft.phase = { kind: 'showing', shown, hot: incoming };
  else dropAttempt(draft, incoming);
}

/** The next stream in order at another site: what fails at the shown site rarely spares its other quality. */
function hotTarget(draft: Draft, shown: Shown, hot: Attempt | null): string | null {
  if (draft.hotStandby === 'withheld') return null;
  const { siteId } = draft.stream(shown.streamId);
  const others = draft.streams.filter((stream) => mayBeHot(stream, siteId));
  const target = steadiest(others, draft.nowMs, draft.clocksFromMs)?.id ?? null;
  // A hot standby whose stream is suspect goes on while no other stream would take its place.
  const kept = hot !== null && draft.stream(hot.streamId).standing.kind === 'suspect' ? hot.streamId : null;
  return target ?? kept;
}
