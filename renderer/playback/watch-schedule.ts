import type { Attention } from './attention.ts';

/** Least time between two requests to the same address, ms. */
const LEAST_POLL_MS = 250;
/**
 * Poll interval of streams without evidence against them, ms: with parts, the edge would ask for three requests a second.
 */
const CALM_POLL_MS = 1000;
/** A standby is requested once for each move: after this many expected moves, when the edge has moved for certain. */
export const MOVED_SURELY = 1.25;
/** Own poll interval of the watch while a player covers the stream, in expected moves. */
const OWN_POLL_MOVES = 3;
/** Least own poll interval while a player covers the stream, ms. */
const LEAST_OWN_POLL_MS = 5000;
/** Waits between requests to a failed stream, ms; the last one repeats (rule 12). */
const BACKOFF_MS = [250, 250, 500, 1000, 2000, 4000, 8000, 15_000] as const;
/** Longest such wait while the tile has no stream alive, ms. */
const SOUGHT_BACKOFF_MS = 1500;

/** What decides how often a stream's playlist is requested. */
export interface PollTerms {
  readonly attention: Attention;
  /** Whether watching costs its site much. */
  readonly isLight: boolean;
  /** Usual time from one move of the live edge to the next, ms. */
  readonly expectedMs: number;
}

/** Time from a move of the live edge to the next request, ms. */
export function movedPollMs({ attention, isLight, expectedMs }: PollTerms): number {
  if (attention === 'shown') return Math.max(CALM_POLL_MS, expectedMs);
  if (attention === 'standby') return Math.max(CALM_POLL_MS, MOVED_SURELY * expectedMs);
  return Math.max(isLight ? CALM_POLL_MS : LEAST_POLL_MS, 0.75 * expectedMs);
}

/** Time from a request that found the live edge unmoved to the next one, ms. */
export function unchangedPollMs({ isLight, expectedMs }: Omit<PollTerms, 'attention'>): number {
  return Math.max(isLight ? CALM_POLL_MS / 2 : LEAST_POLL_MS, Math.min(CALM_POLL_MS, expectedMs / 4));
}

/** Time between two requests to a stream whose player reports its moves, ms. */
export function ownPollMs(expectedMs: number): number {
  return Math.max(LEAST_OWN_POLL_MS, OWN_POLL_MOVES * expectedMs);
}

/**
 * Time from a failure to the next try, ms: longer with each failure, spread by a fifth in both directions.
 * @param failures at least one
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, attention: Attention, random: number): number {
  const step = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1] ?? BACKOFF_MS[0];
  const boundedMs = attention === 'sought' ? Math.min(step, SOUGHT_BACKOFF_MS) : step;
  return boundedMs * (0.8 + 0.4 * random);
}
