import type { Answer, Edge, Origin } from './simulated-origin.ts';

/** From a session's last segment to its end, ms (go2rtc). Playlists do not count. */
const IDLE_MS = 5000;
/** How long a segment is waited for, ms. */
const SEGMENT_WAIT_MS = 3000;
/** Segments in its playlist, and what it says of their length, ms, whatever they hold. */
const LISTED = 2;
const DECLARED_MS = 500;

/**
 * A session at a server that makes its media when that is fetched (go2rtc): its playlist stands until a segment is taken, and
 * moves on by one then. A segment is all that has come since the last one.
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
   * What a request for its next segment is answered.
   * @param answer what the site answers to a request for media
   */
  answer(answer: Answer, nowMs: number): Answer {
    if (answer.kind !== 'body') return answer;
    if (this.origin.stands()) return { kind: 'failed', cause: 'http-404', afterMs: SEGMENT_WAIT_MS };
    // Before the next picture there is nothing to hand out.
    const pictureMs = this.takenMs + this.origin.encoding.frameMs - nowMs;
    return { kind: 'body', afterMs: Math.max(answer.afterMs, pictureMs) };
  }

  /** A segment is handed out. @returns how much media it holds, ms */
  take(nowMs: number): number {
    const gatheredMs = nowMs - this.takenMs;
    this.taken += 1;
    this.takenMs = nowMs;
    return gatheredMs;
  }
}
