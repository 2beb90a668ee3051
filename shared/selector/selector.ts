import { age } from './rules/ageing.ts';
import { decide } from './rules/decide.ts';
import { Draft } from './rules/draft.ts';
import { afterLocalGap, noteLateness } from './rules/local-fault.ts';
import { observe } from './rules/observe.ts';
import { unknownStream } from './rules/plan.ts';
import type { Observation, PlannedStream, SelectorPolicies, Step, TileState } from './types.ts';

export { missingPicture, offeredReturn, redundancyOf } from './readings.ts';
export { MAX_PLAYERS } from './rules/players.ts';
export { nextWakeMs } from './wake.ts';

/** A longer time between two steps is a local fault: this machine slept or was blocked (rule 10), ms. */
export const LOCAL_GAP_MS = 2000;

/**
 * A tile before its first step.
 * @param streams in order of priority, at least one
 * @param seed any integer: the random spread of failbacks comes from it
 */
export function initialState(
  streams: readonly PlannedStream[],
  policies: SelectorPolicies,
  seed: number,
  nowMs: number,
): TileState {
  return {
    streams: streams.map(unknownStream),
    policies,
    phase: { kind: 'starting', attempts: [], triedFromMs: null },
    orderCause: 'start',
    moveFromMs: nowMs,
    failedBack: null,
    hotStandby: 'withheld',
    machine: 'free',
    lateMs: 0,
    nextPlayerId: 1,
    seed,
    clocksFromMs: nowMs,
    lastStepMs: nowMs,
    localHour: null,
  };
}

/**
 * The stream selector of one tile (its rules: README.md beside this file): a pure function of what
 * the tile observed. Time is monotonic milliseconds and never runs back.
 */
export function step(state: TileState, observation: Observation, nowMs: number): Step {
  const draft = new Draft(state, nowMs);
  const idleMs = nowMs - state.lastStepMs;
  const isAfterGap = idleMs > LOCAL_GAP_MS;
  if (isAfterGap) afterLocalGap(draft);
  else noteLateness(draft, idleMs - state.policies.tickMs);
  // Evidence that comes first after such a gap is only a deadline that passed meanwhile.
  if (!isAfterGap || observation.type !== 'evidence') observe(draft, observation);
  if (draft.phase.kind !== 'suspended') {
    age(draft);
    decide(draft);
  }
  return draft.finish();
}
