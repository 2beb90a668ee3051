import type { PlaylistAnswer, PlaylistRequest } from '../../shared/gateway/gateway-exchange.ts';
import type { Clock } from './clock.ts';
import type { HostGateway } from './transport.ts';

/** A site is asked for one playlist at most this many times in {@link WITHIN_MS}. */
const MOST_POLLS = 4;
/** A second, and what requests may come closer together on their way. Milliseconds. */
const WITHIN_MS = 1200;
/** Such a request waits at the site until there is something new (RFC 8216bis section 6.2.5.2): the site sets its pace. */
const BLOCKING = /[?&]_HLS_msn=/;

interface Polls {
  /** Within the last {@link WITHIN_MS}, monotonic ms, the oldest first. */
  readonly sentMs: number[];
  latest: PlaylistAnswer | null;
}

/**
 * Keeps the polls of a window to a pace that every server bears (rule 12): the watch of a stream and its players ask by
 * themselves, and after a change all of them do at once. What is asked too often is given the latest answer again.
 */
export class PollLimit {
  private readonly polls = new Map<string, Polls>();

  constructor(
    private readonly gateway: Pick<HostGateway, 'playlist'>,
    private readonly clock: Clock,
  ) {}

  /** As {@link HostGateway.playlist}. */
  async playlist(request: PlaylistRequest): Promise<PlaylistAnswer> {
    if (BLOCKING.test(request.pathname)) return this.gateway.playlist(request);
    this.forget();
    const key = `${request.site} ${request.pathname}`;
    const polls = this.polls.get(key) ?? { sentMs: [], latest: null };
    this.polls.set(key, polls);
    if (polls.latest !== null && polls.sentMs.length >= MOST_POLLS) return polls.latest;
    polls.sentMs.push(this.clock.now());
    const answer = await this.gateway.playlist(request);
    // What was cancelled says nothing to others.
    if (answer.kind === 'text' || answer.reason !== 'cancelled') polls.latest = answer;
    return answer;
  }

  private forget(): void {
    const fromMs = this.clock.now() - WITHIN_MS;
    for (const [key, { sentMs }] of this.polls) {
      while ((sentMs[0] ?? Number.POSITIVE_INFINITY) <= fromMs) sentMs.shift();
      if (sentMs.length === 0) this.polls.delete(key);
    }
  }
}
