import type { EndLoad } from './link-meter.ts';

/** The rate is judged over at least this much media, ms. */
const JUDGED_MS = 1000;
/** And over at least this many loads: one slow load may as well be caused by a lost packet, or by this workstation. */
const JUDGED_LOADS = 3;
/** Media that has been loading for less than this is not late, however short it is, ms. */
const LEAST_LATE_MS = 250;

/** How fast a player's media comes, compared with real time. */
export class MediaLoads {
  /** The newest loads, just enough of them to be judged. */
  private loads: { readonly durationMs: number; readonly elapsedMs: number }[] = [];
  /** The media that is being loaded. */
  private current: {
    readonly sinceMs: number;
    readonly durationMs: number;
    readonly endMetered: EndLoad;
  } | null = null;

  /** @param meter is called for each load, and returns what is called at its end */
  constructor(private readonly meter: (durationMs: number) => EndLoad) {}

  get isLoading(): boolean {
    return this.current !== null;
  }

  /** A load of media that plays for `durationMs` begins. */
  begin(durationMs: number, nowMs: number): void {
    this.end();
    this.current = { sinceMs: nowMs, durationMs, endMetered: this.meter(durationMs) };
  }

  /** The load ended: with these bytes, or `null` where it did not complete. */
  end(bytes: number | null = null): void {
    this.current?.endMetered(bytes);
    this.current = null;
  }

  /** Media that plays for `durationMs` took `elapsedMs` to load. */
  loaded(durationMs: number, elapsedMs: number): void {
    if (durationMs <= 0) return;
    this.loads.push({ durationMs, elapsedMs });
    while (this.isEnough(this.loads.slice(1))) this.loads.shift();
  }

  /** Forgets all loads, pending ones as well: this workstation may have slept meanwhile. */
  startAnew(): void {
    this.loads = [];
    this.end();
  }

  /** Whether the newest second of media, and at least three loads of it, took longer to load than to play. */
  isTooSlow(): boolean {
    const elapsedMs = this.loads.reduce((total, load) => total + load.elapsedMs, 0);
    return this.isEnough(this.loads) && elapsedMs > mediaMs(this.loads);
  }

  /** Whether media comes slower than it plays, or the pending load already takes longer than its media plays. */
  isLate(nowMs: number): boolean {
    if (this.isTooSlow()) return true;
    if (this.current === null) return false;
    return nowMs - this.current.sinceMs > Math.max(LEAST_LATE_MS, this.current.durationMs);
  }

  private isEnough(loads: typeof this.loads): boolean {
    return loads.length >= JUDGED_LOADS && mediaMs(loads) >= JUDGED_MS;
  }
}

function mediaMs(loads: readonly { readonly durationMs: number }[]): number {
  return loads.reduce((total, { durationMs }) => total + durationMs, 0);
}
