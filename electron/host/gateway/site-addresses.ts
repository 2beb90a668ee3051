import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Lookup } from './system-lookup.ts';

/** How long a look-up's answer is used without asking again, in milliseconds. */
const FRESH_MS = 30_000;
/** How long a look-up may take until another one is tried, in milliseconds. */
const ABANDON_MS = 15_000;

/**
 * One site's addresses (behaviour.md fault 16). Once a look-up has succeeded nothing ever waits for another:
 * the last good addresses are used while a new look-up runs, and for as long as look-ups fail.
 */
export class SiteAddresses {
  readonly #hostname: string;
  readonly #lookup: Lookup;
  readonly #clock: Clock;
  #known: { readonly addresses: readonly LookupAddress[]; freshUntilMs: number } | null = null;
  #running: { readonly promise: Promise<readonly LookupAddress[]>; readonly startedMs: number } | null = null;

  constructor(hostname: string, lookup: Lookup, clock: Clock) {
    this.#hostname = hostname;
    this.#lookup = lookup;
    this.#clock = clock;
    const family = isIP(hostname);
    if (family !== 0)
      this.#known = { addresses: [{ address: hostname, family }], freshUntilMs: Number.POSITIVE_INFINITY };
  }

  /** Whether requests wait for a first look-up. */
  get waiting(): boolean {
    return this.#known === null && this.#running !== null;
  }

  /** @throws the look-up's error, where none has ever succeeded. */
  resolve(): Promise<readonly LookupAddress[]> {
    const known = this.#known;
    if (known !== null && this.#clock.now() < known.freshUntilMs) return Promise.resolve(known.addresses);
    const running = this.#refresh();
    if (known === null) return running;
    running.catch(() => undefined);
    return Promise.resolve(known.addresses);
  }

  /** A connection failed: the site may have moved, so the next request starts a look-up. */
  doubt(): void {
    if (this.#known !== null && this.#known.freshUntilMs !== Number.POSITIVE_INFINITY)
      this.#known.freshUntilMs = 0;
  }

  #refresh(): Promise<readonly LookupAddress[]> {
    const now = this.#clock.now();
    if (this.#running !== null && now - this.#running.startedMs < ABANDON_MS) return this.#running.promise;
    const promise = this.#lookup(this.#hostname).then((addresses) => {
      if (addresses.length > 0) this.#known = { addresses, freshUntilMs: this.#clock.now() + FRESH_MS };
      return addresses;
    });
    const running = { promise, startedMs: now };
    this.#running = running;
    const end = (): void => {
      if (this.#running === running) this.#running = null;
    };
    promise.then(end, end);
    return promise;
  }
}
