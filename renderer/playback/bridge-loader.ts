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
import { REASON_HEADER, REASON_TEXT_HEADER } from '../../shared/gateway/gateway-contract.ts';
import type { FailedAnswer, MediaRequest, PlaylistRequest } from '../../shared/gateway/gateway-exchange.ts';
import type { Clock } from './clock.ts';
import { NOT_ALLOWED, type PlaylistSession, type SessionAnswer } from './playlist-session.ts';
import { grantedDeadlineMs, nextRequestId, type SiteGateway } from './transport.ts';

/** What came, and after how long its first byte, ms; the whole at once where that is not told. */
interface Loaded {
  readonly data: string | ArrayBuffer;
  readonly waitedMs?: number;
  /** How much of that went into connecting, ms. */
  readonly connectMs?: number;
  /** Where it was found, if not where it was asked for. */
  readonly pathname?: string;
}

/** What a load gives for its requests. */
interface Load {
  /** The terms of one request: each has an id and a deadline of its own. */
  readonly terms: () => Pick<PlaylistRequest, 'requestId' | 'deadlineMs'>;
  /** Whether hls.js has given it up: an answer may be on its way all the same. */
  readonly isOver: () => boolean;
  /** The time before was not spent on its site. */
  readonly startNow: () => void;
}

/**
 * Asks for what hls.js wants to load, and gives up on it after a time of its own.
 * @returns what came, or why nothing did; `null` where hls.js is not to be answered. Rejects where the host itself does
 * not answer
 */
type Ask<C extends LoaderContext> = (
  context: C,
  load: Load,
  policy: LoaderConfiguration['loadPolicy'],
) => Promise<Loaded | FailedAnswer | null>;

/**
 * Share of its duration for which a segment gathers that is made when it is asked for: one that is asked for at once has no
 * picture. The rest is for the way there and back.
 */
const GATHERED_SHARE = 0.8;

/** What the loads of one player go through. */
export interface PlayerLoads {
  /** Below which all addresses of the stream's site are, in the window's own origin. */
  readonly siteUrl: string;
  readonly session: PlaylistSession;
  /** The stream cannot be played here, whatever comes. */
  readonly unplayable: (cause: Extract<SessionAnswer, { kind: 'unplayable' }>['cause']) => void;
  /** @returns what hls.js is given of media that came in the clear; `null` where it will ask for other media instead */
  readonly media: (
    bytes: Uint8Array<ArrayBuffer>,
    context: FragmentLoaderContext,
    isOver: Load['isOver'],
  ) => Promise<Uint8Array<ArrayBuffer> | null>;
  /** The same of media under a key, which hls.js decrypts itself. */
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
      // An answer comes as a whole, so that the deadline of its first byte is the one that counts.
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

/** What hls.js asks for. */
export function pieceIn(context: LoaderContext): Pick<MediaRequest, 'pathname' | 'range' | 'expects'> {
  const { rangeStart = 0, rangeEnd = 0 } = context;
  return {
    pathname: addressIn(context),
    // As hls.js asks for the whole.
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

/** One attempt a load, whatever retries the policy names: the first error is evidence. */
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
      // For hls.js an error may be a piece that is missing, which a time-out never is.
      if (answer.reason === 'timeout') callbacks.onTimeout(stats, context, responseOf(answer));
      else callbacks.onError({ code: answer.status, text: '' }, context, responseOf(answer), stats);
      return;
    }
    const { data, waitedMs, connectMs = 0, pathname } = answer;
    if (waitedMs !== undefined) loading.first = Math.min(loading.end, loading.start + waitedMs);
    // The rate of media is told without the time to connect.
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

/** The host did not carry the request out: as a connection that broke off, it has no status. */
const HOST_GONE: FailedAnswer = { kind: 'failed', status: 0, reason: null, words: null };

/** With the gateway's headers, as hls.js keeps the answers of its other loads. */
function responseOf({ status, reason, words }: FailedAnswer): Response | null {
  // A response cannot have any other status.
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
