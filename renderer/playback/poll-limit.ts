import type { Clock } from '../../shared/clock.ts';
import type { PlaylistAnswer, PlaylistRequest } from '../../shared/gateway/gateway-exchange.ts';
import type { HostGateway } from './transport.ts';

/** Most requests to a site for one playlist in {@link WITHIN_MS}. */
const MOST_POLLS = 4;
/** A second, and a margin for requests that arrive closer together than they were sent, ms. */
const WITHIN_MS = 1200;
/**
 * A blocking request waits at the site until there is something new (RFC 8216bis section 6.2.5.2), so the site sets its
 * pace.
 */
const BLOCKING = /[?&]_HLS_msn=/;

interface Polls {
  /** Times of the requests in the last {@link WITHIN_MS}, monotonic ms, the oldest first. */
  readonly sentMs: number[];
  latest: PlaylistAnswer | null;
}

/**
 * Keeps the requests of a window to a pace that every server can bear (rule 12): the watch of a stream and its players send
 * requests independently, and after a change they all do at once. A request too many gets the latest answer again.
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
    // A cancelled answer says nothing to others.
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
