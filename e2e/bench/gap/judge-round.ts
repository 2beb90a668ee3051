import type { JournalEntry } from '../../../shared/journal/journal-entry.ts';
import type { FalseChange, RoundChange, TileRound } from './gap-figures.ts';

export type Change = Extract<JournalEntry, { kind: 'change' }>;

/** Times of what was done to the first site, ms since 1970. */
export interface RoundTimes {
  /** Every change from this time on counts. */
  readonly quietFromMs: number;
  /** When the fault was requested. No change that the fault causes is earlier. */
  readonly faultAskedAtMs: number;
  /** When the fault took effect. */
  readonly faultAtMs: number;
  /** When the end of the fault was requested. */
  readonly clearAskedAtMs: number;
  /** When the fault ended. */
  readonly clearedAtMs: number;
}

export interface JudgedRound {
  readonly tiles: readonly Pick<TileRound, 'tile' | 'failover' | 'failback'>[];
  readonly falseChanges: readonly FalseChange[];
}

/**
 * Sorts the changes of a round: the failover of each tile, its failback, and all others, which are false. Where the failover of
 * a tile did not come in time, what the tile does after the fault is none of these.
 *
 * @param changes in the order in which they were decided
 * @param siteId the site that failed
 */
export function judgeRound(
  changes: readonly Change[],
  tiles: number,
  siteId: string,
  times: RoundTimes,
): JudgedRound {
  const judged: JudgedRound['tiles'][number][] = [];
  const falseChanges: FalseChange[] = [];
  for (let tile = 1; tile <= tiles; tile += 1) {
    let failover: RoundChange | null = null;
    let failback: RoundChange | null = null;
    for (const change of changes) {
      const decidedAtMs = Date.parse(change.time);
      if (change.tile !== tile || decidedAtMs < times.quietFromMs) continue;
      const during =
        decidedAtMs < times.faultAskedAtMs ? 'quiet' : decidedAtMs < times.clearAskedAtMs ? 'fault' : 'after';
      if (during === 'fault' && failover === null && !isAt(change.to, siteId))
        failover = after(change, times.faultAtMs);
      else if (during === 'after' && failback === null && change.cause === 'failback' && failover !== null)
        failback = after(change, times.clearedAtMs);
      else if (during !== 'after' || failover !== null)
        falseChanges.push({ tile, during, cause: change.cause, from: change.from, to: change.to });
    }
    judged.push({ tile, failover, failback });
  }
  return { tiles: judged, falseChanges };
}

/** @param streamId `<siteId>/<quality>` */
export function isAt(streamId: string, siteId: string): boolean {
  return streamId.startsWith(`${siteId}/`);
}

function after(change: Change, sinceMs: number): RoundChange {
  return {
    cause: change.cause,
    evidenceMs: change.firstEvidenceAt === null ? null : Date.parse(change.firstEvidenceAt) - sinceMs,
    decisionMs: Date.parse(change.time) - sinceMs,
    firstFrameMs: Date.parse(change.firstFrameAt) - sinceMs,
    gapMs: change.gapMs,
    jumpMs: change.jumpMs,
  };
}
