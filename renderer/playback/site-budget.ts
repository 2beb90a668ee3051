import type { Clock } from '../../shared/clock.ts';

/** Each tile of the window may retry at a failed site once in this time, on average, ms. */
const TURN_MS = 2000;
/** Least number of retries a second, for a window with few tiles. */
const LEAST_PER_SECOND = 4;
/** Number of retries that may come at once. */
const BURST = 4;

/**
 * The tiles of a window share a budget of retries at each failed site (rule 12): however many of them lost the site, their
 * retries arrive one after the other. It is a leaky bucket for each site (the generic cell rate algorithm of ITU-T I.371). Only
 * retries use it; requests to healthy streams, and players, do not.
 */
export class SiteBudget {
  /** When each site's bucket will be empty, monotonic ms. */
  private readonly emptyAtMs = new Map<string, number>();

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly tileCount: () => number,
    /** Uniform in [0, 1). */
    private readonly random: () => number,
  ) {}

  /** Takes the next turn at a site. @returns the time to wait for it, ms */
  take(siteId: string): number {
    const nowMs = this.clock.now();
    const intervalMs = Math.min(1000 / LEAST_PER_SECOND, TURN_MS / Math.max(1, this.tileCount()));
    const turnMs = Math.max(nowMs, this.emptyAtMs.get(siteId) ?? 0);
    this.emptyAtMs.set(siteId, turnMs + intervalMs);
    const waitMs = turnMs - nowMs - (BURST - 1) * intervalMs;
    return waitMs <= 0 ? 0 : waitMs + this.random() * intervalMs;
  }
}
