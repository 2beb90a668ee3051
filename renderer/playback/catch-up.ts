/** A player begins to catch up when it is late by more than this, s. */
const BEGIN_S = 0.5;
/** A player stops catching up when it is late by less than this, s. */
const END_S = 0.1;
/** The rate of a player that catches up. A higher rate is visible in people who walk. */
const SLIGHT_RATE = 1.1;
/** The rate of a player that is far behind: there the higher rate matters less than the delay. */
const STRONG_RATE = 1.25;
/** A player is far behind when it is late by more than this, s. */
const FAR_S = 2;
/** The rate of a player that is too close to the live edge and has to fall back. */
const SLOW_RATE = 0.9;
/** Least media ahead of the picture while it catches up, ms: catching up must not run it dry. */
const LEAST_AHEAD_MS = 600;
/** With less media than this ahead, the stream or this workstation cannot keep so close to the live edge, ms. */
const NEARLY_DRY_MS = 150;
/** How much further behind the live edge a player stays after each moment in which it was nearly dry, s. */
const STEP_BACK_S = 0.4;
/** Least time between two such steps, ms. */
const STEP_BACK_REST_MS = 2000;
/** The most that a player stays further behind by all its steps together, s. */
const FURTHEST_BACK_S = 1.6;
/** After this long without a nearly dry moment, a player comes one step closer again, ms. */
const STEP_CLOSER_MS = 60_000;

/**
 * How fast a player has to play to reach its place behind the live edge. hls.js itself does not catch up with less than a
 * second of media ahead, which is all that a low-latency stream has. Nor does it catch up from further behind than a target
 * duration: it stays there until it jumps.
 */
export class CatchUp {
  private catching = false;
  private fallingBack = false;
  private backS = 0;
  private steppedAtMs = Number.NEGATIVE_INFINITY;

  /**
   * @param nowMs monotonic
   * @param excessS how much further behind the live edge the player is than its stream asks for, s
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
   * The picture is too close to the live edge, with little media ahead: it skipped a hole, or is to be played further behind
   * from now on.
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
