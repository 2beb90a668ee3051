import { type EvidenceCause, isMissing } from '../../shared/cause.ts';
import { DEADLINE_HEADER, REASON_HEADER, REQUEST_ID_HEADER } from '../../shared/gateway-contract.ts';
import { GATEWAY_GRACE_MS } from '../playback/transport.ts';
import { requestsEnd, requestsNameADeadline } from './invariants.ts';
import type { MediaBytes, Origin } from './origin.ts';
import type { Random } from './random.ts';
import type { OwnedClock } from './simulated-clock.ts';

/** What a simulated gateway needs of the world. */
export interface GatewayWorld {
  /** The gateway's own timers: they are the host's, not the tile's. */
  readonly clock: OwnedClock;
  readonly random: Random;
  readonly media: MediaBytes;
  readonly epochZeroMs: number;
  originOf(pathname: string): Origin;
  check(invariants: () => void): void;
  /** A promise of the code under observation was settled; `turns`: of the microtask queue that it takes. */
  onSettled(turns: number): void;
  /** A request failed that surely is evidence: its own signal did not end it, and it is no single missing piece. */
  onFailed(origin: Origin): void;
}

interface OpenRequest {
  readonly pathname: string;
  readonly startedMs: number;
  readonly deadlineMs: number;
}

/**
 * Turns of the microtask queue in which an answer goes from the transport through the watch, and to the end of a deep
 * check: twice what is counted.
 */
const PLAYLIST_TURNS = 12;
const MEDIA_TURNS = 24;
/** Share of requests whose deadline the gateway keeps by itself; for the others the window has to give up. */
const KEEPS_DEADLINE_SHARE = 0.5;

/**
 * The host's gateway as one tile's transport meets it, answered from {@link Origin}s. It ends no request for its
 * transport: what is never answered stays open until the transport aborts it, or where the gateway is well, until
 * the deadline that the request named.
 */
export class SimulatedGateway {
  private readonly requests = new Map<string, OpenRequest>();
  /** Whose latest media was missing: with a next piece that is served, that is a hole in a stream that goes on. */
  private readonly holes = new Set<Origin>();

  constructor(private readonly world: GatewayWorld) {}

  /** Requests that have no answer yet. */
  get open(): number {
    return this.requests.size;
  }

  /** `GET` of the browser, as far as a transport uses it. */
  readonly fetch = (pathname: string, init: RequestInit): Promise<Response> => {
    const { clock, random, media, epochZeroMs } = this.world;
    const origin = this.world.originOf(pathname);
    const headers = init.headers as Record<string, string>;
    const requestId = headers[REQUEST_ID_HEADER] ?? '';
    const deadlineMs = Number(headers[DEADLINE_HEADER]);
    this.world.check(() => requestsNameADeadline(deadlineMs, pathname));
    const isPlaylist = pathname.includes('.m3u8');
    const answer = origin.answer(
      isPlaylist ? 'playlist' : 'media',
      isPlaylist ? 0 : origin.encoding.targetMs,
      random,
    );
    const startedMs = clock.now();
    this.requests.set(requestId, { pathname, startedMs, deadlineMs });
    return new Promise((resolve, reject) => {
      const { signal } = init;
      let endTimer = (): void => {};
      const settle = (end: () => void): void => {
        endTimer();
        signal?.removeEventListener('abort', abort);
        this.world.onSettled(isPlaylist ? PLAYLIST_TURNS : MEDIA_TURNS);
        end();
      };
      const answerWith = (response: Response): void => {
        this.requests.delete(requestId);
        settle(() => resolve(response));
      };
      // Of two requests for one address a time-out counts only as the last one's: the other may have lost a packet.
      const isLast = (): boolean =>
        ![...this.requests].some(([id, open]) => id !== requestId && open.pathname === pathname);
      const fail = (status: number, cause: EvidenceCause): void => {
        const isHole = !isPlaylist && isMissing(cause) && !this.holes.has(origin);
        if (isHole) this.holes.add(origin);
        else if (cause !== 'timeout' || isLast()) this.world.onFailed(origin);
        answerWith(failed(status, cause));
      };
      // The signal does not reach the gateway (architecture.md, "abort"): there the request stays open.
      const abort = (): void => {
        // A transport that gave up on an answer has its evidence; one that lost interest has none.
        if (clock.now() - startedMs >= deadlineMs + GATEWAY_GRACE_MS && isLast()) this.world.onFailed(origin);
        settle(() => reject(new Error('aborted')));
      };
      if (answer.kind !== 'never' && answer.afterMs < deadlineMs)
        endTimer = clock.after(answer.afterMs, () => {
          if (answer.kind === 'failed') fail(statusOf(answer.cause), answer.cause);
          else if (isPlaylist) answerWith(playlist(origin.playlist(clock.now(), epochZeroMs)));
          else {
            this.holes.delete(origin);
            answerWith(bytes(origin.media(media)));
          }
        });
      else if (random.chance(KEEPS_DEADLINE_SHARE))
        endTimer = clock.after(deadlineMs, () => fail(504, 'timeout'));
      signal?.addEventListener('abort', abort);
    });
  };

  /** The bridge's `gateway.cancel`. */
  readonly cancel = (requestId: string): void => {
    this.requests.delete(requestId);
  };

  /** @param undisturbedSinceMs time before it was not observed: a blocked event loop ends nothing */
  look(nowMs: number, undisturbedSinceMs: number): void {
    for (const { pathname, startedMs, deadlineMs } of this.requests.values())
      this.world.check(() =>
        requestsEnd(nowMs - Math.max(startedMs, undisturbedSinceMs), deadlineMs, pathname),
      );
  }
}

function statusOf(cause: EvidenceCause): number {
  return cause.startsWith('http-') ? Number(cause.slice('http-'.length)) : 502;
}

/** Whole `Response`s would cost more than all else. */
function playlist(text: string): Response {
  return { ok: true, text: () => Promise.resolve(text) } as Response;
}

function bytes({ buffer }: Uint8Array): Response {
  return { ok: true, arrayBuffer: () => Promise.resolve(buffer) } as Response;
}

function failed(status: number, cause: EvidenceCause): Response {
  const reason = cause.startsWith('http-') ? null : cause;
  return {
    ok: false,
    status,
    body: null,
    headers: { get: (name: string) => (name === REASON_HEADER ? reason : null) },
  } as unknown as Response;
}
