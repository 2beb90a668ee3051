/**
 * A key frame is out of reach after at least this much media without one, ms: it is also the time in which a player that starts
 * now has to present a picture.
 */
const LEAST_REACH_MS = 10_000;
/**
 * The same while the stream's own interval is unknown, ms: cameras with "smart" codecs send a key frame every 10 to 30 s.
 */
const FIRST_REACH_MS = 30_000;
/** A key frame is within reach up to the longest interval that the stream itself has shown, times this. */
const INTERVAL_MARGIN = 1.5;
/** Number of segments that are remembered: more than the longest playlist that is worth searching. */
const REMEMBERED = 64;

interface Seen {
  readonly durationMs: number;
  readonly keyFrame: boolean;
}

/**
 * Which of a stream's segments contain a key frame, as far as they were checked. From this follow the stream's own key-frame
 * interval, and whether a key frame is within reach (rule 3): a camera whose interval is longer than its segments is judged by
 * that interval.
 */
export class KeyFrameRecord {
  private readonly segments = new Map<number, Seen>();
  private longestIntervalMs = 0;

  /** `undefined` for a segment that was not checked. */
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

  /** Whether the media that ends with this segment has been without a key frame for too long. */
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

  /** Counts backwards from a segment, over those that are known to contain no key frame. */
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
