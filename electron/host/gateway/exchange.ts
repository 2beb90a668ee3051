import type { Clock } from '../../../shared/clock.ts';
import type { GatewayFailure } from './failures.ts';

export interface ExchangeOptions {
  readonly requestId: string | null;
  /** Time until the page has the last byte of the body, in milliseconds. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  /** Gives the failure at the deadline. */
  readonly onDeadline: () => GatewayFailure;
  readonly onEnd: () => void;
}

/**
 * One request of a page, from its arrival to the last byte of the answer. It ends exactly once: by {@link end} after
 * the last byte, or by {@link abort}, which closes everything that was opened for it.
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
    this.stopDeadline = options.clock.after(options.deadlineMs, () => this.abort(options.onDeadline()));
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
