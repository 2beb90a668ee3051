/** The usual low is taken from the lows of so many windows, each of this length at least, ms. */
const LEAST_WINDOW_MS = 2000;
const WINDOWS = 6;
/** Fewer windows say nothing yet. */
const LEAST_WINDOWS = 2;
/** A new player's buffer fills for so long, ms. */
const FILLING_MS = 1000;
/** How far below its usual low a buffer has to be: a share of it, and at least so many ms. */
const LOW_SHARE = 0.2;
const LEAST_DROP_MS = 150;

/**
 * What is normal for the buffer of one player. A live buffer falls until the next piece of media arrives, to
 * much the same low each time; clearly below that low, the piece is late. That is no evidence against the
 * stream yet, but soon enough to have a standby ready before the picture would run dry (rule 5).
 */
export class BufferGauge {
  private lows: number[] = [];
  /** The median of {@link lows}, ms, of an even number the lesser of the two; `null` while they are too few. */
  private usualLowMs: number | null = null;
  private firstMs: number | null = null;
  private windowFromMs: number | null = null;
  private windowLowMs = Number.POSITIVE_INFINITY;
  private low = false;
  private lowBelow = 0;

  /**
   * @param aheadMs media ahead of the picture at `nowMs`
   * @param cycleMs how long the buffer falls from one piece to the next: every window has to hold one low
   * @param assumedLowMs the usual low as long as too little was seen to know it; `null` for no opinion
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

  /** A buffer below this is low, ms; 0 as long as there is no opinion. */
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
