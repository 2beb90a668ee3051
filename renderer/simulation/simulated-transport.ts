import type { Fetched, FetchOptions, Transport } from '../playback/transport.ts';
import { requestsEnd } from './invariants.ts';
import type { MediaBytes, Origin } from './origin.ts';
import type { Random } from './random.ts';
import type { OwnedClock, SimulatedClock } from './simulated-clock.ts';

/** What a simulated transport needs of the world. */
export interface TransportWorld {
  readonly clock: SimulatedClock;
  /** The requests' own timers: they are the gateway's, not the tile's. */
  readonly timers: OwnedClock;
  readonly random: Random;
  readonly media: MediaBytes;
  readonly epochZeroMs: number;
  originOf(pathname: string): Origin;
  check(invariants: () => void): void;
  /** A request failed, and was not ended by its own signal. */
  onFailed(origin: Origin): void;
}

/** One tile's way to the sites, answered from their {@link Origin}s within each request's deadline, as the gateway would. */
export class SimulatedTransport implements Transport {
  /** Requests that have no answer yet. */
  open = 0;

  constructor(private readonly world: TransportWorld) {}

  fetchText(pathname: string, options: FetchOptions): Promise<Fetched<string>> {
    const origin = this.world.originOf(pathname);
    return this.fetch(pathname, origin, 'playlist', options, () =>
      origin.playlist(this.world.clock.now(), this.world.epochZeroMs),
    );
  }

  fetchBytes(pathname: string, options: FetchOptions): Promise<Fetched<Uint8Array>> {
    const origin = this.world.originOf(pathname);
    return this.fetch(pathname, origin, 'media', options, () => origin.media(this.world.media));
  }

  private fetch<T>(
    pathname: string,
    origin: Origin,
    what: 'playlist' | 'media',
    { deadlineMs, signal }: FetchOptions,
    body: () => T,
  ): Promise<Fetched<T>> {
    this.world.check(() => requestsEnd(deadlineMs, pathname));
    const { clock, timers, random } = this.world;
    const startedMs = clock.now();
    const answer = origin.answer(what, what === 'playlist' ? 0 : origin.encoding.targetMs, random);
    this.open += 1;
    return new Promise((resolve) => {
      const end = (fetched: Fetched<T>): void => {
        endTimer();
        signal.removeEventListener('abort', abort);
        this.open -= 1;
        if (fetched.kind === 'failed') this.world.onFailed(origin);
        clock.resolved();
        resolve(fetched);
      };
      const abort = (): void => end({ kind: 'aborted' });
      const inTime = answer.kind !== 'never' && answer.afterMs < deadlineMs ? answer : null;
      const endTimer = timers.after(inTime?.afterMs ?? deadlineMs, () => {
        if (inTime === null) end({ kind: 'failed', cause: 'timeout' });
        else if (inTime.kind === 'failed') end({ kind: 'failed', cause: inTime.cause });
        else end({ kind: 'body', body: body(), elapsedMs: clock.now() - startedMs });
      });
      signal.addEventListener('abort', abort);
    });
  }
}
