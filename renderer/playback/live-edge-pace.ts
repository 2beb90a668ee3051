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
/** An interval with soft evidence in it that is longer than this many due times is an outage, and teaches nothing. */
const OUTAGE_DUE_TIMES = 4;
/** As slow as each of its newest moves, this many of them, a stream is by nature. */
const STEADY_MOVES = 4;

/** What stood against the live edge between two moves: nothing, that it did not move, or that the stream was not there. */
export type Trouble = 'none' | 'stalled' | 'outage';

/**
 * When the next move of a live edge is due: as rule 4 says, later where the stream's measured pace or the
 * round trip asks for it. Only intervals between two observed moves count, and none with an outage in it.
 */
export class LiveEdgePace {
  private intervalsMs: number[] = [];
  private lastMoveMs: number | null = null;
  private roundTrip: { readonly usualMs: number; readonly deviationMs: number } | null = null;

  /**
   * The live edge moved.
   * @param trouble since the move before
   * @param dueMs from one move to the next, by what the playlist tells
   */
  moved(nowMs: number, trouble: Trouble, dueMs: number): void {
    const intervalMs = this.lastMoveMs === null ? null : nowMs - this.lastMoveMs;
    this.lastMoveMs = nowMs;
    if (intervalMs === null || trouble === 'outage') return;
    if (trouble === 'stalled' && intervalMs > OUTAGE_DUE_TIMES * dueMs) return;
    this.intervalsMs = [...this.intervalsMs, intervalMs].slice(-REMEMBERED);
  }

  /** For a while the edge is not looked at: the next move begins no interval with the last one. */
  pause(): void {
    this.lastMoveMs = null;
  }

  /**
   * A probe was answered in `elapsedMs`.
   * @param isProven whether the stream was alive when it was asked: a source that is started first answers late, and usual is
   * what comes after
   */
  answered(elapsedMs: number, isProven: boolean): void {
    const known = this.roundTrip;
    if (known === null || (!isProven && elapsedMs < known.usualMs))
      this.roundTrip = { usualMs: elapsedMs, deviationMs: elapsedMs / 2 };
    if (known === null || !isProven) return;
    const { usualMs, deviationMs } = known;
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

  /** Time from one move until the next is due, ms, by the observed target durations. */
  dueAfterMs(targetDurationMs: number, partTargetMs: number | null): number {
    const declared = declaredDueMs(targetDurationMs, partTargetMs);
    const measured = this.intervalsMs.length === 0 ? 0 : PACE_MARGIN * Math.max(...this.intervalsMs);
    // An outlier may at most double what the playlist tells.
    return (
      Math.max(declared, Math.min(measured, 2 * declared), this.steadyMs()) + (this.roundTrip?.usualMs ?? 0)
    );
  }

  /** What a stream that lists several segments at once, and none between, needs; 0 while it is not known. */
  private steadyMs(): number {
    if (this.intervalsMs.length < STEADY_MOVES) return 0;
    return PACE_MARGIN * Math.min(...this.intervalsMs.slice(-STEADY_MOVES));
  }
}
