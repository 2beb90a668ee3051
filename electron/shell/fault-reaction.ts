/** Shortest time between two restarts, so that a fault that comes back at once does not flash the wall for ever. */
export const RESTART_INTERVAL_MS = 60_000;

/** A run of the application, as far as it matters to what is done about a fault in it. */
export interface FaultyRun {
  /** `starting` until there is a window. */
  readonly phase: 'starting' | 'running' | 'ending';
  readonly uptimeMs: number;
  /** How the run before it ended. */
  readonly follows: 'orderly-end' | 'unexpected-end';
}

/**
 * What is done about an error of the host that nobody foresaw. After one its state is not to be trusted, so it is
 * started again, once a minute at most. Until it may, a wall with pictures goes on with what it has, and a start that
 * has shown nothing gives up.
 */
export function reactionTo({ phase, uptimeMs, follows }: FaultyRun): 'restart' | 'go-on' | 'give-up' {
  if (phase === 'ending') return 'go-on';
  if (follows === 'orderly-end' || uptimeMs >= RESTART_INTERVAL_MS) return 'restart';
  return phase === 'starting' ? 'give-up' : 'go-on';
}
