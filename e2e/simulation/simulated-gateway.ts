import { mayBeUnknownSession } from '../../renderer/playback/stream-address.ts';
import { GATEWAY_GRACE_MS, type SiteGateway } from '../../renderer/playback/transport.ts';
import { type EvidenceCause, isMissing } from '../../shared/cause.ts';
import { GATEWAY_REASONS } from '../../shared/gateway/gateway-contract.ts';
import type { FailedAnswer } from '../../shared/gateway/gateway-exchange.ts';
import { requestsEnd, requestsNameADeadline, streamsAreAskedSparingly } from './invariants.ts';
import type { Random } from './random.ts';
import type { OwnedClock } from './simulated-clock.ts';
import type { MediaBytes, Origin } from './simulated-origin.ts';
import { isInSession, SimulatedSessions } from './simulated-sessions.ts';

/** What a simulated gateway needs from the world. */
export interface GatewayWorld {
  /** The gateway's own timers: they belong to the host, not to the tile. */
  readonly clock: OwnedClock;
  readonly random: Random;
  readonly media: MediaBytes;
  readonly epochZeroMs: number;
  originOf(pathname: string): Origin;
  /** Time from which on the tile's watches have not changed. */
  watchedSinceMs(): number;
  check(invariants: () => void): void;
  /** A promise of the observed code was settled; `turns`: turns of the microtask queue that this takes. */
  onSettled(turns: number): void;
  /** Any request was sent to the site of a stream. */
  onAsked(origin: Origin): void;
  /**
   * A request failed in a way that is certainly evidence: its own signal did not end it, and it is no single missing
   * piece.
   */
  onFailed(origin: Origin): void;
}

type Kind = 'playlist' | 'media';

interface OpenRequest {
  readonly pathname: string;
  readonly startedMs: number;
  readonly deadlineMs: number;
  /** Ends the timer of its answer: no answer comes after that. */
  readonly endAnswer: () => void;
}

/** Turns of the microtask queue in which a playlist goes from the transport through the watch: twice the counted number. */
const PLAYLIST_TURNS = 12;
/** Turns in which media goes from the transport to the end of a deep check: twice the counted number. */
const MEDIA_TURNS = 24;
/** Share of requests whose deadline the gateway keeps by itself; the window has to give up on the others. */
const KEEPS_DEADLINE_SHARE = 0.5;
/** Number of kept request times: more than a second may have. */
const KEPT_ASKS = 8;

/**
 * The host's gateway for one tile's transport, answered by {@link Origin}s. It ends no request for its transport: a
 * request without an answer stays open until the transport cancels it or, where the gateway works, until its deadline.
 */
export class SimulatedGateway implements SiteGateway {
  private readonly requests = new Map<string, OpenRequest>();
  /**
   * Streams whose latest failure was no evidence yet: a missing piece in a stream that goes on, or the end of a
   * session. The next failure is evidence.
   */
  private readonly excused = new Set<Origin>();
  private readonly sessions = new SimulatedSessions();
  /** Latest requests for the playlist of each stream, by the stream's address. */
  private readonly asksMs = new Map<string, readonly number[]>();

  constructor(private readonly world: GatewayWorld) {}

  /** Requests that have no answer yet. */
  get open(): number {
    return this.requests.size;
  }

  readonly playlist: SiteGateway['playlist'] = ({ pathname, requestId, deadlineMs }) =>
    new Promise((resolve) => {
      const { clock, epochZeroMs } = this.world;
      this.noteAsk(pathname);
      this.begin('playlist', pathname, requestId, deadlineMs, {
        served: (origin) => {
          const answer = this.sessions.answer(origin, pathname, clock.now());
          if (answer.kind === 'failed') resolve(failureOf(answer.cause));
          else {
            const text = answer.kind === 'text' ? answer.text : origin.playlist(clock.now(), epochZeroMs);
            resolve({ kind: 'text', text });
          }
        },
        failed: (cause) => resolve(failureOf(cause)),
      });
    });

  readonly media: SiteGateway['media'] = ({ pathname, requestId, deadlineMs }) =>
    new Promise((resolve) => {
      this.begin('media', pathname, requestId, deadlineMs, {
        served: (origin) => {
          this.excused.delete(origin);
          this.sessions.take(origin, pathname, this.world.clock.now());
          resolve({ kind: 'bytes', bytes: origin.media(this.world.media), waitedMs: 0 });
        },
        failed: (cause) => resolve(failureOf(cause)),
      });
    });

  /** The bridge's `gateway.cancel`. */
  readonly cancel = (requestId: string): void => {
    const request = this.requests.get(requestId);
    if (request === undefined) return;
    const { pathname, startedMs, deadlineMs } = request;
    // A transport that gave up on an answer has evidence; one that no longer needs it has none.
    if (
      this.world.clock.now() - startedMs >= deadlineMs + GATEWAY_GRACE_MS &&
      this.isLast(requestId, pathname)
    )
      this.world.onFailed(this.world.originOf(pathname));
    this.end(requestId, pathname.includes('.m3u8') ? 'playlist' : 'media');
  };

  private noteAsk(pathname: string): void {
    const root = this.sessions.rootOf(this.world.originOf(pathname), pathname);
    const asksMs = [...(this.asksMs.get(root) ?? []), this.world.clock.now()].slice(-KEPT_ASKS);
    this.asksMs.set(root, asksMs);
    this.world.check(() => streamsAreAskedSparingly(asksMs, this.world.watchedSinceMs(), root));
  }

  private begin(
    kind: Kind,
    pathname: string,
    requestId: string,
    deadlineMs: number,
    tell: {
      readonly served: (origin: Origin) => void;
      readonly failed: (cause: EvidenceCause) => void;
    },
  ): void {
    const { clock, random } = this.world;
    const origin = this.world.originOf(pathname);
    this.world.check(() => requestsNameADeadline(deadlineMs, pathname));
    this.world.onAsked(origin);
    const answered = origin.answer(kind, kind === 'playlist' ? 0 : origin.encoding.targetMs, random);
    const answer = kind === 'media' ? this.sessions.media(origin, pathname, answered, clock.now()) : answered;
    const fail = (cause: EvidenceCause): void => {
      const mayBeHole = kind === 'media' && isMissing(cause);
      const mayBeOver = isInSession(pathname) && mayBeUnknownSession(cause);
      if ((mayBeHole || mayBeOver) && !this.excused.has(origin)) this.excused.add(origin);
      else if (cause !== 'timeout' || this.isLast(requestId, pathname)) this.world.onFailed(origin);
      this.end(requestId, kind);
      tell.failed(cause);
    };
    let endAnswer = (): void => {};
    if (answer.kind !== 'never' && answer.afterMs < deadlineMs)
      endAnswer = clock.after(answer.afterMs, () => {
        if (answer.kind === 'failed') fail(answer.cause);
        else {
          this.end(requestId, kind);
          tell.served(origin);
        }
      });
    else if (random.chance(KEEPS_DEADLINE_SHARE)) endAnswer = clock.after(deadlineMs, () => fail('timeout'));
    this.requests.set(requestId, { pathname, startedMs: clock.now(), deadlineMs, endAnswer });
  }

  private end(requestId: string, kind: Kind): void {
    this.requests.get(requestId)?.endAnswer();
    this.requests.delete(requestId);
    this.world.onSettled(kind === 'playlist' ? PLAYLIST_TURNS : MEDIA_TURNS);
  }

  /** Of several requests for one address, a time-out counts only for the last one: another may have lost a packet. */
  private isLast(requestId: string, pathname: string): boolean {
    return ![...this.requests].some(([id, open]) => id !== requestId && open.pathname === pathname);
  }

  /** @param undisturbedSinceMs earlier time was not observed: a blocked event loop ends nothing */
  look(nowMs: number, undisturbedSinceMs: number): void {
    for (const { pathname, startedMs, deadlineMs } of this.requests.values())
      this.world.check(() =>
        requestsEnd(nowMs - Math.max(startedMs, undisturbedSinceMs), deadlineMs, pathname),
      );
  }
}

/** As the gateway itself answers (electron/host/gateway/gateway-response.ts), as far as a tile can see. */
function failureOf(cause: EvidenceCause): FailedAnswer {
  const status = cause.startsWith('http-')
    ? Number(cause.slice('http-'.length))
    : cause === 'timeout'
      ? 504
      : 502;
  // The site itself has sent no words.
  const reason = GATEWAY_REASONS.find((known) => known === cause) ?? null;
  return { kind: 'failed', status, reason, words: null };
}
