import Hls, { type ErrorData } from 'hls.js';

/** Shortest time between two recoveries, ms (API.md, "Error recovery sample code"). */
const RECOVERY_INTERVAL_MS = 5000;

/** What the documentation of hls.js does after a fatal error, before an application gives up a source. One for each tile. */
export class HlsRecovery {
  private lastMs = Number.NEGATIVE_INFINITY;

  /**
   * @param nowMs time of a monotonic clock
   * @returns `tried`: the media source was reset; `given-up`: the source has to be left
   */
  attempt(hls: Hls, { type }: ErrorData, nowMs: number): 'tried' | 'given-up' {
    if (type !== Hls.ErrorTypes.MEDIA_ERROR || nowMs - this.lastMs <= RECOVERY_INTERVAL_MS) return 'given-up';
    this.lastMs = nowMs;
    hls.recoverMediaError();
    return 'tried';
  }
}
