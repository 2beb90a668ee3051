import type { Clock } from './clock.ts';

/** Every tile of the window may try a site that fails once in this time, on average, ms. */
const TURN_MS = 2000;
/** Tries a second of a window with few tiles, and how many of them may come at once. */
const LEAST_PER_SECOND = 4;
const BURST = 4;

/**
 * What the tiles of a window share of a site that fails (behaviour.md rule 12): however many of them lost it,
 * their retries come to it one after the other. A leaky bucket for each site (the generic cell rate algorithm of
 * ITU-T I.371). Only retries ask it; probes of healthy streams and players do not.
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

  /** Takes the next turn at a site. @returns how long to wait for it, ms */
  take(siteId: string): number {
    const nowMs = this.clock.now();
    const intervalMs = Math.min(1000 / LEAST_PER_SECOND, TURN_MS / Math.max(1, this.tileCount()));
    const turnMs = Math.max(nowMs, this.emptyAtMs.get(siteId) ?? 0);
    this.emptyAtMs.set(siteId, turnMs + intervalMs);
    const waitMs = turnMs - nowMs - (BURST - 1) * intervalMs;
    return waitMs <= 0 ? 0 : waitMs + this.random() * intervalMs;
  }
}
