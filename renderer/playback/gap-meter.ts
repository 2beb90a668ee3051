/** Frames that the meter remembers: 60 s at 30 fps. */
const CAPACITY = 1800;

/**
 * The gap meter of one tile: when the tile showed a new picture, and so how long it showed none. It receives only the frames of
 * the picture on the screen. The journal, the tests and the benchmarks read it.
 */
export class GapMeter {
  private readonly framesMs = new Float64Array(CAPACITY);
  /** Time without a new picture before each frame. */
  private readonly gapsMs = new Float64Array(CAPACITY);
  private count = 0;
  private longest: number | null = null;
  private anewMs = Number.NEGATIVE_INFINITY;

  /** A new picture was on the screen at `atMs` (monotonic ms, not before the previous one). */
  frame(atMs: number): void {
    const gapMs = this.openGapMs(atMs);
    if (gapMs !== null) this.longest = Math.max(this.longest ?? 0, gapMs);
    this.framesMs[this.count % CAPACITY] = atMs;
    this.gapsMs[this.count % CAPACITY] = gapMs ?? 0;
    this.count += 1;
  }

  /** The time until `nowMs`, in which nothing could be seen (window hidden, machine asleep), is no gap. */
  startAnew(nowMs: number): void {
    this.anewMs = nowMs;
  }

  /** New pictures since the first one. */
  frames(): number {
    return this.count;
  }

  lastFrameMs(): number | null {
    return this.count === 0 ? null : at(this.framesMs, this.count - 1);
  }

  /** Longest time without a new picture since the first one, ms; `null` before the second. */
  longestMs(): number | null {
    return this.longest;
  }

  /**
   * Longest time from frame to frame, ms, of the intervals that overlap `[fromMs, toMs]`. An interval that is still open at
   * `toMs` counts up to `toMs`. `null` when no frame is known.
   */
  longestBetween(fromMs: number, toMs: number): number | null {
    const openMs = this.openGapMs(toMs);
    if (openMs === null) return null;
    let longest = Math.max(0, openMs);
    const oldest = Math.max(0, this.count - CAPACITY);
    for (let index = this.count - 1; index > oldest; index -= 1) {
      if (at(this.framesMs, index) < fromMs) break;
      if (at(this.framesMs, index - 1) <= toMs) longest = Math.max(longest, at(this.gapsMs, index));
    }
    return longest;
  }

  /** Time without a new picture at `nowMs`; `null` before the first frame. */
  private openGapMs(nowMs: number): number | null {
    const last = this.lastFrameMs();
    if (last === null) return null;
    return nowMs - (this.anewMs <= nowMs ? Math.max(last, this.anewMs) : last);
  }
}

function at(ring: Float64Array, index: number): number {
  return ring[index % CAPACITY] ?? 0;
}
