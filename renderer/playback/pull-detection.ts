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
  /** Since the playlist was read last. A look may take several pieces, and each of them moves a pull-driven edge. */
  private fetched = false;
  private isFetching = false;

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
  noteFetching(isFetching: boolean): void {
    this.isFetching = isFetching;
    this.fetched = true;
  }

  /** The playlist was read, and its edge had not moved. */
  noteUnmoved(): void {
    this.fetched = this.isFetching;
  }

  /** @param stood the edge had stood past its time until media was fetched */
  noteMoved(stood: boolean): void {
    if (!this.fetched) {
      this.drive = 'self-driven';
      this.found = 0;
    } else if (stood) {
      this.found += 1;
      if (this.found >= ENOUGH) this.drive = 'pull-driven';
    }
    this.fetched = this.isFetching;
  }

  /** The stream stalled: what drives it may be another server now. */
  doubt(): void {
    if (this.drive === 'self-driven') this.drive = 'unknown';
  }
}
