import { type EvidenceCause, isHard, isUnplayable, isVague } from '../../cause.ts';
import { CLEAN_RECORD, stableTimeMs } from '../damping.ts';
import { blamesSite } from '../standing.ts';
import type { Attempt, Phase, Shown, Standing, TileState, TroubleRecord, WatchedStream } from '../types.ts';

/** Time passes by this or not at all, ms: the longest that is no local gap. */
export const COARSE_MS = 2000;
/** Time of every coarse state, ms. */
const NOW_MS = 1_000_000;
/** Failures that are told apart: none, one, which is excused, and more. The backoff grows no further. */
const MOST_FAILURES = 2;
/** Undone failbacks that are told apart: none, and any, by which the stable time is the least damped one. */
const MOST_UNDONE = 1;

/** What a coarse state keeps of each stream's past. What is not kept is as it was at the start. */
export interface Memory {
  /** Players that came to nothing, and the backoff from them. */
  readonly failures: boolean;
  /** The record that rule 9 goes by, and the failback that may still be undone. */
  readonly trouble: boolean;
}

/**
 * The one state that stands for all those between which no decision tells while time is coarse and no clock longer than
 * 10 s runs out: at the same time, with players renumbered and counters capped, and without what is only reported.
 */
export function coarse(state: TileState, memory: Memory): TileState {
  const view = new CoarseView(state, memory);
  return {
    ...state,
    phase: view.phase(),
    streams: state.streams.map((stream) => view.stream(stream)),
    failedBack: memory.trouble ? view.failedBack() : null,
    orderCause: 'start',
    moveFromMs: view.due(state.moveFromMs),
    lateMs: 0,
    seed: 0,
    nextPlayerId: 10,
    clocksFromMs: NOW_MS,
    lastStepMs: NOW_MS,
  };
}

class CoarseView {
  private readonly state: TileState;
  private readonly memory: Memory;
  private readonly playerIds: number[] = [];

  constructor(state: TileState, memory: Memory) {
    this.state = state;
    this.memory = memory;
  }

  phase(): Phase {
    const { phase } = this.state;
    switch (phase.kind) {
      case 'starting':
        return {
          ...phase,
          attempts: phase.attempts.map((attempt) => this.attempt(attempt)),
          triedFromMs: null,
        };
      case 'showing':
        return {
          ...phase,
          shown: this.shown(phase.shown),
          hot: phase.hot === null ? null : this.attempt(phase.hot),
        };
      case 'switching': {
        const { why } = phase;
        return {
          ...phase,
          shown: this.shown(phase.shown),
          incoming: this.attempt(phase.incoming),
          why:
            why.kind === 'precaution'
              ? why
              : why.kind === 'wish'
                ? { ...why, decidedAtMs: NOW_MS }
                : { kind: 'evidence', cause: 'stalled', firstEvidenceAtMs: NOW_MS, decidedAtMs: null },
        };
      }
      case 'holding':
        return {
          ...phase,
          shown: phase.shown === null ? null : this.shown(phase.shown),
          attempts: phase.attempts.map((attempt) => this.attempt(attempt)),
          cause: 'stalled',
          firstEvidenceAtMs: NOW_MS,
        };
      case 'suspended':
        switch (phase.was) {
          case 'starting':
            return phase;
          case 'showing':
            return { ...phase, shown: this.shown(phase.shown) };
          case 'holding':
            return {
              ...phase,
              shown: phase.shown === null ? null : this.shown(phase.shown),
              cause: 'stalled',
              firstEvidenceAtMs: NOW_MS,
            };
        }
    }
  }

  stream(stream: WatchedStream): WatchedStream {
    const { failures, trouble } = this.memory;
    return {
      ...stream,
      standing: this.standing(stream),
      record: trouble ? this.record(stream.record) : CLEAN_RECORD,
      failedAttempts: failures ? Math.min(MOST_FAILURES, stream.failedAttempts) : 0,
      failedAtMs: NOW_MS,
      sinceFailure: 'nothing',
      nextTryAtMs: failures ? this.due(stream.nextTryAtMs) : NOW_MS,
    };
  }

  failedBack(): TileState['failedBack'] {
    const { failedBack } = this.state;
    return failedBack === null ? null : { ...failedBack, atMs: NOW_MS - COARSE_MS };
  }

  /** Of a moment that is waited for counts how many coarse steps it is away. */
  due(atMs: number): number {
    const aheadMs = Math.max(0, atMs - this.state.lastStepMs);
    return NOW_MS + Math.ceil(aheadMs / COARSE_MS) * COARSE_MS;
  }

  /** Of a moment since when something runs counts its age, up to the longest that matters. */
  private since(atMs: number, longestMs: number): number {
    return NOW_MS - Math.min(longestMs, this.state.lastStepMs - atMs);
  }

  private shown(shown: Shown): Shown {
    return {
      ...shown,
      playerId: this.renumbered(shown.playerId),
      dryAtMs: shown.dryAtMs === null ? null : this.due(shown.dryAtMs),
      precautionFromMs: this.due(shown.precautionFromMs),
      hotFromMs: this.state.hotStandby === 'granted' ? this.due(shown.hotFromMs) : NOW_MS,
    };
  }

  private attempt(attempt: Attempt): Attempt {
    const presents = attempt.presentedAtMs !== null;
    return {
      ...attempt,
      playerId: this.renumbered(attempt.playerId),
      startedAtMs: presents ? NOW_MS : this.since(attempt.startedAtMs, 10_000),
      progressAtMs: presents ? NOW_MS : this.since(attempt.progressAtMs, 10_000),
      presentedAtMs: presents ? NOW_MS : null,
      lateBeforeMs: 0,
    };
  }

  private standing({ standing, record }: WatchedStream): Standing {
    const { policies } = this.state;
    switch (standing.kind) {
      case 'unknown':
      case 'healthy':
        return standing;
      case 'suspect':
        return {
          ...standing,
          evidence: standing.evidence.map(({ channel, cause, sinceMs }) => ({
            channel,
            cause: coarseCause(cause),
            sinceMs: this.since(sinceMs, policies.reactionTimeMs),
          })),
          lateBeforeMs: 0,
        };
      case 'lost':
        return {
          ...standing,
          cause: coarseCause(standing.cause),
          firstEvidenceAtMs: NOW_MS,
          retryAtMs: this.due(standing.retryAtMs),
          proven: [...standing.proven].sort(),
        };
      case 'validating': {
        const longestMs = stableTimeMs(policies.failback.stableMs, this.record(record));
        // An edge that lags behind real time is another matter.
        return { ...standing, sinceMs: this.since(standing.sinceMs, longestMs), advancedMs: longestMs };
      }
    }
  }

  /** Which of two flapping streams has been clean for longer counts, and whether the latest failback was undone. */
  private record({ lastAtMs, losses, undone, undoneAtMs }: TroubleRecord): TroubleRecord {
    if (lastAtMs === null || (losses === 0 && undone === 0)) return CLEAN_RECORD;
    const { failedBack, streams } = this.state;
    const latest = streams.every(({ record }) => record.losses < 2 || (record.lastAtMs ?? 0) <= lastAtMs);
    const counted = undoneAtMs !== null && failedBack !== null && undoneAtMs >= failedBack.atMs;
    return {
      lastAtMs: NOW_MS - (latest ? 1 : 2) * COARSE_MS,
      losses,
      undone: Math.min(MOST_UNDONE, undone),
      undoneAtMs: undoneAtMs === null ? null : NOW_MS - (counted ? 1 : 2) * COARSE_MS,
    };
  }

  /** The shown player is 1 and the others follow, in the order in which they are asked for. */
  private renumbered(playerId: number): number {
    this.playerIds.push(playerId);
    return this.playerIds.length;
  }
}

/** A cause for all those that decide alike. */
function coarseCause(cause: EvidenceCause): EvidenceCause {
  if (
    blamesSite({
      kind: 'suspect',
      evidence: [{ channel: 'media', cause, sinceMs: 0 }],
      before: 'healthy',
      lateBeforeMs: 0,
    })
  )
    return 'refused';
  if (isUnplayable(cause)) return 'no-video';
  if (!isHard(cause)) return 'stalled';
  return isVague(cause) ? 'decode' : 'not-media';
}
