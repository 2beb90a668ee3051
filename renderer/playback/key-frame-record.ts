/**
 * Media without a key frame for this long, ms, is more than a player waits that joins now: the time in which
 * it has to present a picture.
 */
const LEAST_REACH_MS = 10_000;
/** Until the stream's own interval is known, ms: cameras with "smart" codecs send a key frame every 10 to 30 s. */
const FIRST_REACH_MS = 30_000;
/** Room above the longest distance between two key frames that the stream itself has shown. */
const INTERVAL_MARGIN = 1.5;
/** Segments that are remembered: beyond the longest window that is worth looking through. */
const REMEMBERED = 64;

interface Seen {
  readonly durationMs: number;
  readonly keyFrame: boolean;
}

/**
 * Which of a stream's segments hold a key frame, as far as they were looked at. From it follow the stream's own
 * key-frame interval, and whether one is within reach (behaviour.md rule 3): a camera whose interval is longer
 * than its segments is judged by that interval.
 */
export class KeyFrameRecord {
  private readonly segments = new Map<number, Seen>();
  private longestIntervalMs = 0;

  /** `undefined` for a segment that was not looked at. */
  holdsKeyFrame(sequence: number): boolean | undefined {
    return this.segments.get(sequence)?.keyFrame;
  }

  add(sequence: number, seen: Seen): void {
    this.segments.set(sequence, seen);
    for (const old of this.segments.keys()) if (old <= sequence - REMEMBERED) this.segments.delete(old);
    const before = this.withoutKeyFrame(sequence - 1);
    if (seen.keyFrame && before.endedBy === 'key-frame')
      this.longestIntervalMs = Math.max(this.longestIntervalMs, before.ms + before.keySegmentMs);
  }

  /** Whether the media that ends with this segment has gone without a key frame for longer than it may. */
  isBeyondReach(sequence: number): boolean {
    return this.withoutKeyFrame(sequence).ms >= this.reachMs();
  }

  /** Whether a key frame was ever seen. */
  knowsAny(): boolean {
    return [...this.segments.values()].some(({ keyFrame }) => keyFrame);
  }

  /** The stream began anew, with other numbers. */
  clear(): void {
    this.segments.clear();
  }

  private reachMs(): number {
    if (this.longestIntervalMs === 0) return FIRST_REACH_MS;
    return Math.max(LEAST_REACH_MS, INTERVAL_MARGIN * this.longestIntervalMs);
  }

  /** Backwards from a segment over those known to hold none. */
  private withoutKeyFrame(
    sequence: number,
  ): { ms: number; endedBy: 'unknown' } | { ms: number; endedBy: 'key-frame'; keySegmentMs: number } {
    let ms = 0;
    for (let at = sequence; ; at -= 1) {
      const seen = this.segments.get(at);
      if (seen === undefined) return { ms, endedBy: 'unknown' };
      if (seen.keyFrame) return { ms, endedBy: 'key-frame', keySegmentMs: seen.durationMs };
      ms += seen.durationMs;
    }
  }
}
