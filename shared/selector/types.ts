import type { ChangeCause, EvidenceCause } from '../cause.ts';
import type { Policies } from '../config/config.ts';

/**
 * Where something was observed. Proof on one channel clears evidence on that channel only: a playlist that
 * moves says nothing about segments that answer 404, and frames prove the picture, never the stream. `content` is
 * what the picture shows: a frozen or black picture looks alive on every other channel (rule 13).
 */
export type Channel = 'playlist' | 'media' | 'picture' | 'content';

/** What the comparison with another site's copy found about a picture (rule 13). */
export type PictureVerdict = 'moving' | 'frozen' | 'black';

export interface Evidence {
  readonly channel: Channel;
  readonly cause: EvidenceCause;
  /** Hard: when it was observed. Soft: when proof of life was due. Monotonic ms. */
  readonly sinceMs: number;
}

/** What a tile knows about one stream. All times are monotonic milliseconds. */
export type Standing =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'healthy' }
  | {
      readonly kind: 'suspect';
      /** At most one per channel, never empty. */
      readonly evidence: readonly Evidence[];
      /** What it was, and becomes again when proof of life clears the evidence. */
      readonly before: 'unknown' | 'healthy' | 'validating';
      /** {@link TileState.lateMs} when the evidence began. */
      readonly lateBeforeMs: number;
    }
  | {
      readonly kind: 'lost';
      readonly cause: EvidenceCause;
      /** `player`: proof by the watch does not bring the stream back, only frames do. */
      readonly foundBy: 'watch' | 'player';
      readonly firstEvidenceAtMs: number;
      /** Until then no proof brings it back, and no trial starts. */
      readonly retryAtMs: number;
      /** Channels that gave proof of life since the loss, without evidence in between. */
      readonly proven: readonly Channel[];
    }
  | {
      readonly kind: 'validating';
      readonly sinceMs: number;
      /** Media by which the live edge moved since then, ms. */
      readonly advancedMs: number;
      /** This stream's share of the random spread that keeps a wall from stampeding its site, ms. */
      readonly spreadMs: number;
    };

/** A stream's history, as rule 9 needs it. Times are monotonic ms. */
export interface TroubleRecord {
  /** Latest evidence, loss, or return from a loss; `null` for a clean record. */
  readonly lastAtMs: number | null;
  /** Losses without a quiet time between them, counted up to the number that makes a stream flap. */
  readonly losses: number;
  /** Failbacks to the stream that were undone. Each doubles its stable time. */
  readonly undone: number;
  readonly undoneAtMs: number | null;
}

export interface WatchedStream {
  readonly id: string;
  readonly siteId: string;
  readonly standing: Standing;
  readonly record: TroubleRecord;
  /** Failed players: the exponent of the backoff. Forgotten a calm time after the latest, once a player presented. */
  readonly failedAttempts: number;
  readonly failedAtMs: number;
  /** Whether a player has presented since the latest one that failed. */
  readonly sinceFailure: 'nothing' | 'presented';
  /** The short backoff: until then no wish, hot standby or search starts a player. */
  readonly nextTryAtMs: number;
  /** The format that its watch found last in its media; `null` before the first. */
  readonly format: string | null;
  /** The latest verdict of the comparison (rule 13); `null` while it has nothing against the picture. */
  readonly verdict: Exclude<PictureVerdict, 'moving'> | null;
  /** Program date-time of the live edge less the monotonic time of its observation, ms; `null` without date-times. */
  readonly edgeOffsetMs: number | null;
  /** The same as it was learned while the stream was healthy, ms. */
  readonly learnedOffsetMs: number | null;
  /** The value that {@link edgeOffsetMs} stays close to, and since when. */
  readonly steadyOffset: { readonly offsetMs: number; readonly sinceMs: number } | null;
  /** Its site is in maintenance (rule 14). */
  readonly duty: 'service' | 'maintenance';
  /** As its site is configured. `light`: only the site's first quality in order is watched, and what is played. */
  readonly watch: 'full' | 'light';
  /** No longer configured: it ranks last, and is forgotten when the tile leaves it. */
  readonly leaving: boolean;
}

/** A player that is not on the screen yet: incoming, hot standby, trial, or one of a search. */
export interface Attempt {
  readonly playerId: number;
  readonly streamId: string;
  readonly startedAtMs: number;
  /** When the latest byte arrived; before the first byte, when the player started. */
  readonly progressAtMs: number;
  /** When the second frame was presented; `null` before. */
  readonly presentedAtMs: number | null;
  /** {@link TileState.lateMs} at its start. */
  readonly lateBeforeMs: number;
  /** As {@link Shown.ageing}: another player takes its place once it is shown. */
  readonly ageing: boolean;
}

/** The player whose picture is on the screen. */
export interface Shown {
  readonly playerId: number;
  readonly streamId: string;
  /** When its buffer would be empty if nothing more came; `null` before the first reading. */
  readonly dryAtMs: number | null;
  /** Its buffer is lower than it usually gets: the next media is late. */
  readonly low: boolean;
  /** No precaution starts before this: the latest one was called off. */
  readonly precautionFromMs: number;
  /** No hot standby starts before this: after a change the retired player may still run for a moment. */
  readonly hotFromMs: number;
  /** No new frame came although one was due. */
  readonly stalled: boolean;
  /** It can play on only for a short time: another player of its stream has to take its place. */
  readonly ageing: boolean;
  /** It replaced a player that aged, and is not replaced for its own age before this; `null` if it replaced none. */
  readonly renewFromMs: number | null;
}

/**
 * Why a tile has an incoming player. `evidence` ends when proof of life clears it; a `wish` becomes `evidence` when the shown
 * stream fails. `precaution`: there is no evidence yet, but the shown buffer is low, and evidence may come too late for a
 * standby to present in time (rule 5); it never changes the picture by itself.
 */
export type Why =
  | { readonly kind: 'precaution' }
  | {
      readonly kind: 'evidence';
      readonly cause: EvidenceCause;
      readonly firstEvidenceAtMs: number;
      /** When the tile decided to leave: since then it waits only for the incoming frames. `null` before. */
      readonly decidedAtMs: number | null;
    }
  | { readonly kind: 'wish'; readonly cause: WishCause; readonly decidedAtMs: number };

export type WishCause = Extract<
  ChangeCause,
  'start' | 'failback' | 'quality' | 'priority-changed' | 'maintenance' | 'manual' | 'recovered' | 'renewed'
>;

export type Phase =
  /** No picture of this camera yet. */
  | {
      readonly kind: 'starting';
      readonly attempts: readonly Attempt[];
      /** When the first player began; `null` before. */
      readonly triedFromMs: number | null;
    }
  /**
   * `hot`: the next stream in order plays underneath, ready to be raised (rule 15). Or a trial: a player on a stream that
   * a player lost, to find out whether it can be shown again.
   */
  | { readonly kind: 'showing'; readonly shown: Shown; readonly hot: Attempt | null }
  | { readonly kind: 'switching'; readonly shown: Shown; readonly incoming: Attempt; readonly why: Why }
  /**
   * Every stream is lost. The last picture stays: in its player while that may still move, then as a still
   * (`shown: null`), which frees both players for the search.
   */
  | {
      readonly kind: 'holding';
      readonly shown: Shown | null;
      readonly heldStreamId: string;
      readonly attempts: readonly Attempt[];
      readonly cause: EvidenceCause;
      readonly firstEvidenceAtMs: number;
    }
  /** A local fault (rule 10): nothing is decided; `was` goes on at the return. */
  | { readonly kind: 'suspended'; readonly was: 'starting'; readonly shown: null }
  | { readonly kind: 'suspended'; readonly was: 'showing'; readonly shown: Shown }
  | {
      readonly kind: 'suspended';
      readonly was: 'holding';
      readonly shown: Shown | null;
      readonly heldStreamId: string;
      readonly cause: EvidenceCause;
      readonly firstEvidenceAtMs: number;
    };

export interface SelectorPolicies extends Omit<Policies, 'hotStandbys'> {
  /** Upper end of the random spread of a failback, ms: max(5 s, tiles x 150 ms), rule 8. */
  readonly spreadMs: number;
  /** A step comes at least this often, ms. The lateness of a later step extends deadlines (rule 10). */
  readonly tickMs: number;
  /** What a frozen or black picture of this camera leads to (rule 13). */
  readonly onFrozen: 'alarm' | 'change-over';
}

/**
 * The condition of this workstation. Unless it is `free`, media may be late because of it, and another player would make it later.
 * `starved`: no processor time is left. `thin-link`: media comes late from all sites at once.
 */
export type Machine = 'free' | 'starved' | 'thin-link';

export interface TileState {
  /** In order of priority, best first. */
  readonly streams: readonly WatchedStream[];
  readonly policies: SelectorPolicies;
  readonly phase: Phase;
  /** Why the best healthy stream may be taken without validation: the latest start or change of order. */
  readonly orderCause: Extract<WishCause, 'start' | 'quality' | 'priority-changed'>;
  /** After a change of order the tile moves no sooner than this: its share of the spread (rule 14). */
  readonly moveFromMs: number;
  /** The failback that evidence may still undo (rule 9). */
  readonly failedBack: { readonly streamId: string; readonly atMs: number } | null;
  readonly hotStandby: 'granted' | 'withheld';
  readonly machine: Machine;
  /** Lateness of all steps so far, ms (rule 10). */
  readonly lateMs: number;
  readonly nextPlayerId: number;
  /** State of the pseudo-random spread. */
  readonly seed: number;
  /** The start, or the end of the latest local fault: no clock counts time before it (rule 10). */
  readonly clocksFromMs: number;
  readonly lastStepMs: number;
  /** Local hour of the day, for failbacks within allowed hours; `null` before the first tick. */
  readonly localHour: number | null;
}

export interface PlannedStream {
  readonly id: string;
  readonly siteId: string;
  /** Its site is in maintenance, and so it was ranked last. */
  readonly maintenance?: boolean;
  /** Its site is watched lightly. */
  readonly watch?: 'light';
}

export type Observation =
  | { readonly type: 'tick'; readonly localHour: number }
  | {
      readonly type: 'proof';
      readonly streamId: string;
      readonly channel: 'playlist' | 'media';
      /** With a playlist: media by which the edge moved, ms, and the edge's program date-time, epoch ms. */
      readonly edge?: { readonly advancedMs: number; readonly programDateTimeMs: number | null };
      /** With media: its format. A stream that no player could show may be playable in another format. */
      readonly format?: string;
    }
  | {
      readonly type: 'evidence';
      readonly streamId: string;
      readonly evidence: Evidence;
      /** The player whose loads gave the evidence; absent where the stream's watch or the shown picture gave it. */
      readonly playerId?: number;
    }
  /** A byte arrived for this player. */
  | { readonly type: 'progress'; readonly playerId: number }
  /** The player has not begun: it waits for its turn on this machine. */
  | { readonly type: 'waiting'; readonly playerId: number }
  /** The player's second frame is on its (still covered) element. */
  | { readonly type: 'presented'; readonly playerId: number }
  | { readonly type: 'picture-moves'; readonly playerId: number }
  /** The shown player's picture stopped. Comes again after `go-live` and `show-player` if it has still stopped. */
  | { readonly type: 'picture-stalls'; readonly playerId: number; readonly sinceMs: number }
  /** `sinceMs`: when the picture was last known to be otherwise. A tile acts on it by its camera's `onFrozen`. */
  | {
      readonly type: 'picture-verdict';
      readonly streamId: string;
      readonly verdict: PictureVerdict;
      readonly sinceMs: number;
    }
  /** The host grants a hot standby, or withdraws it (rule 15). */
  | { readonly type: 'hot-allowance'; readonly allowed: boolean }
  /** The condition of this workstation, as its host and its window measure it (rule 10). */
  | { readonly type: 'machine'; readonly machine: Machine }
  /** {@link Shown.ageing}. Comes once for each player. */
  | { readonly type: 'player-ageing'; readonly playerId: number }
  | { readonly type: 'player-failed'; readonly playerId: number; readonly cause: EvidenceCause }
  /** `low`: the buffer is lower than it usually gets before the next media arrives. */
  | { readonly type: 'buffer'; readonly playerId: number; readonly aheadMs: number; readonly low: boolean }
  | {
      readonly type: 'plan';
      readonly streams: readonly PlannedStream[];
      readonly cause: 'quality' | 'priority-changed';
    }
  | { readonly type: 'policies'; readonly policies: SelectorPolicies }
  /** The operator takes the offer "Return to <site>". */
  | { readonly type: 'return' }
  | { readonly type: 'suspend' }
  | { readonly type: 'resume' };

/** One change of the shown stream, as the journal tells it. */
export interface Change {
  /** `null` at the start. */
  readonly from: string | null;
  readonly to: string;
  readonly cause: ChangeCause;
  readonly firstEvidenceAtMs: number | null;
  readonly decidedAtMs: number;
}

export type Command =
  /** `alignWith`: the player whose picture time the new one should start at (rule 6). */
  | {
      readonly type: 'start-player';
      readonly playerId: number;
      readonly streamId: string;
      readonly alignWith: number | null;
    }
  | { readonly type: 'dispose-player'; readonly playerId: number }
  /** Raise this player's picture; the retired one goes a few frames later. */
  | {
      readonly type: 'show-player';
      readonly playerId: number;
      readonly retire: number | null;
      readonly change: Change;
    }
  /** Keep this player's last picture as a still, then dispose of the player. */
  | { readonly type: 'hold-picture'; readonly playerId: number }
  /** After a local fault: go to the live edge. The picture counts as moving until a stall is observed. */
  | { readonly type: 'go-live'; readonly playerId: number };

export interface Step {
  readonly state: TileState;
  readonly commands: readonly Command[];
}
