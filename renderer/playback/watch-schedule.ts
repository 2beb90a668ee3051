import type { Attention } from './attention.ts';

/** The same address is not asked sooner again, ms. */
const LEAST_POLL_MS = 250;
/** Streams that nothing stands against are not asked more often, ms: with parts that would be three times a second. */
const CALM_POLL_MS = 1000;
/** After this many expected moves the edge has moved for certain. A standby is asked then: once for each move. */
export const MOVED_SURELY = 1.25;
/** While a player proves the stream, the watch asks only every 3 expected moves, */
const OWN_POLL_MOVES = 3;
/** but not more often than this, ms. */
const LEAST_OWN_POLL_MS = 5000;
/** Waits between probes of a stream that fails, ms; the last one repeats (rule 12). */
const BACKOFF_MS = [250, 250, 500, 1000, 2000, 4000, 8000, 15_000] as const;
/** Longest wait while the tile has no stream alive, ms. */
const SOUGHT_BACKOFF_MS = 1500;

/** How a stream's playlist is asked for. */
export interface PollTerms {
  readonly attention: Attention;
  /** Whether its site pays much for being watched. */
  readonly isLight: boolean;
  /** Usual time from one move of the live edge to the next, ms. */
  readonly expectedMs: number;
}

/** From a move of the live edge to the next probe, ms. */
export function movedPollMs({ attention, isLight, expectedMs }: PollTerms): number {
  if (attention === 'shown') return Math.max(CALM_POLL_MS, expectedMs);
  if (attention === 'standby') return Math.max(CALM_POLL_MS, MOVED_SURELY * expectedMs);
  return Math.max(isLight ? CALM_POLL_MS : LEAST_POLL_MS, 0.75 * expectedMs);
}

/** From a probe that met the live edge where it was to the next one, ms. */
export function unchangedPollMs({ isLight, expectedMs }: Omit<PollTerms, 'attention'>): number {
  return Math.max(isLight ? CALM_POLL_MS / 2 : LEAST_POLL_MS, Math.min(CALM_POLL_MS, expectedMs / 4));
}

/** From a probe to the next one of a stream whose moves its player tells of, ms. */
export function ownPollMs(expectedMs: number): number {
  return Math.max(LEAST_OWN_POLL_MS, OWN_POLL_MOVES * expectedMs);
}

/**
 * From a failure to the next try, ms: longer with each failure, spread by a fifth either way.
 * @param failures at least one
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, attention: Attention, random: number): number {
  const step = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1] ?? BACKOFF_MS[0];
  const boundedMs = attention === 'sought' ? Math.min(step, SOUGHT_BACKOFF_MS) : step;
  return boundedMs * (0.8 + 0.4 * random);
}
