/** Least length of a window in which the lowest buffer is noted, ms. */
const LEAST_WINDOW_MS = 2000;
/** The usual low is the median of the lows of this many windows. */
const WINDOWS = 6;
/** Fewer windows than this say nothing yet. */
const LEAST_WINDOWS = 2;
/** Time in which the buffer of a new player fills, ms. */
const FILLING_MS = 1000;
/** A buffer is low when it is below its usual low by this share of it. */
const LOW_SHARE = 0.2;
/** And by at least this much, ms. */
const LEAST_DROP_MS = 150;

/**
 * Learns what is normal for the buffer of one player. A live buffer falls until the next piece of media arrives, each time to
 * about the same low. When it is clearly below that low, the piece is late. That is no evidence against the stream yet, but it
 * is early enough to start a standby before the picture would run dry (rule 5).
 */
export class BufferGauge {
  private lows: number[] = [];
  /** Median of {@link lows}, ms (the lesser of the two middle ones of an even number); `null` while there are too few. */
  private usualLowMs: number | null = null;
  private firstMs: number | null = null;
  private windowFromMs: number | null = null;
  private windowLowMs = Number.POSITIVE_INFINITY;
  private low = false;
  private lowBelow = 0;

  /**
   * @param aheadMs media ahead of the picture at `nowMs`
   * @param cycleMs time from one arrival of media to the next: every window has to contain one low
   * @param assumedLowMs the usual low while too little was seen to know it; `null` for no opinion
   */
  sample(nowMs: number, aheadMs: number, cycleMs: number, assumedLowMs: number | null): void {
    this.windowFromMs ??= nowMs;
    this.firstMs ??= nowMs;
    this.windowLowMs = Math.min(this.windowLowMs, aheadMs);
    const usualMs = this.usualLowMs ?? assumedLowMs;
    this.lowBelow =
      usualMs === null ? 0 : Math.max(0, usualMs - Math.max(LEAST_DROP_MS, LOW_SHARE * usualMs));
    this.low = aheadMs < this.lowBelow && nowMs - this.firstMs >= FILLING_MS;
    if (nowMs - this.windowFromMs < Math.max(LEAST_WINDOW_MS, cycleMs)) return;
    this.lows = [...this.lows, this.windowLowMs].slice(-WINDOWS);
    if (this.isSure()) this.usualLowMs = medianOf(this.lows);
    this.windowFromMs = nowMs;
    this.windowLowMs = aheadMs;
  }

  /** Whether the next piece of media is late. */
  isLow(): boolean {
    return this.low;
  }

  /** A buffer below this is low, ms; 0 while there is no opinion. */
  lowBelowMs(): number {
    return this.lowBelow;
  }

  /** Whether enough was seen to know the usual low. */
  isSure(): boolean {
    return this.lows.length >= LEAST_WINDOWS;
  }
}

function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? null;
}
