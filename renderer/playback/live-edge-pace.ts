import { declaredDueMs } from '../../shared/proof-due.ts';

/** Number of the newest intervals between two moves that are remembered. */
const REMEMBERED = 8;
/**
 * A request is unanswered for too long after the usual round trip plus this many times its usual deviation. TCP waits as long
 * before it sends again (RFC 6298).
 */
const DEVIATIONS = 4;
/** Weight of the newest answer in the usual round trip (RFC 6298). */
const ROUND_TRIP_WEIGHT = 1 / 8;
/** Weight of the newest answer in the usual deviation (RFC 6298). */
const DEVIATION_WEIGHT = 1 / 4;
/** Least patience with an unanswered request, ms. */
const LEAST_PATIENCE_MS = 250;
/** The next move is due after the longest interval that the stream itself has shown, times this. */
const PACE_MARGIN = 1.25;
/**
 * An interval with soft evidence in it is an outage when it is longer than this many due times. The pace ignores outages.
 */
const OUTAGE_DUE_TIMES = 4;
/** A stream is slow by nature when all of its newest moves were slow, this many of them. */
const STEADY_MOVES = 4;

/** Evidence between two moves of the live edge: none, the edge was stalled, or the stream was not there. */
export type Trouble = 'none' | 'stalled' | 'outage';

/**
 * When the next move of a live edge is due: as rule 4 says, and later where the stream's measured pace or the round trip
 * requires it. Only intervals between two observed moves count, and only without an outage.
 */
export class LiveEdgePace {
  private intervalsMs: number[] = [];
  private lastMoveMs: number | null = null;
  private roundTrip: { readonly usualMs: number; readonly deviationMs: number } | null = null;

  /**
   * The live edge moved.
   * @param trouble evidence since the previous move
   * @param dueMs time from one move to the next, by the playlist
   */
  moved(nowMs: number, trouble: Trouble, dueMs: number): void {
    const intervalMs = this.lastMoveMs === null ? null : nowMs - this.lastMoveMs;
    this.lastMoveMs = nowMs;
    if (intervalMs === null || trouble === 'outage') return;
    if (trouble === 'stalled' && intervalMs > OUTAGE_DUE_TIMES * dueMs) return;
    this.intervalsMs = [...this.intervalsMs, intervalMs].slice(-REMEMBERED);
  }

  /** The edge is not observed for a while: the next move ends no interval. */
  pause(): void {
    this.lastMoveMs = null;
  }

  /**
   * A request was answered in `elapsedMs`.
   * @param isProven whether the stream was alive when the request was sent. A source that has to be started answers late, so its
   * later answers are the usual ones
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

  /** How long a request may stay unanswered before the site counts as silent, ms. */
  patienceMs(): number {
    const { usualMs, deviationMs } = this.roundTrip ?? { usualMs: 0, deviationMs: 0 };
    return Math.max(LEAST_PATIENCE_MS, usualMs + DEVIATIONS * deviationMs);
  }

  /** Time from one move until the next is due, ms, by the observed target durations. */
  dueAfterMs(targetDurationMs: number, partTargetMs: number | null): number {
    const declared = declaredDueMs(targetDurationMs, partTargetMs);
    const measured = this.intervalsMs.length === 0 ? 0 : PACE_MARGIN * Math.max(...this.intervalsMs);
    // An outlier may at most double what the playlist says.
    return (
      Math.max(declared, Math.min(measured, 2 * declared), this.steadyMs()) + (this.roundTrip?.usualMs ?? 0)
    );
  }

  /** The time that a stream needs which lists several segments at once, and none between; 0 while it is not known. */
  private steadyMs(): number {
    if (this.intervalsMs.length < STEADY_MOVES) return 0;
    return PACE_MARGIN * Math.min(...this.intervalsMs.slice(-STEADY_MOVES));
  }
}
