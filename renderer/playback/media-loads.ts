import type { EndLoad } from './link-meter.ts';

/**
 * Media over which the rate is judged, ms, and in how many loads at least: a single one says as much about a lost packet on the
 * way, or this workstation, as about its site.
 */
const JUDGED_MS = 1000;
const JUDGED_LOADS = 3;
/** Media that is on its way for less than this is not late, however short it is, ms. */
const LEAST_LATE_MS = 250;

/** How a player's media comes, against real time. */
export class MediaLoads {
  /** The newest loads, just enough of them to be judged. */
  private loads: { readonly durationMs: number; readonly elapsedMs: number }[] = [];
  /** What is on its way. */
  private current: {
    readonly sinceMs: number;
    readonly durationMs: number;
    readonly endMetered: EndLoad;
  } | null = null;

  /** @param meter is told of each load, and gives what is to be told at its end */
  constructor(private readonly meter: (durationMs: number) => EndLoad) {}

  get isLoading(): boolean {
    return this.current !== null;
  }

  /** Media of `durationMs` is asked for. */
  begin(durationMs: number, nowMs: number): void {
    this.end();
    this.current = { sinceMs: nowMs, durationMs, endMetered: this.meter(durationMs) };
  }

  /** What is on its way came with so many bytes, or does not come any more. */
  end(bytes: number | null = null): void {
    this.current?.endMetered(bytes);
    this.current = null;
  }

  /** Media of `durationMs` took `elapsedMs` to load. */
  loaded(durationMs: number, elapsedMs: number): void {
    if (durationMs <= 0) return;
    this.loads.push({ durationMs, elapsedMs });
    while (this.isEnough(this.loads.slice(1))) this.loads.shift();
  }

  /** What came before, or was asked for before, says nothing any more: this workstation may have slept meanwhile. */
  startAnew(): void {
    this.loads = [];
    this.end();
  }

  /** Whether the newest second of media, and three loads of it at least, took longer to load than to play. */
  isTooSlow(): boolean {
    const elapsedMs = this.loads.reduce((total, load) => total + load.elapsedMs, 0);
    return this.isEnough(this.loads) && elapsedMs > mediaMs(this.loads);
  }

  /** Whether media comes slower than it plays, or what is on its way takes longer than that. */
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
