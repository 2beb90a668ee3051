import { declaredDueMs } from '../../shared/proof-due.ts';

/** How many of the newest intervals between two moves the pace remembers. */
const REMEMBERED = 8;
/** An unanswered probe is silence after this many usual round trips, and this time at least, ms. */
const ROUND_TRIPS = 3;
const LEAST_PATIENCE_MS = 250;
/** Room above the longest interval that the stream itself has shown. */
const PACE_MARGIN = 1.25;

/**
 * When the next move of a live edge is due: as rule 4 says, later where the stream's measured pace or the
 * round trip asks for it. Only intervals between two observed moves count, so an outage teaches it nothing.
 */
export class LiveEdgePace {
  private intervalsMs: number[] = [];
  private lastMoveMs: number | null = null;
  private roundTripMs = 0;

  /** The live edge moved; `undisturbed` says that no evidence stood since the move before. */
  moved(nowMs: number, undisturbed: boolean): void {
    if (this.lastMoveMs !== null && undisturbed)
      this.intervalsMs = [...this.intervalsMs, nowMs - this.lastMoveMs].slice(-REMEMBERED);
    this.lastMoveMs = nowMs;
  }

  /** A probe was answered in `elapsedMs`. */
  answered(elapsedMs: number): void {
    this.roundTripMs = this.roundTripMs === 0 ? elapsedMs : 0.75 * this.roundTripMs + 0.25 * elapsedMs;
  }

  /** How long a probe may stay unanswered before that is silence, ms. */
  patienceMs(): number {
    return Math.max(LEAST_PATIENCE_MS, ROUND_TRIPS * this.roundTripMs);
  }

  /** Time from one move until the next is due, ms. */
  dueAfterMs(targetDurationMs: number, partTargetMs: number | null): number {
    const declared = declaredDueMs(targetDurationMs, partTargetMs);
    const measured = this.intervalsMs.length === 0 ? 0 : PACE_MARGIN * Math.max(...this.intervalsMs);
    // An outlier may at most double what the playlist declares: a stream that slow is slower than real time.
    return Math.max(declared, Math.min(measured, 2 * declared)) + this.roundTripMs;
  }
}
