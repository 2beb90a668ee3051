/**
 * Minimum time between two restarts, so that a fault that comes back immediately does not make the wall flash for ever.
 * Milliseconds.
 */
export const RESTART_INTERVAL_MS = 60_000;

/** The part of a run's state that decides the reaction to a fault. */
export interface FaultyRun {
  /** `starting` until there is a window. */
  readonly phase: 'starting' | 'running' | 'ending';
  readonly uptimeMs: number;
  /** How the previous run ended. */
  readonly follows: 'orderly-end' | 'unexpected-end';
}

/**
 * The reaction to an unexpected error of the host. Its state is then unreliable, so it is restarted, but once a minute
 * at most. Until a restart is possible, a wall with pictures continues as it is, and a start that has shown nothing
 * gives up.
 */
export function reactionTo({ phase, uptimeMs, follows }: FaultyRun): 'restart' | 'go-on' | 'give-up' {
  if (phase === 'ending') return 'go-on';
  if (follows === 'orderly-end' || uptimeMs >= RESTART_INTERVAL_MS) return 'restart';
  return phase === 'starting' ? 'give-up' : 'go-on';
}
