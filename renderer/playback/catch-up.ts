/** Further behind than it should be by more than the first, a player catches up until it is by the second, s. */
const BEGIN_S = 0.5;
const END_S = 0.1;
/** Faster than the first is seen in people who walk; a player that is far behind is seen to be wrong anyway. */
const SLIGHT_RATE = 1.1;
const STRONG_RATE = 1.25;
const FAR_S = 2;
/** What stays ahead of the picture, ms: catching up must not run it dry. */
const LEAST_AHEAD_MS = 600;

/**
 * How fast a player has to play to be where it should be behind the live edge. hls.js itself does not catch up with
 * less than a second ahead, which is all that a low-latency stream has, nor from further behind than a target
 * duration: there it stays until it jumps.
 */
export class CatchUp {
  private catching = false;

  /**
   * @param excessS how much further behind the live edge it is than it should be, s
   * @param aheadMs media ahead of the picture
   * @returns the playback rate, from 1
   */
  rate(excessS: number, aheadMs: number): number {
    this.catching = aheadMs >= LEAST_AHEAD_MS && excessS > (this.catching ? END_S : BEGIN_S);
    if (!this.catching) return 1;
    return excessS > FAR_S ? STRONG_RATE : SLIGHT_RATE;
  }
}
