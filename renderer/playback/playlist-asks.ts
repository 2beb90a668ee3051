import { isHard } from '../../shared/cause.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Fetched, Transport } from './transport.ts';

/** No stream gets more playlist requests than this in {@link ASKS_WINDOW_MS}, for whatever reason. */
const MOST_ASKS = 4;
/** A little longer than a second, ms: requests that are sent in order may arrive closer together. */
const ASKS_WINDOW_MS = 1100;
/** Least time between two requests to the same address, ms. */
const LEAST_APART_MS = 250;

interface Ask {
  readonly pathname: string;
  readonly startedMs: number;
  readonly aborter: AbortController;
}

/** An answer that counts. */
export type Answered = Exclude<Fetched<string>, { kind: 'aborted' }>;

/**
 * One watch's requests for playlists: limits how many it sends, for whatever reason, and decides which of the answers count. At
 * most two requests are unanswered at a time. The first answer counts, but a time-out only when it is the last one's.
 */
export class PlaylistAsks {
  private open: Ask[] = [];
  /** The newest requests, answered or not; the oldest first. */
  private newest: readonly Pick<Ask, 'pathname' | 'startedMs'>[] = [];

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly transport: Pick<Transport, 'fetchText'>,
  ) {}

  /** Number of unanswered requests. */
  get unanswered(): number {
    return this.open.length;
  }

  /** How long the oldest unanswered request has been unanswered, ms; 0 without one. */
  unansweredMs(): number {
    const [oldest] = this.open;
    return oldest === undefined ? 0 : this.clock.now() - oldest.startedMs;
  }

  /** When the latest request began, monotonic ms. */
  latestMs(): number {
    return this.newest.at(-1)?.startedMs ?? Number.NEGATIVE_INFINITY;
  }

  /**
   * How long to wait before this address may be requested. Whole ms: a fraction can be too small to change the sum `now + rest`,
   * and the timer would then fire without end.
   */
  waitMs(pathname: string): number {
    const last = this.newest.findLast((ask) => ask.pathname === pathname);
    const crowd = this.newest.at(-MOST_ASKS);
    const fromMs = Math.max(
      last === undefined ? 0 : last.startedMs + LEAST_APART_MS,
      crowd === undefined ? 0 : crowd.startedMs + ASKS_WINDOW_MS,
    );
    return Math.max(0, Math.ceil(fromMs - this.clock.now()));
  }

  /**
   * Sends a request; only where {@link waitMs} is 0. Never rejects.
   * @param how `as`: the requested address, where this one request adds a query. `doubted`: the stream is lost
   * @returns `null` where the answer does not count: another one did, or the request was given up
   */
  async ask(
    pathname: string,
    deadlineMs: number,
    { as = pathname, doubted = false }: { readonly as?: string; readonly doubted?: boolean } = {},
  ): Promise<Answered | null> {
    if (this.open.length > 1) this.open.shift()?.aborter.abort();
    const start = { pathname, startedMs: this.clock.now() };
    const request: Ask = { ...start, aborter: new AbortController() };
    this.open.push(request);
    this.newest = [...this.newest, start].slice(-MOST_ASKS);
    const { signal } = request.aborter;
    const fetched = await this.transport.fetchText(as, { deadlineMs, signal, ...(doubted && { doubted }) });
    if (!this.open.includes(request) || fetched.kind === 'aborted') return null;
    this.open = this.open.filter((other) => other !== request);
    if (fetched.kind === 'failed' && !isHard(fetched.cause) && this.open.length > 0) return null;
    this.giveUp();
    return fetched;
  }

  /** Ends all unanswered requests. */
  giveUp(): void {
    for (const { aborter } of this.open.splice(0)) aborter.abort();
  }
}
