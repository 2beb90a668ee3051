import type { JournalEntry } from '../../../shared/journal/journal-entry.ts';
import type { FalseChange, RoundChange, TileRound } from './gap-figures.ts';

export type Change = Extract<JournalEntry, { kind: 'change' }>;

/** When what was done to the first site; ms since 1970. */
export interface RoundTimes {
  /** From here on every change counts. */
  readonly quietFromMs: number;
  /** The fault was asked for, and came into force. What belongs to it cannot be earlier than the first. */
  readonly faultAskedAtMs: number;
  readonly faultAtMs: number;
  readonly clearAskedAtMs: number;
  readonly clearedAtMs: number;
}

export interface JudgedRound {
  readonly tiles: readonly Pick<TileRound, 'tile' | 'failover' | 'failback'>[];
  readonly falseChanges: readonly FalseChange[];
}

/**
 * Sorts a round's changes: each tile's way from the failing site, its way back, and all others, which are false.
 * What a tile does after a failover that did not come in its time is neither.
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
