import type {
  Loader,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderStats,
  PlaylistLoaderConstructor,
  PlaylistLoaderContext,
} from 'hls.js/light';
import { REASON_HEADER, REASON_TEXT_HEADER } from '../../shared/gateway-contract.ts';
import type { PlaylistAnswer, PlaylistFailure } from '../../shared/playlist-exchange.ts';
import type { Clock } from './clock.ts';
import { type BridgedGateway, grantedDeadlineMs, nextRequestId } from './transport.ts';

/**
 * Loads hls.js's playlists over the bridge. One attempt a load, whatever retries the policy names: the first error is evidence.
 * An answer comes as a whole, so that the deadline of its first byte is the one that counts.
 */
export function createPlaylistLoader(clock: Clock, gateway: BridgedGateway): PlaylistLoaderConstructor {
  return class PlaylistLoader implements Loader<PlaylistLoaderContext> {
    context: PlaylistLoaderContext | null = null;
    readonly stats: LoaderStats = newStats();
    private pending: string | null = null;
    private endTimer: () => void = () => {};

    load(
      context: PlaylistLoaderContext,
      { loadPolicy: { maxTimeToFirstByteMs, maxLoadTimeMs } }: LoaderConfiguration,
      callbacks: LoaderCallbacks<PlaylistLoaderContext>,
    ): void {
      this.context = context;
      this.stats.loading.start = clock.now();
      const requestId = nextRequestId();
      this.pending = requestId;
      this.endTimer = clock.after(Math.min(maxTimeToFirstByteMs, maxLoadTimeMs), () => {
        this.cancel();
        callbacks.onTimeout(this.stats, context, null);
      });
      const { pathname, search } = new URL(context.url);
      gateway
        .playlist({ pathname: pathname + search, requestId, deadlineMs: grantedDeadlineMs(maxLoadTimeMs) })
        .catch(() => HOST_GONE)
        .then((answer) => {
          if (this.pending === requestId) this.finish(answer, context, callbacks);
        });
    }

    abort(): void {
      this.cancel();
    }

    destroy(): void {
      this.cancel();
      this.context = null;
    }

    private finish(
      answer: PlaylistAnswer,
      context: PlaylistLoaderContext,
      callbacks: LoaderCallbacks<PlaylistLoaderContext>,
    ): void {
      this.pending = null;
      this.endTimer();
      const { stats } = this;
      stats.loading.first = stats.loading.end = clock.now();
      if (answer.kind === 'failed') {
        callbacks.onError({ code: answer.status, text: '' }, context, responseOf(answer), stats);
        return;
      }
      stats.loaded = stats.total = answer.text.length;
      callbacks.onSuccess({ url: context.url, data: answer.text, code: 200 }, stats, context, null);
    }

    private cancel(): void {
      this.endTimer();
      if (this.pending === null) return;
      gateway.cancel(this.pending);
      this.pending = null;
      this.stats.aborted = true;
    }
  };
}

/** The host did not carry the request out: as a connection that broke off, it has no status. */
const HOST_GONE: PlaylistFailure = { kind: 'failed', status: 0, reason: null, words: null };

/** With the gateway's headers, as hls.js keeps the answers of its other loads. */
function responseOf({ status, reason, words }: PlaylistFailure): Response | null {
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
