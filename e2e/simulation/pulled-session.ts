import type { Answer, Edge, Origin } from './simulated-origin.ts';

/** Time from a session's last segment request to its end, ms (go2rtc). Playlist requests do not count. */
const IDLE_MS = 5000;
/** Time limit of the wait for a segment, ms. */
const SEGMENT_WAIT_MS = 3000;
/** Number of listed segments. */
const LISTED = 2;
/** Declared duration of a segment, ms, whatever it contains. */
const DECLARED_MS = 500;

/**
 * A session at a server that makes media on request (go2rtc): its live edge stays until a segment is requested, and
 * then moves by one. A segment contains everything since the one before.
 */
export class PulledSession {
  private taken = 0;
  private takenMs: number;

  constructor(
    private readonly origin: Origin,
    private readonly openedMs: number,
  ) {
    this.takenMs = openedMs;
  }

  isOver(nowMs: number): boolean {
    return nowMs - this.takenMs > IDLE_MS || this.origin.hasForgotten(this.openedMs);
  }

  /** The end of its playlist. */
  edge(): Edge {
    return { sequence: this.taken + LISTED - 1, parts: 0 };
  }

  playlist(): string {
    const segments = Array.from(
      { length: LISTED },
      (_, index) => `#EXTINF:${(DECLARED_MS / 1000).toFixed(3)},\n${this.taken + index}.ts\n`,
    );
    return `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:${this.taken}\n${segments.join('')}`;
  }

  /**
   * The answer to a request for its next segment.
   * @param answer the site's answer to a request for media
   */
  answer(answer: Answer, nowMs: number): Answer {
    if (answer.kind !== 'body') return answer;
    if (this.origin.stands()) return { kind: 'failed', cause: 'http-404', afterMs: SEGMENT_WAIT_MS };
    // Before the next picture there is nothing to send.
    const pictureMs = this.takenMs + this.origin.encoding.frameMs - nowMs;
    return { kind: 'body', afterMs: Math.max(answer.afterMs, pictureMs) };
  }

  /**
   * A segment is sent.
   * @returns the duration of its media, ms
   */
  take(nowMs: number): number {
    const gatheredMs = nowMs - this.takenMs;
    this.taken += 1;
    this.takenMs = nowMs;
    return gatheredMs;
  }
}
