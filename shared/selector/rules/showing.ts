import { offeredReturn } from '../readings.ts';
import { isAlive } from '../standing.ts';
import type { Attempt, Phase, Shown, Standing } from '../types.ts';
import { bestStandby, betterWish } from './choice.ts';
import type { Draft } from './draft.ts';
import { isReady, keepHot, startHot } from './hot-standby.ts';
import { disposePlayer } from './players.ts';
import { renew } from './renewal.ts';
import { switchTo } from './switching.ts';
import { isTrial, keepTrial, startTrial } from './trial.ts';
import { evidenceAgainst, wishFor } from './why.ts';

/** @returns whether anything was decided, so that the rules have to be run again */
export function whileShowing(draft: Draft, { shown, hot }: Extract<Phase, { kind: 'showing' }>): boolean {
  const { standing } = draft.stream(shown.streamId);
  if (standing.kind === 'suspect' || standing.kind === 'lost') {
    if (replaceShown(draft, shown, hot, standing)) return true;
    // Nothing can take its place yet, but a trial may succeed.
    return hot !== null && isTrial(draft, hot) && keepTrial(draft, hot);
  }
  if (standing.kind === 'validating') draft.updateStanding(shown.streamId, () => ({ kind: 'healthy' }));
  const wish = betterWish(draft, shown.streamId);
  if (wish !== null) {
    switchTo(draft, shown, wish.streamId, wishFor(draft, wish.cause));
    return true;
  }
  if (renew(draft, shown)) return true;
  if (hot === null) return takePrecaution(draft, shown) || startTrial(draft, shown) || startHot(draft, shown);
  if (isTrial(draft, hot)) return takePrecaution(draft, shown) || keepTrial(draft, hot);
  return keepHot(draft, shown, hot);
}

/** The operator takes the offer to return (rule 8). Nothing happens when there is none. */
export function returnToPreferred(draft: Draft): void {
  if (draft.phase.kind !== 'showing') return;
  const offered = offeredReturn(draft.state());
  if (offered !== null) switchTo(draft, draft.phase.shown, offered, wishFor(draft, 'manual'));
}

/** Replaces a shown stream that has evidence against it. If it is lost and none can take its place, its picture is held. */
function replaceShown(draft: Draft, shown: Shown, hot: Attempt | null, standing: Standing): boolean {
  const why = evidenceAgainst(standing);
  const standby = isReady(draft, hot) ? hot.streamId : bestStandby(draft, shown.streamId);
  if (standby !== null) {
    switchTo(draft, shown, standby, why);
    return true;
  }
  if (standing.kind !== 'lost') return false;
  if (hot !== null) disposePlayer(draft, hot.playerId);
  draft.phase = {
    kind: 'holding',
    shown,
    heldStreamId: shown.streamId,
    attempts: [],
    cause: why.cause,
    firstEvidenceAtMs: why.firstEvidenceAtMs,
  };
  return true;
}

/** Rule 5: a standby is made ready while the next media of the shown stream is late. */
function takePrecaution(draft: Draft, shown: Shown): boolean {
  if (!draft.policies.bridgeAtOnce || !shown.low || draft.nowMs < shown.precautionFromMs) return false;
  if (draft.machine !== 'free') return false;
  const standby = bestStandby(draft, shown.streamId);
  if (standby === null) return false;
  const { standing, nextTryAtMs } = draft.stream(standby);
  if (!isAlive(standing) || draft.nowMs < nextTryAtMs) return false;
  switchTo(draft, shown, standby, { kind: 'precaution' });
  return true;
}
