import type {
  Loader,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderContext,
  LoaderStats,
  PlaylistLoaderConstructor,
  PlaylistLoaderContext,
} from 'hls.js/light';
import { REASON_HEADER, REASON_TEXT_HEADER } from '../../shared/gateway-contract.ts';
import type { GatewayNo, PlaylistRequest } from '../../shared/gateway-exchange.ts';
import type { Clock } from './clock.ts';
import { type BridgedGateway, grantedDeadlineMs, nextRequestId } from './transport.ts';

/** What came, and after how long its first byte, ms; the whole at once where that is not told. */
interface Loaded {
  readonly data: string | ArrayBuffer;
  readonly waitedMs?: number;
}

/**
 * Asks for what hls.js wants to load, and gives up on it after a time of its own.
 * @returns what came, or why nothing did; rejects where the host itself does not answer
 */
type Ask<C extends LoaderContext> = (
  context: C,
  request: PlaylistRequest,
  policy: LoaderConfiguration['loadPolicy'],
) => Promise<Loaded | GatewayNo>;

/** Loads hls.js's playlists over the bridge. */
export function createPlaylistLoader(clock: Clock, gateway: BridgedGateway): PlaylistLoaderConstructor {
  const ask: Ask<PlaylistLoaderContext> = async (_context, request) => {
    const answer = await gateway.playlist(request);
    return answer.kind === 'failed' ? answer : { data: answer.text };
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

/** Loads hls.js's media over the bridge. */
export function createMediaLoader(clock: Clock, gateway: BridgedGateway): new () => Loader<LoaderContext> {
  const ask: Ask<LoaderContext> = async ({ rangeStart = 0, rangeEnd = 0 }, request, policy) => {
    const answer = await gateway.media({
      ...request,
      firstByteMs: grantedDeadlineMs(policy.maxTimeToFirstByteMs),
      // As hls.js asks for the whole.
      range: rangeEnd === 0 ? null : { offset: rangeStart, length: rangeEnd - rangeStart },
      expects: 'media',
    });
    return answer.kind === 'failed' ? answer : { data: answer.bytes.buffer, waitedMs: answer.waitedMs };
  };
  return class MediaLoader extends BridgeLoader<LoaderContext> {
    constructor() {
      super(clock, gateway, ask, ({ maxLoadTimeMs }) => maxLoadTimeMs);
    }
  };
}

/**
 * One attempt a load, whatever retries the policy names: the first error is evidence. There is no progress to be told, so that
 * hls.js chooses another quality only from one load to the next.
 */
abstract class BridgeLoader<C extends LoaderContext> implements Loader<C> {
  context: C | null = null;
  readonly stats: LoaderStats = newStats();
  private callbacks: LoaderCallbacks<C> | null = null;
  private pending: string | null = null;
  private endTimer: () => void = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly gateway: Pick<BridgedGateway, 'cancel'>,
    private readonly ask: Ask<C>,
    private readonly patienceMs: (policy: LoaderConfiguration['loadPolicy']) => number,
  ) {}

  load(context: C, { loadPolicy }: LoaderConfiguration, callbacks: LoaderCallbacks<C>): void {
    this.context = context;
    this.callbacks = callbacks;
    this.stats.loading.start = this.clock.now();
    const requestId = nextRequestId();
    this.pending = requestId;
    this.endTimer = this.clock.after(this.patienceMs(loadPolicy), () => {
      this.cancel();
      callbacks.onTimeout(this.stats, context, null);
    });
    const { pathname, search } = new URL(context.url);
    const deadlineMs = grantedDeadlineMs(loadPolicy.maxLoadTimeMs);
    this.ask(context, { pathname: pathname + search, requestId, deadlineMs }, loadPolicy)
      .catch(() => HOST_GONE)
      .then((answer) => {
        if (this.pending === requestId) this.finish(answer, context, callbacks);
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

  private finish(answer: Loaded | GatewayNo, context: C, callbacks: LoaderCallbacks<C>): void {
    this.pending = null;
    this.endTimer();
    const { stats } = this;
    const { loading } = stats;
    loading.first = loading.end = this.clock.now();
    if ('kind' in answer) {
      // For hls.js an error may be a piece that is missing, which a time-out never is.
      if (answer.reason === 'timeout') callbacks.onTimeout(stats, context, responseOf(answer));
      else callbacks.onError({ code: answer.status, text: '' }, context, responseOf(answer), stats);
      return;
    }
    const { data, waitedMs } = answer;
    if (waitedMs !== undefined) loading.first = Math.min(loading.end, loading.start + waitedMs);
    stats.loaded = stats.total = typeof data === 'string' ? data.length : data.byteLength;
    stats.bwEstimate = (stats.total * 8000) / (loading.end - loading.first);
    callbacks.onProgress?.(stats, context, data, null);
    callbacks.onSuccess({ url: context.url, data, code: 200 }, stats, context, null);
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
const HOST_GONE: GatewayNo = { kind: 'failed', status: 0, reason: null, words: null };

/** With the gateway's headers, as hls.js keeps the answers of its other loads. */
function responseOf({ status, reason, words }: GatewayNo): Response | null {
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
