/** Frames that the meter remembers: 60 s at 30 fps. */
const CAPACITY = 1800;

/**
 * The gap meter of one tile: when it showed a new picture, and so for how long it showed none. It is fed
 * with the frames of the picture on the screen only. The journal, the tests and the benchmarks all read it.
 */
export class GapMeter {
  private readonly framesMs = new Float64Array(CAPACITY);
  private count = 0;
  private longest: number | null = null;

  /** A new picture was on the screen at `atMs` (monotonic ms, not before the last one). */
  frame(atMs: number): void {
    const previous = this.lastFrameMs();
    if (previous !== null) this.longest = Math.max(this.longest ?? 0, atMs - previous);
    this.framesMs[this.count % CAPACITY] = atMs;
    this.count += 1;
  }

  /** Time in which nothing could be seen (window hidden, machine asleep) is no gap. */
  startAnew(): void {
    this.count = 0;
  }

  lastFrameMs(): number | null {
    return this.count === 0 ? null : this.at(this.count - 1);
  }

  /** Longest time without a new picture since the first one, ms; `null` before the second. */
  longestMs(): number | null {
    return this.longest;
  }

  /**
   * Longest time from frame to frame, ms, of the intervals that overlap `[fromMs, toMs]`. An interval that is
   * still open at `toMs` counts as far as it has come. `null` when no frame is known.
   */
  longestBetween(fromMs: number, toMs: number): number | null {
    const last = this.lastFrameMs();
    if (last === null) return null;
    let longest = Math.max(0, toMs - last);
    const oldest = Math.max(0, this.count - CAPACITY);
    for (let index = this.count - 1; index > oldest; index -= 1) {
      const end = this.at(index);
      const start = this.at(index - 1);
      if (end < fromMs) break;
      if (start <= toMs) longest = Math.max(longest, end - start);
    }
    return longest;
  }

  /** Usual time from frame to frame, ms: the median of the newest 31 intervals; `null` before the second frame. */
  frameIntervalMs(): number | null {
    const oldest = Math.max(1, this.count - 31, this.count - CAPACITY + 1);
    const intervals: number[] = [];
    for (let index = oldest; index < this.count; index += 1)
      intervals.push(this.at(index) - this.at(index - 1));
    intervals.sort((a, b) => a - b);
    return intervals[Math.floor(intervals.length / 2)] ?? null;
  }

  private at(index: number): number {
    return this.framesMs[index % CAPACITY] ?? 0;
  }
}
