import { attemptDeadlines } from './attempt-deadline.ts';
import { stableTimeMs } from './damping.ts';
import { lostAtMs } from './standing.ts';
import type { Attempt, Phase, TileState } from './types.ts';
import { relearnAtMs, validatedAtMs } from './validation.ts';

/** When the next step is due if nothing is observed before, monotonic ms; `null` when nothing is. */
export function nextWakeMs(state: TileState): number | null {
  const { phase, policies, lateMs } = state;
  if (phase.kind === 'suspended') return null;
  let nextMs = Number.POSITIVE_INFINITY;
  const due = (atMs: number): void => {
    if (atMs > state.lastStepMs && atMs < nextMs) nextMs = atMs;
  };
  due(state.moveFromMs);
  for (const stream of state.streams) {
    const { standing } = stream;
    due(stream.nextTryAtMs);
    if (standing.kind === 'lost') due(standing.retryAtMs);
    if (standing.kind === 'suspect') due(lostAtMs(standing, policies.reactionTimeMs, lateMs));
    if (standing.kind === 'validating') {
      due(standing.sinceMs + stableTimeMs(policies.failback.stableMs, stream.record));
      due(validatedAtMs(stream, standing, policies));
      due(relearnAtMs(stream, policies) ?? 0);
    }
  }
  for (const attempt of attemptsOf(phase)) attemptDeadlines(attempt, policies, lateMs).forEach(due);
  if (phase.kind === 'showing' && state.hotStandby === 'granted') due(phase.shown.hotFromMs);
  if (phase.kind === 'showing' && phase.shown.ageing) due(phase.shown.renewFromMs ?? 0);
  if (phase.kind === 'showing' && phase.shown.low) due(phase.shown.precautionFromMs);
  return nextMs === Number.POSITIVE_INFINITY ? null : nextMs;
}

/** The players of a tile beside the shown one. */
export function attemptsOf(phase: Phase): readonly Attempt[] {
  switch (phase.kind) {
    case 'showing':
      return phase.hot === null ? [] : [phase.hot];
    case 'switching':
      return [phase.incoming];
    case 'starting':
    case 'holding':
      return phase.attempts;
    case 'suspended':
      return [];
  }
}
