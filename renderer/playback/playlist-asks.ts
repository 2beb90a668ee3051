import { isHard } from '../../shared/cause.ts';
import type { Clock } from './clock.ts';
import type { Fetched, Transport } from './transport.ts';

/**
 * No stream is asked more than 4 times a second, whatever for. The window is a little longer than the second: what starts
 * in order may arrive closer together.
 */
const MOST_ASKS = 4;
const ASKS_WINDOW_MS = 1100;
/** From one ask of an address to the next one of the same address, ms. */
const LEAST_APART_MS = 250;

interface Ask {
  readonly pathname: string;
  readonly startedMs: number;
  readonly aborter: AbortController;
}

/** An answer that counts. */
export type Answered = Exclude<Fetched<string>, { kind: 'aborted' }>;

/**
 * One watch's requests for playlists: bounds how often it asks, whatever the cause, and which of its answers count. Two at most are
 * unanswered at a time. The first answer of the two counts, and a time-out only the last one's.
 */
export class PlaylistAsks {
  private open: Ask[] = [];
  /** The newest ones, answered or not; the oldest first. */
  private newest: readonly Pick<Ask, 'pathname' | 'startedMs'>[] = [];

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly transport: Pick<Transport, 'fetchText'>,
  ) {}

  /** Requests that are not answered. */
  get unanswered(): number {
    return this.open.length;
  }

  /** For how long the oldest unanswered one has been on its way, ms; 0 without one. */
  unansweredMs(): number {
    const [oldest] = this.open;
    return oldest === undefined ? 0 : this.clock.now() - oldest.startedMs;
  }

  /** When the latest request began, monotonic ms. */
  latestMs(): number {
    return this.newest.at(-1)?.startedMs ?? Number.NEGATIVE_INFINITY;
  }

  /**
   * How long to wait before this address may be asked. Whole ms: a fraction can be too small to change the sum `now + rest`; the
   * timer would then fire without end.
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
   * Only where {@link waitMs} is 0. Never rejects.
   * @param how `as`: what to ask, where that is more than the address: a query of this one request. `doubted`: the stream is lost
   * @returns `null` where the answer does not count: another one did, or it was given up
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

  /** Ends all that is unanswered. */
  giveUp(): void {
    for (const { aborter } of this.open.splice(0)) aborter.abort();
  }
}
