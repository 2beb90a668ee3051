import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { Clock } from '../../../shared/clock.ts';
import type { Lookup } from './system-lookup.ts';

/** Time for which the result of a look-up is used without another look-up, in milliseconds. */
const FRESH_MS = 30_000;
/** Minimum interval between two look-ups of the name, however much the site is in doubt, in milliseconds. */
const LOOK_UPS_APART_MS = 1000;
/** Time for which a request to a site in doubt waits for the look-up, in milliseconds. */
const PATIENCE_MS = 500;
/** Time after which another look-up starts beside one that hangs, in milliseconds. */
const ABANDON_MS = 15_000;

/**
 * After a good answer, an address is kept for this long despite a bad one, which may be about one camera only.
 * Milliseconds.
 */
const PROVEN_MS = 2000;
/** Time for which a dead stream is requested at one address before another address is tried, in milliseconds. */
const DEAD_STREAM_MS = 10_000;
/** Time for which an address that failed does not replace another one, in milliseconds. */
const FAILED_REST_MS = 10_000;

/**
 * Evidence against an address. `failed`: it answered with a server error, or not at all. `dead-stream`: it answered a
 * request for a stream that is lost.
 */
export type Complaint = 'failed' | 'dead-stream';

interface KnownAddress {
  readonly at: LookupAddress;
  /** Time since which it has been the address in use, ms; -Infinity before that. */
  usedSinceMs: number;
  /** Time of its last good answer, ms; -Infinity before that. */
  provenMs: number;
  /** Time of the failure for which it was left, ms; -Infinity without one. */
  failedMs: number;
}

interface LookupRun {
  readonly promise: Promise<readonly LookupAddress[]>;
  readonly startedMs: number;
}

/**
 * The addresses of one site's name, and the choice among them. Once a look-up has succeeded, nothing waits long for
 * another one: the last good addresses are used while a new look-up runs, and as long as look-ups fail.
 */
export class SiteAddresses {
  private readonly hostname: string;
  private readonly lookup: Lookup;
  private readonly clock: Clock;
  private readonly onChange: () => void;
  /** The address that is tried first is the first one; empty before the first look-up has succeeded. */
  private known: readonly KnownAddress[] = [];
  private freshUntilMs = Number.NEGATIVE_INFINITY;
  private lookedUpMs = Number.NEGATIVE_INFINITY;
  private running: LookupRun | null = null;

  /** @param onChange called when some addresses are no longer {@link isUsable} */
  constructor(hostname: string, lookup: Lookup, clock: Clock, onChange: () => void = () => {}) {
    this.hostname = hostname;
    this.lookup = lookup;
    this.clock = clock;
    this.onChange = onChange;
    const family = isIP(hostname);
    if (family === 0) return;
    this.known = [newlyKnown({ address: hostname, family })];
    this.freshUntilMs = Number.POSITIVE_INFINITY;
  }

  /** Whether requests wait for the first look-up. */
  get waiting(): boolean {
    return this.known.length === 0 && this.running !== null;
  }

  /**
   * The addresses in the order in which they are to be tried.
   * @throws the look-up's error, if none has ever succeeded
   */
  resolve(): Promise<readonly LookupAddress[]> {
    if (this.known.length === 0) return this.refresh();
    this.keepFresh();
    return Promise.resolve(this.known.map(({ at }) => at));
  }

  /** Looks the name up again if the last look-up is old: requests over kept connections start none. */
  keepFresh(): void {
    const dueMs = Math.max(this.freshUntilMs, this.lookedUpMs + LOOK_UPS_APART_MS);
    if (this.known.length === 0 || this.clock.now() < dueMs) return;
    this.refresh().catch(() => undefined);
  }

  /** The site may have moved: the next request starts a look-up. */
  doubt(): void {
    if (this.freshUntilMs !== Number.POSITIVE_INFINITY) this.freshUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** Does the same, and waits a moment for the look-up. Never rejects. */
  async lookAgain(): Promise<void> {
    this.doubt();
    this.keepFresh();
    const running = this.running;
    // A hanging look-up has been waited for already; the connection waits for the first one.
    if (this.known.length === 0 || running === null) return;
    const leftMs = running.startedMs + PATIENCE_MS - this.clock.now();
    if (leftMs <= 0) return;
    await new Promise<void>((resolve) => {
      const stopTimer = this.clock.after(leftMs, resolve);
      const end = (): void => {
        stopTimer();
        resolve();
      };
      running.promise.then(end, end);
    });
  }

  /** Whether a connection to that address may be used for another request. */
  isUsable(address: string): boolean {
    return this.find(address)?.failedMs === Number.NEGATIVE_INFINITY;
  }

  /** Called when a connection was made: its address is tried first from now on, unless there is evidence against it. */
  connected(address: string): void {
    const [first] = this.known;
    const known = this.find(address);
    if (known === undefined || (known === first && known.usedSinceMs !== Number.NEGATIVE_INFINITY)) return;
    known.usedSinceMs = this.clock.now();
    this.known = inOrder([known, ...this.known.filter((other) => other !== known)]);
  }

  /** Called for a good answer: it cancels the evidence against the address. */
  proved(address: string): void {
    const known = this.find(address);
    if (known === undefined) return;
    known.provenMs = this.clock.now();
    known.failedMs = Number.NEGATIVE_INFINITY;
  }

  /**
   * Leaves an address for the next one, unless it gave good answers a moment ago.
   * @returns whether another address may do better now
   */
  accuse(address: string, complaint: Complaint): boolean {
    this.doubt();
    const nowMs = this.clock.now();
    const known = this.find(address);
    // The name has moved since the request began.
    if (known === undefined) return this.known.length > 0;
    if (this.known.length === 1) return false;
    const leftFromMs =
      complaint === 'failed'
        ? known.provenMs + PROVEN_MS
        : Math.max(known.provenMs, known.usedSinceMs) + DEAD_STREAM_MS;
    if (nowMs < leftFromMs) return false;
    known.failedMs = nowMs;
    this.known = inOrder(this.known);
    this.onChange();
    return nowMs - (this.known[0]?.failedMs ?? nowMs) >= FAILED_REST_MS;
  }

  private find(address: string): KnownAddress | undefined {
    return this.known.find(({ at }) => at.address === address);
  }

  private refresh(): Promise<readonly LookupAddress[]> {
    const nowMs = this.clock.now();
    if (this.running !== null && nowMs - this.running.startedMs < ABANDON_MS) return this.running.promise;
    this.lookedUpMs = nowMs;
    const promise = this.lookup(this.hostname).then((addresses) => {
      if (addresses.length > 0) this.take(addresses);
      return addresses;
    });
    const running = { promise, startedMs: nowMs };
    this.running = running;
    const end = (): void => {
      if (this.running === running) this.running = null;
    };
    promise.then(end, end);
    return promise;
  }

  /** What is known of an address is kept as long as the name has that address. */
  private take(addresses: readonly LookupAddress[]): void {
    const before = this.known;
    const staying = before.filter(({ at }) => addresses.some(({ address }) => address === at.address));
    const added = addresses.filter(({ address }) => !staying.some(({ at }) => at.address === address));
    this.known = inOrder([...staying, ...added.map(newlyKnown)]);
    this.freshUntilMs = this.clock.now() + FRESH_MS;
    if (staying.length < before.length) this.onChange();
  }
}

function newlyKnown(at: LookupAddress): KnownAddress {
  const never = Number.NEGATIVE_INFINITY;
  return { at, usedSinceMs: never, provenMs: never, failedMs: never };
}

/** Addresses that failed come after the others, the latest failure last. */
function inOrder(known: readonly KnownAddress[]): readonly KnownAddress[] {
  return [...known].sort((a, b) => (a.failedMs === b.failedMs ? 0 : a.failedMs - b.failedMs));
}
