/** Further behind than it should be by more than the first, a player catches up until it is by the second, s. */
const BEGIN_S = 0.5;
const END_S = 0.1;
/** Faster than the first is seen in people who walk; a player that is far behind is seen to be wrong anyway. */
const SLIGHT_RATE = 1.1;
const STRONG_RATE = 1.25;
const FAR_S = 2;
/** Slower than the stream, to come as far behind as it should be. */
const SLOW_RATE = 0.9;
/** What stays ahead of the picture, ms: catching up must not run it dry. */
const LEAST_AHEAD_MS = 600;
/** With less than this ahead the stream, or this workstation, does not keep up as close to live as that, ms. */
const NEARLY_DRY_MS = 150;
/** Each time, but not more often than the second, the player stays so much further behind, up to the third, s, ms, s. */
const STEP_BACK_S = 0.4;
const STEP_BACK_REST_MS = 2000;
const FURTHEST_BACK_S = 1.6;
/** Without such a moment it comes a step closer again after this, ms. */
const STEP_CLOSER_MS = 60_000;

/**
 * How fast a player has to play to be where it should be behind the live edge. hls.js itself does not catch up with
 * less than a second ahead, which is all that a low-latency stream has, nor from further behind than a target
 * duration: there it stays until it jumps.
 */
export class CatchUp {
  private catching = false;
  private fallingBack = false;
  private backS = 0;
  private steppedAtMs = Number.NEGATIVE_INFINITY;

  /**
   * @param nowMs monotonic
   * @param excessS how much further behind the live edge it is than its stream asks for, s
   * @param aheadMs media ahead of the picture
   * @returns the playback rate
   */
  rate(nowMs: number, excessS: number, aheadMs: number): number {
    this.stepBackOrCloser(nowMs, aheadMs);
    const lateS = excessS - this.backS;
    if (lateS >= -END_S) this.fallingBack = false;
    if (this.fallingBack) return SLOW_RATE;
    this.catching = aheadMs >= LEAST_AHEAD_MS && lateS > (this.catching ? END_S : BEGIN_S);
    if (!this.catching) return 1;
    return lateS > FAR_S ? STRONG_RATE : SLIGHT_RATE;
  }

  /**
   * The picture is closer to the live edge than it should be, with little ahead: it went on behind a hole, or is to be
   * played further behind.
   */
  fallBack(): void {
    this.fallingBack = true;
  }

  private stepBackOrCloser(nowMs: number, aheadMs: number): void {
    const sinceMs = nowMs - this.steppedAtMs;
    if (aheadMs < NEARLY_DRY_MS && sinceMs >= STEP_BACK_REST_MS)
      this.backS = Math.min(FURTHEST_BACK_S, this.backS + STEP_BACK_S);
    else if (this.backS > 0 && sinceMs >= STEP_CLOSER_MS) this.backS = Math.max(0, this.backS - STEP_BACK_S);
    else return;
    this.steppedAtMs = nowMs;
  }
}
