import { declaredDueMs } from '../../shared/proof-due.ts';

/** How many of the newest intervals between two moves the pace remembers. */
const REMEMBERED = 8;
/**
 * An unanswered probe is silence after the usual round trip and this many times its usual deviation, as TCP
 * waits before it sends again (RFC 6298, which also gives the weights of the newest answer), and this time at
 * least, ms.
 */
const DEVIATIONS = 4;
const ROUND_TRIP_WEIGHT = 1 / 8;
const DEVIATION_WEIGHT = 1 / 4;
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
  private roundTrip: { readonly usualMs: number; readonly deviationMs: number } | null = null;

  /** The live edge moved; `undisturbed` says that no evidence stood since the move before. */
  moved(nowMs: number, undisturbed: boolean): void {
    if (this.lastMoveMs !== null && undisturbed)
      this.intervalsMs = [...this.intervalsMs, nowMs - this.lastMoveMs].slice(-REMEMBERED);
    this.lastMoveMs = nowMs;
  }

  /** A probe was answered in `elapsedMs`. */
  answered(elapsedMs: number): void {
    const { usualMs, deviationMs } = this.roundTrip ?? { usualMs: elapsedMs, deviationMs: elapsedMs / 2 };
    this.roundTrip = {
      usualMs: usualMs + ROUND_TRIP_WEIGHT * (elapsedMs - usualMs),
      deviationMs: deviationMs + DEVIATION_WEIGHT * (Math.abs(elapsedMs - usualMs) - deviationMs),
    };
  }

  /** How long a probe may stay unanswered before that is silence, ms. */
  patienceMs(): number {
    const { usualMs, deviationMs } = this.roundTrip ?? { usualMs: 0, deviationMs: 0 };
    return Math.max(LEAST_PATIENCE_MS, usualMs + DEVIATIONS * deviationMs);
  }

  /** Time from one move until the next is due, ms. */
  dueAfterMs(targetDurationMs: number, partTargetMs: number | null): number {
    const declared = declaredDueMs(targetDurationMs, partTargetMs);
    const measured = this.intervalsMs.length === 0 ? 0 : PACE_MARGIN * Math.max(...this.intervalsMs);
    // An outlier may at most double what the playlist declares: a stream that slow is slower than real time.
    return Math.max(declared, Math.min(measured, 2 * declared)) + (this.roundTrip?.usualMs ?? 0);
  }
}
