import { type EvidenceCause, isHard, isUnplayable, isVague } from '../../cause.ts';
import { CLEAN_RECORD, stableTimeMs } from '../damping.ts';
import { finderOf } from '../standing.ts';
import type {
  Attempt,
  Evidence,
  Phase,
  Shown,
  Standing,
  TileState,
  TroubleRecord,
  WatchedStream,
} from '../types.ts';

/** Time passes by this or not at all, ms. It is the longest step that is no local gap. */
export const COARSE_MS = 2000;
/** Time of every coarse state, ms. */
const NOW_MS = 1_000_000;
/** Failures are counted up to this: none, one (which is excused), more. The backoff grows no further. */
const MOST_FAILURES = 2;
/** Undone failbacks are counted up to this: none, any. With any, the stable time is the shortest damped one. */
const MOST_UNDONE = 1;

/** The format in place of every known one: only whether one is known, and whether the next is the same, matters. */
export const COARSE_FORMAT = 'one';

/** What a coarse state keeps of each stream's past. What is not kept is as it was at the start. */
export interface Memory {
  /** Failed players, and the backoff that follows from them. */
  readonly failures: boolean;
  /** The record that rule 9 needs, and the failback that may still be undone. */
  readonly trouble: boolean;
}

/**
 * Makes a state coarse. One coarse state represents all states that lead to the same decisions while time is coarse and no clock
 * longer than 10 s runs out. Its time is fixed, its players are renumbered, its counters are capped, and what is only reported is
 * left out.
 *
 * A step replaces the objects that it changes and keeps the others, and a coarse part stays the same when it is made coarse again.
 * So after a step from a coarse state only the replaced parts have to be made coarse, provided that no time passed and the values
 * that a part depends on are the same: a phase depends on the grant of a hot standby and the latest failback, a record on the
 * latest failback.
 */
export class CoarseView {
  private readonly state: TileState;
  private readonly memory: Memory;
  private readonly playerIds: number[] = [];
  private readonly keptPhase: Phase | null;
  private readonly keptStreams: readonly WatchedStream[];

  /** @param before the coarse state that the step to `state` began in; `null` where there is none */
  constructor(state: TileState, memory: Memory, before: TileState | null) {
    this.state = state;
    this.memory = memory;
    const { failedBack, phase, hotStandby } = state;
    const isSeenAlike =
      before !== null &&
      state.lastStepMs === NOW_MS &&
      failedBack === before.failedBack &&
      hotStandby === before.hotStandby;
    this.keptPhase = isSeenAlike && phase === before.phase ? phase : null;
    this.keptStreams = isSeenAlike ? before.streams : [];
  }

  /** The coarse state, made of its coarse parts. */
  of(phase: Phase, streams: readonly WatchedStream[]): TileState {
    const { state } = this;
    return {
      ...state,
      phase,
      streams,
      failedBack: this.memory.trouble ? this.failedBack() : null,
      orderCause: 'start',
      moveFromMs: this.due(state.moveFromMs),
      lateMs: 0,
      seed: 0,
      nextPlayerId: 10,
      clocksFromMs: NOW_MS,
      lastStepMs: NOW_MS,
    };
  }

  phase(): Phase {
    if (this.keptPhase !== null) return this.keptPhase;
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
          heldStreamId: this.heldStreamId(phase.heldStreamId),
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
              heldStreamId: this.heldStreamId(phase.heldStreamId),
              cause: 'stalled',
              firstEvidenceAtMs: NOW_MS,
            };
        }
    }
  }

  stream(stream: WatchedStream): WatchedStream {
    if (this.keptStreams.includes(stream)) return stream;
    const { failures, trouble } = this.memory;
    return {
      ...stream,
      standing: this.standing(stream),
      record: trouble ? this.record(stream.record) : CLEAN_RECORD,
      failedAttempts: failures ? Math.min(MOST_FAILURES, stream.failedAttempts) : 0,
      failedAtMs: NOW_MS,
      sinceFailure: 'nothing',
      format: stream.format === null ? null : COARSE_FORMAT,
      nextTryAtMs: failures ? this.due(stream.nextTryAtMs) : NOW_MS,
    };
  }

  private failedBack(): TileState['failedBack'] {
    const { failedBack } = this.state;
    return failedBack === null ? null : { ...failedBack, atMs: NOW_MS - COARSE_MS };
  }

  /** A moment that is waited for, rounded up to whole coarse steps from now. */
  private due(atMs: number): number {
    const aheadMs = Math.max(0, atMs - this.state.lastStepMs);
    return NOW_MS + Math.ceil(aheadMs / COARSE_MS) * COARSE_MS;
  }

  /** A moment since when something runs, by its age: no more than the longest that matters. */
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
      renewFromMs: shown.renewFromMs === null ? null : this.due(shown.renewFromMs),
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
          evidence: inOrder(
            standing.evidence.map(({ channel, cause, sinceMs }) => ({
              channel,
              cause: coarseCause(cause),
              sinceMs: this.since(sinceMs, policies.reactionTimeMs),
            })),
          ),
          lateBeforeMs: 0,
        };
      case 'lost':
        return {
          ...standing,
          cause: isUnplayable(standing.cause) ? coarseCause(standing.cause) : 'stalled',
          firstEvidenceAtMs: NOW_MS,
          retryAtMs: this.due(standing.retryAtMs),
          proven: [...standing.proven].sort(),
        };
      case 'validating': {
        const longestMs = stableTimeMs(policies.failback.stableMs, this.record(record));
        // No sweep has a live edge that is slower than real time.
        return { ...standing, sinceMs: this.since(standing.sinceMs, longestMs), advancedMs: longestMs };
      }
    }
  }

  /**
   * Keeps whether the latest failback was undone. How often a stream was lost, and since when it is clean, matters only between
   * two standbys, and a tile of two sites has one at most.
   */
  private record({ undone, undoneAtMs }: TroubleRecord): TroubleRecord {
    const { failedBack } = this.state;
    if (undone === 0 || undoneAtMs === null) return CLEAN_RECORD;
    const counted = failedBack !== null && undoneAtMs >= failedBack.atMs;
    return {
      lastAtMs: NOW_MS - COARSE_MS,
      losses: 0,
      undone: Math.min(MOST_UNDONE, undone),
      undoneAtMs: NOW_MS - (counted ? 1 : 2) * COARSE_MS,
    };
  }

  /** Whose still is held matters while the failback to it may still be undone; else it is only reported. */
  private heldStreamId(heldStreamId: string): string {
    const { failedBack, streams } = this.state;
    const counts = this.memory.trouble && failedBack !== null;
    return counts ? heldStreamId : (streams[0]?.id ?? heldStreamId);
  }

  /** The shown player is 1 and the others follow, in the order in which they are asked for. */
  private renumbered(playerId: number): number {
    this.playerIds.push(playerId);
    return this.playerIds.length;
  }
}

/**
 * One cause in place of all that lead to the same decisions. Whether a cause blames a whole site matters only to other streams
 * there, and each site of a sweep has one stream. Of a lost stream it matters only whether it can be shown here.
 */
function coarseCause(cause: EvidenceCause): EvidenceCause {
  if (isUnplayable(cause)) return 'no-video';
  if (!isHard(cause)) return 'stalled';
  return isVague(cause) ? 'decode' : 'refused';
}

/** The order of evidence decides which one names a loss. That matters only where a player may have found the fault. */
function inOrder(evidence: readonly Evidence[]): readonly Evidence[] {
  const decides = evidence.some((one) => isUnplayable(one.cause) || finderOf(one) === 'player');
  return decides ? evidence : [...evidence].sort((a, b) => (a.channel < b.channel ? -1 : 1));
}
