export interface RestartPace {
  /** Number of ends in a row that are followed by an immediate restart. */
  readonly atOnce: number;
  /** The first wait after those, which doubles with each further end in a row. Milliseconds. */
  readonly firstWaitMs: number;
  /** The longest wait. Milliseconds. */
  readonly longestWaitMs: number;
  /** After a run of this length, counting begins again. Milliseconds. */
  readonly settledMs: number;
}

/** For a page, a browser and the demo's sites. */
export const PAGE_PACE: RestartPace = {
  atOnce: 3,
  firstWaitMs: 5000,
  longestWaitMs: 60_000,
  settledMs: 60_000,
};

/** The wait before a restart. Restarts never stop. */
export class RestartBackoff {
  private readonly pace: RestartPace;
  private readonly nowMs: () => number;
  private startMs: number;
  private ends = 0;

  /** @param nowMs a clock that never goes back, in milliseconds */
  constructor(pace: RestartPace, nowMs: () => number) {
    this.pace = pace;
    this.nowMs = nowMs;
    this.startMs = nowMs();
  }

  /** Ends without a long run between them. */
  get endsInARow(): number {
    return this.ends;
  }

  /**
   * Called at each end.
   * @returns the wait before the next start, in milliseconds
   */
  ended(): number {
    const { atOnce, firstWaitMs, longestWaitMs, settledMs } = this.pace;
    const nowMs = this.nowMs();
    if (nowMs - this.startMs >= settledMs) this.ends = 0;
    this.ends += 1;
    const doublings = this.ends - atOnce - 1;
    const waitMs = doublings < 0 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** doublings);
    this.startMs = nowMs + waitMs;
    return waitMs;
  }
}
