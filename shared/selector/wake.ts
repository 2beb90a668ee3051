import { attemptDeadlines } from './attempt-deadline.ts';
import { stableTimeMs } from './damping.ts';
import { lostAtMs } from './standing.ts';
import type { Attempt, Phase, TileState } from './types.ts';
import { relearnAtMs, validatedAtMs } from './validation.ts';

/** When the next step is due if nothing is observed before, monotonic ms; `null` when nothing is. */
export function nextWakeMs(state: TileState): number | null {
  const { phase, policies, lateMs } = state;
  if (phase.kind === 'suspended') return null;
  const times: number[] = [state.moveFromMs];
  for (const stream of state.streams) {
    const { standing } = stream;
    times.push(stream.nextTryAtMs);
    if (standing.kind === 'suspect') times.push(lostAtMs(standing, policies.reactionTimeMs, lateMs));
    if (standing.kind === 'validating')
      times.push(
        standing.sinceMs + stableTimeMs(policies.failback.stableMs, stream.record),
        validatedAtMs(stream, standing, policies),
        relearnAtMs(stream, policies) ?? 0,
      );
  }
  for (const attempt of attemptsOf(phase)) times.push(...attemptDeadlines(attempt, policies, lateMs));
  if (phase.kind === 'showing' && state.hotStandby === 'granted') times.push(phase.shown.hotFromMs);
  if (phase.kind === 'showing' && phase.shown.low) times.push(phase.shown.precautionFromMs);
  const ahead = times.filter((time) => time > state.lastStepMs);
  return ahead.length === 0 ? null : Math.min(...ahead);
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
