import Hls, {
  type HlsConfig,
  type Loader,
  type LoaderCallbacks,
  type LoaderConfiguration,
  type LoaderContext,
} from 'hls.js/light';
import { DEADLINE_HEADER, REQUEST_ID_HEADER } from '../../shared/gateway-contract.ts';
import { grantedDeadlineMs, nextRequestId } from './transport.ts';

/**
 * hls.js's own loader, for media, with the gateway's headers. An aborted request is cancelled by its id too, because a
 * request without an answer cannot be aborted through the page's protocol (architecture.md, "abort").
 */
export function createGatewayLoader(
  cancel: (requestId: string) => void,
): new (
  config: HlsConfig,
) => Loader<LoaderContext> {
  return class GatewayLoader extends Hls.DefaultConfig.loader {
    private pending: string | null = null;

    override load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
    ): void {
      const requestId = nextRequestId();
      this.pending = requestId;
      const deadlineMs = grantedDeadlineMs(config.loadPolicy.maxLoadTimeMs);
      context.headers = {
        ...context.headers,
        [DEADLINE_HEADER]: String(deadlineMs),
        [REQUEST_ID_HEADER]: requestId,
      };
      const over = <A extends unknown[]>(callback: (...args: A) => void): ((...args: A) => void) => {
        return (...args) => {
          if (this.pending === requestId) this.pending = null;
          callback(...args);
        };
      };
      super.load(context, config, {
        ...callbacks,
        onSuccess: over(callbacks.onSuccess),
        onError: over(callbacks.onError),
        // The request itself still hangs at the gateway.
        onTimeout: (...args) => {
          this.cancelPending();
          callbacks.onTimeout(...args);
        },
      });
    }

    override abort(): void {
      super.abort();
      this.cancelPending();
    }

    override destroy(): void {
      super.destroy();
      this.cancelPending();
    }

    private cancelPending(): void {
      if (this.pending === null) return;
      cancel(this.pending);
      this.pending = null;
    }
  };
}
