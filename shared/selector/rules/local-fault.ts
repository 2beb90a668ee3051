import { isLateness } from '../../cause.ts';
import { cleared } from '../standing.ts';
import { attemptsOf } from '../wake.ts';
import type { Draft } from './draft.ts';
import { disposePlayer, dropAttempt, goLive, setShown, updateAttempts } from './players.ts';

/** A long gap between two steps is a local fault that is over: this machine slept or was blocked (rule 10). */
export function afterLocalGap(draft: Draft): void {
  startClocksAnew(draft);
  if (draft.phase.kind !== 'suspended') goLive(draft, draft.shown);
}

/**
 * A late event loop extends the deadlines that ran meanwhile (rule 10).
 * @param lateMs by how much this step is late; 0 or less where it is in time
 */
export function noteLateness(draft: Draft, lateMs: number): void {
  if (lateMs <= 0 || draft.phase.kind === 'suspended') return;
  draft.lateNowMs = lateMs;
  draft.lateMs += lateMs;
}

/** Rule 10: the tile decides nothing until {@link resume}; the picture on the screen stays. */
export function suspend(draft: Draft): void {
  const { phase } = draft;
  if (phase.kind === 'suspended') return;
  for (const attempt of attemptsOf(phase)) disposePlayer(draft, attempt.playerId);
  switch (phase.kind) {
    case 'starting':
      draft.phase = { kind: 'suspended', was: 'starting', shown: null };
      return;
    case 'showing':
    case 'switching':
      draft.phase = { kind: 'suspended', was: 'showing', shown: phase.shown };
      return;
    case 'holding': {
      const { shown, heldStreamId, cause, firstEvidenceAtMs } = phase;
      draft.phase = { kind: 'suspended', was: 'holding', shown, heldStreamId, cause, firstEvidenceAtMs };
      return;
    }
  }
}

/** Goes on where the tile was, at the live edge. */
export function resume(draft: Draft): void {
  const { phase } = draft;
  if (phase.kind !== 'suspended') return;
  switch (phase.was) {
    case 'starting':
      draft.phase = { kind: 'starting', attempts: [], triedFromMs: null };
      break;
    case 'showing':
      draft.phase = { kind: 'showing', shown: phase.shown, hot: null };
      break;
    case 'holding': {
      const { shown, heldStreamId, cause, firstEvidenceAtMs } = phase;
      draft.phase = { kind: 'holding', shown, heldStreamId, attempts: [], cause, firstEvidenceAtMs };
      break;
    }
  }
  startClocksAnew(draft);
  goLive(draft, phase.shown);
}

/**
 * The link of this workstation carries too little for what the tile loads (rule 10): no site is to blame. Players beside
 * the shown one end, and streams that were lost for being late become unknown.
 */
export function settleOnThinLink(draft: Draft): void {
  const { phase } = draft;
  for (const attempt of attemptsOf(phase)) dropAttempt(draft, attempt);
  for (const stream of draft.streams)
    if (stream.standing.kind === 'lost' && isLateness(stream.standing.cause))
      draft.patch(stream.id, { standing: { kind: 'unknown' }, failedAttempts: 0, nextTryAtMs: draft.nowMs });
  if (draft.phase.kind !== 'suspended') startClocksAnew(draft);
}

/** After a local fault no clock may count time in which nothing could be observed. */
function startClocksAnew(draft: Draft): void {
  const { nowMs } = draft;
  draft.clocksFromMs = nowMs;
  for (const { id, standing } of draft.streams) {
    if (standing.kind === 'suspect')
      draft.updateStanding(id, () => cleared(standing.before, nowMs, draft.drawSpread()));
    if (standing.kind === 'validating')
      draft.updateStanding(id, () => cleared('validating', nowMs, standing.spreadMs));
  }
  updateAttempts(draft, (attempt) => ({ ...attempt, startedAtMs: nowMs, progressAtMs: nowMs }));
  if (draft.phase.kind === 'starting' && draft.phase.triedFromMs !== null)
    draft.phase = { ...draft.phase, triedFromMs: nowMs };
  endGroundlessSwitch(draft);
  if (draft.shown !== null) setShown(draft, { ...draft.shown, dryAtMs: null, low: false, stalled: false });
}

/** Ends a change-over whose evidence was forgotten, unless the shown stream is lost already. */
function endGroundlessSwitch(draft: Draft): void {
  const { phase } = draft;
  if (phase.kind !== 'switching' || phase.why.kind === 'wish') return;
  if (draft.stream(phase.shown.streamId).standing.kind === 'lost') return;
  disposePlayer(draft, phase.incoming.playerId);
  draft.phase = { kind: 'showing', shown: phase.shown, hot: null };
}
