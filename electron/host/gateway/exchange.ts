import type { Clock } from '../clock.ts';
import type { GatewayFailure } from './gateway-failure.ts';

export interface ExchangeOptions {
  readonly requestId: string | null;
  /** Until the last byte of the body is with the page, in milliseconds. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  /** What to say when the deadline has passed. */
  readonly onDeadline: () => GatewayFailure;
  readonly onEnd: () => void;
}

/**
 * One request of a page's, from its arrival to the last byte of the answer. It ends exactly once: by
 * {@link end} when all is said, or by {@link abort}, upon which everything that was opened for it is closed.
 */
export class Exchange {
  readonly requestId: string | null;
  private readonly controller = new AbortController();
  private readonly stopDeadline: () => void;
  private readonly onEnd: () => void;
  private ended = false;

  constructor(options: ExchangeOptions) {
    this.requestId = options.requestId;
    this.onEnd = options.onEnd;
    this.stopDeadline = options.clock.schedule(() => this.abort(options.onDeadline()), options.deadlineMs);
  }

  /** Aborted with the {@link GatewayFailure} that ended the exchange. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.stopDeadline();
    this.onEnd();
  }

  abort(failure: GatewayFailure): void {
    if (this.ended) return;
    this.end();
    this.controller.abort(failure);
  }
}
