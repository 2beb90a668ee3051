/** A server is pull-driven once this many times in a row its edge was stalled and moved right after a fetch. */
const ENOUGH = 2;

/**
 * Whether a stream's server makes its media only when it is fetched (go2rtc). Then the live edge never moves while only the
 * playlist is read. The finding holds for all sessions of the stream.
 */
export class PullDetection {
  private drive: 'unknown' | 'self-driven' | 'pull-driven' = 'unknown';
  private found = 0;
  private isFetching = false;
  /**
   * When the last fetch of media ended, monotonic ms. A check may fetch several pieces, and each moves a pull-driven edge.
   */
  private fetchedMs = Number.NEGATIVE_INFINITY;
  /** When the last read playlist was requested, monotonic ms. */
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

  /** A fetch of media begins or ends. */
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
   * @param wasStalled whether the edge was stalled until media was fetched
   */
  noteMoved(wasStalled: boolean, askedMs: number): void {
    // An answer that was pending when a fetch ended may not show that fetch
    // yet, so the fetch counts for the next answer too.
    if (!this.isFetching && this.fetchedMs < this.askedMs) {
      this.drive = 'self-driven';
      this.found = 0;
    } else if (wasStalled) {
      this.found += 1;
      if (this.found >= ENOUGH) this.drive = 'pull-driven';
    }
    this.askedMs = askedMs;
  }

  /** The stream stalled: another server may drive it now. */
  doubt(): void {
    if (this.drive === 'self-driven') this.drive = 'unknown';
  }
}
