/**
 * A server is pull-driven once its edge has stood past its time, and moved right after a fetch, this many times in a row.
 */
const ENOUGH = 2;

/**
 * Whether a stream's server makes its media only when it is fetched (go2rtc), so that the live edge of a playlist that is only
 * read never moves. What is found holds for all sessions of the stream.
 */
export class PullDetection {
  private drive: 'unknown' | 'self-driven' | 'pull-driven' = 'unknown';
  private found = 0;
  private isFetching = false;
  /** When a fetch of media ended last, monotonic ms. A look may take several pieces, and each of them moves a pull-driven edge. */
  private fetchedMs = Number.NEGATIVE_INFINITY;
  /** When the playlist was asked for that was read last, monotonic ms. */
  private askedMs = Number.NEGATIVE_INFINITY;

  get isKnown(): boolean {
    return this.drive !== 'unknown';
  }

  get isPullDriven(): boolean {
    return this.drive === 'pull-driven';
  }

  get isSelfDriven(): boolean {
    return this.drive === 'self-driven';
  }

  /** Media begins, or ends, to be fetched. */
  noteFetching(isFetching: boolean, nowMs: number): void {
    if (this.isFetching) this.fetchedMs = nowMs;
    this.isFetching = isFetching;
  }

  /** The playlist was read, and its edge had not moved. */
  noteUnmoved(askedMs: number): void {
    this.askedMs = askedMs;
  }

  /**
   * The playlist was read, and its edge had moved.
   * @param stood the edge had stood past its time until media was fetched
   */
  noteMoved(stood: boolean, askedMs: number): void {
    // An answer that was under way when a fetch ended may not know of it: that fetch counts for the next answer as well.
    if (!this.isFetching && this.fetchedMs < this.askedMs) {
      this.drive = 'self-driven';
      this.found = 0;
    } else if (stood) {
      this.found += 1;
      if (this.found >= ENOUGH) this.drive = 'pull-driven';
    }
    this.askedMs = askedMs;
  }

  /** The stream stalled: what drives it may be another server now. */
  doubt(): void {
    if (this.drive === 'self-driven') this.drive = 'unknown';
  }
}
