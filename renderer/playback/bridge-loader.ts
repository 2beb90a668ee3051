import {
  type FragmentLoaderContext,
  type KeyLoaderContext,
  type Loader,
  type LoaderCallbacks,
  type LoaderConfiguration,
  type LoaderContext,
  LoaderContextType,
  type LoaderStats,
  type PlaylistLoaderConstructor,
  type PlaylistLoaderContext,
} from 'hls.js';
import type { Clock } from '../../shared/clock.ts';
import { REASON_HEADER, REASON_TEXT_HEADER } from '../../shared/gateway/gateway-contract.ts';
import type { FailedAnswer, MediaRequest, PlaylistRequest } from '../../shared/gateway/gateway-exchange.ts';
import { NOT_ALLOWED, type PlaylistSession, type SessionAnswer } from './playlist-session.ts';
import { grantedDeadlineMs, nextRequestId, type SiteGateway } from './transport.ts';

/** What arrived. `waitedMs` is the time until the first byte; without it, everything arrived at once. */
interface Loaded {
  readonly data: string | ArrayBuffer;
  readonly waitedMs?: number;
  /** How much of that time went into connecting, ms. */
  readonly connectMs?: number;
  /** The path of the answer, where it is not the requested path. */
  readonly pathname?: string;
}

/** What a load provides for its requests. */
interface Load {
  /** The terms of one request: each has an id and a deadline of its own. */
  readonly terms: () => Pick<PlaylistRequest, 'requestId' | 'deadlineMs'>;
  /** Whether hls.js has given the load up. An answer may still be on its way then. */
  readonly isOver: () => boolean;
  /** Restarts the measured time: what passed before was not spent at the site. */
  readonly startNow: () => void;
}

/**
 * Requests what hls.js wants to load, and gives up after a time of its own.
 * @returns what arrived, or the failure; `null` where hls.js must not get an answer. Rejects where the host itself does not
 * answer
 */
type Ask<C extends LoaderContext> = (
  context: C,
  load: Load,
  policy: LoaderConfiguration['loadPolicy'],
) => Promise<Loaded | FailedAnswer | null>;

/**
 * A server that makes segments on request has no picture for a segment that is requested at once. The loader waits for this
 * share of the segment's duration before it requests it. The rest is for the round trip.
 */
const GATHERED_SHARE = 0.8;

/** What processes the loads of one player. */
export interface PlayerLoads {
  /** All addresses of the stream's site begin with this, in the window's own origin. */
  readonly siteUrl: string;
  readonly session: PlaylistSession;
  /** Reports that the stream cannot be played here, whatever arrives. */
  readonly unplayable: (cause: Extract<SessionAnswer, { kind: 'unplayable' }>['cause']) => void;
  /** @returns what hls.js is given for media that came in the clear; `null` where it will request other media instead */
  readonly media: (
    bytes: Uint8Array<ArrayBuffer>,
    context: FragmentLoaderContext,
    isOver: Load['isOver'],
  ) => Promise<Uint8Array<ArrayBuffer> | null>;
  /** The same for media under a key, which hls.js decrypts itself. */
  readonly encryptedMedia: (
    bytes: Uint8Array<ArrayBuffer>,
    context: FragmentLoaderContext,
  ) => Promise<Uint8Array<ArrayBuffer> | null>;
}

/** Loads hls.js's playlists over the bridge. */
export function createPlaylistLoader(
  clock: Clock,
  gateway: SiteGateway,
  { session, unplayable }: Pick<PlayerLoads, 'session' | 'unplayable'>,
): PlaylistLoaderConstructor {
  const ask: Ask<PlaylistLoaderContext> = async ({ type, deliveryDirectives }, load) => {
    const askSite = (pathname: string) => gateway.playlist({ pathname, ...load.terms() });
    const answer = await (type === LoaderContextType.MANIFEST
      ? session.begin(askSite)
      : session.reload(askSite, deliveryDirectives ?? {}));
    if (answer.kind === 'failed') return answer;
    if (answer.kind === 'given') return { data: answer.text, pathname: answer.pathname };
    if (answer.kind === 'unplayable' && !load.isOver()) unplayable(answer.cause);
    return null;
  };
  return class PlaylistLoader extends BridgeLoader<PlaylistLoaderContext> {
    constructor() {
      // A playlist arrives as a whole, so the deadline of its first byte is the one that counts.
      super(clock, gateway, ask, ({ maxTimeToFirstByteMs, maxLoadTimeMs }) =>
        Math.min(maxTimeToFirstByteMs, maxLoadTimeMs),
      );
    }
  };
}

/** Loads hls.js's media, and its keys, over the bridge. */
export function createMediaLoader(
  clock: Clock,
  gateway: SiteGateway,
  { siteUrl, session, media, encryptedMedia }: Omit<PlayerLoads, 'unplayable'>,
): new () => Loader<LoaderContext> {
  let nextMs = 0;
  const ask: Ask<LoaderContext> = async (context, load, policy) => {
    if (!context.url.startsWith(siteUrl)) return NOT_ALLOWED;
    if (session.isMadeOnDemand() && isFragment(context)) {
      const waitMs = Math.max(0, nextMs - clock.now());
      nextMs = clock.now() + waitMs + GATHERED_SHARE * context.frag.duration * 1000;
      if (waitMs > 0) await new Promise<void>((resolve) => void clock.after(waitMs, resolve));
      if (load.isOver()) return null;
      load.startNow();
    }
    const answer = await gateway.media({
      ...pieceIn(context),
      ...load.terms(),
      firstByteMs: grantedDeadlineMs(policy.maxTimeToFirstByteMs),
    });
    if (answer.kind === 'failed') return answer;
    if (load.isOver()) return null;
    const taken = async (): Promise<Uint8Array<ArrayBuffer> | null> => {
      if (!isFragment(context)) return answer.bytes;
      return context.frag.encrypted
        ? encryptedMedia(answer.bytes, context)
        : media(answer.bytes, context, load.isOver);
    };
    const bytes = await taken();
    const { waitedMs, connectMs = 0 } = answer;
    return bytes === null ? null : { data: bytes.buffer, waitedMs, connectMs };
  };
  return class MediaLoader extends BridgeLoader<LoaderContext> {
    constructor() {
      super(clock, gateway, ask, ({ maxLoadTimeMs }) => maxLoadTimeMs);
    }
  };
}

/** The request for what hls.js wants to load. */
export function pieceIn(context: LoaderContext): Pick<MediaRequest, 'pathname' | 'range' | 'expects'> {
  const { rangeStart = 0, rangeEnd = 0 } = context;
  return {
    pathname: addressIn(context),
    // hls.js states an end of 0 where it wants the whole file.
    range: rangeEnd === 0 ? null : { offset: rangeStart, length: rangeEnd - rangeStart },
    expects: expectationOf(context),
  };
}

function expectationOf(context: LoaderContext): MediaRequest['expects'] {
  if (isKey(context)) return 'key';
  return isFragment(context) && context.frag.encrypted ? 'encrypted-media' : 'media';
}

function isKey(context: LoaderContext): context is KeyLoaderContext {
  return 'keyInfo' in context;
}

function isFragment(context: LoaderContext): context is FragmentLoaderContext {
  return 'frag' in context && !isKey(context);
}

function addressIn({ url }: LoaderContext): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** Makes one attempt for each load, whatever retries the policy names: the first error is evidence. */
abstract class BridgeLoader<C extends LoaderContext> implements Loader<C> {
  context: C | null = null;
  readonly stats: LoaderStats = newStats();
  private callbacks: LoaderCallbacks<C> | null = null;
  /** The request that is on its way. */
  private pending: string | null = null;
  private endTimer: () => void = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly gateway: Pick<SiteGateway, 'cancel'>,
    private readonly ask: Ask<C>,
    private readonly patienceMs: (policy: LoaderConfiguration['loadPolicy']) => number,
  ) {}

  load(context: C, { loadPolicy }: LoaderConfiguration, callbacks: LoaderCallbacks<C>): void {
    this.context = context;
    this.callbacks = callbacks;
    this.stats.loading.start = this.clock.now();
    const deadlineMs = grantedDeadlineMs(loadPolicy.maxLoadTimeMs);
    let latest = nextRequestId();
    this.pending = latest;
    const isOver = (): boolean => this.pending !== latest;
    const startNow = (): void => {
      this.stats.loading.start = this.clock.now();
    };
    const terms: Load['terms'] = () => {
      if (isOver()) throw new Error('the load was given up');
      const requestId = nextRequestId();
      latest = this.pending = requestId;
      this.endTimer();
      this.endTimer = this.clock.after(this.patienceMs(loadPolicy), () => {
        this.cancel();
        callbacks.onTimeout(this.stats, context, null);
      });
      return { requestId, deadlineMs };
    };
    this.ask(context, { terms, isOver, startNow }, loadPolicy)
      .catch(() => HOST_GONE)
      .then((answer) => {
        if (isOver()) return;
        this.pending = null;
        this.endTimer();
        if (answer !== null) this.finish(answer, context, callbacks);
      });
  }

  abort(): void {
    const { callbacks, context } = this;
    this.cancel();
    if (context !== null) callbacks?.onAbort?.(this.stats, context, null);
  }

  destroy(): void {
    this.cancel();
    this.callbacks = null;
    this.context = null;
  }

  private finish(answer: Loaded | FailedAnswer, context: C, callbacks: LoaderCallbacks<C>): void {
    const { stats } = this;
    const { loading } = stats;
    loading.first = loading.end = this.clock.now();
    if ('kind' in answer) {
      // hls.js may take an error for a missing piece. It never takes a time-out for one.
      if (answer.reason === 'timeout') callbacks.onTimeout(stats, context, responseOf(answer));
      else callbacks.onError({ code: answer.status, text: '' }, context, responseOf(answer), stats);
      return;
    }
    const { data, waitedMs, connectMs = 0, pathname } = answer;
    if (waitedMs !== undefined) loading.first = Math.min(loading.end, loading.start + waitedMs);
    // The rate of the media excludes the time to connect.
    loading.start = Math.min(loading.first, loading.start + connectMs);
    stats.loaded = stats.total = typeof data === 'string' ? data.length : data.byteLength;
    stats.bwEstimate = (stats.total * 8000) / (loading.end - loading.first);
    callbacks.onProgress?.(stats, context, data, null);
    const url = pathname === undefined ? context.url : new URL(pathname, context.url).href;
    callbacks.onSuccess({ url, data, code: 200 }, stats, context, null);
  }

  private cancel(): void {
    this.endTimer();
    if (this.pending === null) return;
    this.gateway.cancel(this.pending);
    this.pending = null;
    this.stats.aborted = true;
  }
}

/** The host did not carry the request out. There is no status, as with a connection that broke off. */
const HOST_GONE: FailedAnswer = { kind: 'failed', status: 0, reason: null, words: null };

/** With the gateway's headers, so that hls.js keeps it like the answers of its other loads. */
function responseOf({ status, reason, words }: FailedAnswer): Response | null {
  // The `Response` constructor allows no other status.
  if (status < 200 || status > 599) return null;
  const headers = new Headers();
  if (reason !== null) headers.set(REASON_HEADER, reason);
  if (words !== null) headers.set(REASON_TEXT_HEADER, encodeURIComponent(words));
  return new Response(null, { status, headers });
}

function newStats(): LoaderStats {
  return {
    aborted: false,
    loaded: 0,
    retry: 0,
    total: 0,
    chunkCount: 0,
    bwEstimate: 0,
    loading: { start: 0, first: 0, end: 0 },
    parsing: { start: 0, end: 0 },
    buffering: { start: 0, first: 0, end: 0 },
  };
}
