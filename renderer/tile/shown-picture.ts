import type { Clock } from '../../shared/clock.ts';
import type { Evidence, Observation, TileState } from '../../shared/selector/types.ts';
import type { PresentedFrame } from '../playback/frame-source.ts';
import { GapMeter } from '../playback/gap-meter.ts';
import type { Player } from '../playback/player.ts';
import type { StreamWatch } from '../playback/stream-watch.ts';
import type { Precautions } from '../window/precautions.ts';
import { liveLimitMs, shownPlayerId } from './describe-tile.ts';
import type { RunningPlayer } from './tile-players.ts';

/**
 * After this long without a frame, read the video's frame counter, ms: a busy page does not see all frames on the screen.
 */
const READ_COUNTER_AFTER_MS = 300;
/** Least time without a new picture after which the picture is stalled, ms. */
const STALL_MS = 600;
/** The same in usual frame intervals, where that is longer. */
const STALL_INTERVALS = 4;
/**
 * Replaces {@link STALL_MS} for a picture with media ahead, ms: such a picture stalls far more often because this workstation is
 * busy than because of its site.
 */
const STALL_WITH_MEDIA_MS = 1500;
/** A picture has media ahead from this much on, ms. */
const MEDIA_TO_PLAY_MS = 500;
/** Replaces {@link STALL_MS} on a starved machine, with media ahead or without, ms: no picture comes in time there. */
const STALL_WHEN_STARVED_MS = 5000;
/** A moving picture that is too far behind to be LIVE is left alone for this long, ms. */
const BEHIND_MS = 3000;
/** With less media ahead than this, a low buffer is evidence even before proof of life is due, ms. */
const LAST_MOMENT_MS = 100;
/** Least time between two looks at the buffer, ms: a stalled picture keeps its buffer just above low. */
const LEAST_LOOK_MS = 20;

type LateMedia = Pick<Evidence, 'channel' | 'cause'>;

/** The picture on the screen: the evidence from its frames, its buffer and its distance behind the live edge. */
export class ShownPicture {
  private meter = new GapMeter();
  /** When a picture was raised or jumped to the live edge: its next frame is due from then on, monotonic ms. */
  private dueFromMs = 0;
  private behindSinceMs: number | null = null;
  /** The shown player's last frame count, and when it last rose; `null` while the page sees the frames. */
  private counted: { readonly player: Player; readonly frames: number; readonly movedAtMs: number } | null =
    null;
  /** When the buffer was last read, monotonic ms. */
  private lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly deps: {
      readonly clock: Clock;
      readonly precautions: Precautions;
      readonly state: () => TileState;
      readonly playerOf: (playerId: number) => RunningPlayer | undefined;
      readonly watchOf: (streamId: string) => StreamWatch | undefined;
      readonly observe: (observation: Observation) => void;
    },
  ) {}

  /** Forgets all frames. */
  reset(): void {
    this.meter = new GapMeter();
  }

  /** Returns what it holds of the window's shared budgets. */
  release(): void {
    this.deps.precautions.release(this);
  }

  /** Its player; `undefined` where no picture moves. */
  running(): RunningPlayer | undefined {
    const playerId = shownPlayerId(this.deps.state());
    return playerId === null ? undefined : this.deps.playerOf(playerId);
  }

  /** Another picture is on the screen from now on, and not only from its next frame. */
  raised({ newest }: RunningPlayer): void {
    const nowMs = this.deps.clock.now();
    this.dueFromMs = nowMs;
    if (newest !== null) this.meter.frame(nowMs);
  }

  frame({ atMs }: PresentedFrame): void {
    // A frame that was handed to the compositor before the raise was counted with the raise.
    if (atMs > (this.meter.lastFrameMs() ?? 0)) this.meter.frame(atMs);
  }

  /** After a local fault: time in which nothing could be seen is neither a gap nor evidence. */
  startClocksAnew(): void {
    this.meter.startAnew(this.deps.clock.now());
    this.dueFromMs = this.deps.clock.now();
  }

  /** Usual time from frame to frame, ms; `null` before the second frame. */
  frameIntervalMs(): number | null {
    return this.running()?.pace.usualMs() ?? null;
  }

  /** New pictures since the start. */
  frames(): number {
    return this.meter.frames();
  }

  /** When the tile last showed a new picture, monotonic ms. */
  lastFrameMs(): number | null {
    return this.meter.lastFrameMs();
  }

  /** Longest time from frame to frame between two moments, ms; `null` when no frame is known. */
  longestGapBetween(fromMs: number, toMs: number): number | null {
    return this.meter.longestBetween(fromMs, toMs);
  }

  /** An open gap counts once the tile shows it. Before, it would change the snapshot with every frame. */
  longestGapMs(): number | null {
    const lastMs = this.meter.lastFrameMs();
    const { phase } = this.deps.state();
    const open = phase.kind === 'holding' && (phase.shown === null || phase.shown.stalled);
    const longestMs = this.meter.longestMs();
    if (!open || lastMs === null) return longestMs;
    const wholeSecondsMs = 1000 * Math.floor((this.deps.clock.now() - lastMs) / 1000);
    return Math.max(longestMs ?? 0, wholeSecondsMs);
  }

  observeStall(): void {
    const { phase, machine } = this.deps.state();
    if (phase.kind === 'suspended' || !('shown' in phase) || phase.shown === null || phase.shown.stalled)
      return;
    const nowMs = this.deps.clock.now();
    const shown = this.running();
    const lastMs = this.movedAtMs(shown?.player, nowMs);
    if (nowMs < lastMs + STALL_MS) return;
    const aheadMs = shown?.player.bufferAheadMs() ?? 0;
    const hasMedia = aheadMs >= MEDIA_TO_PLAY_MS;
    const patienceMs = Math.max(
      machine !== 'free' ? STALL_WHEN_STARVED_MS : hasMedia ? STALL_WITH_MEDIA_MS : STALL_MS,
      STALL_INTERVALS * (this.frameIntervalMs() ?? 0),
    );
    const dueMs = lastMs + patienceMs;
    if (nowMs < dueMs) return;
    // A dry picture is explained by what kept its media away. That it stalls is only the effect.
    if (shown !== undefined && aheadMs <= LAST_MOMENT_MS)
      this.reportEvidence(shown, this.whyLate(shown), dueMs);
    this.deps.observe({ type: 'picture-stalls', playerId: phase.shown.playerId, sinceMs: dueMs });
  }

  /** When the picture last moved, as far as this machine knows, or was due to begin, monotonic ms. */
  private movedAtMs(player: Player | undefined, nowMs: number): number {
    const seenMs = Math.max(this.meter.lastFrameMs() ?? 0, this.dueFromMs);
    if (player === undefined || nowMs < seenMs + READ_COUNTER_AFTER_MS) {
      this.counted = null;
      return seenMs;
    }
    const frames = player.presentedFrames();
    const before = this.counted?.player === player ? this.counted : { frames, movedAtMs: seenMs };
    const movedAtMs = frames > before.frames ? nowMs : before.movedAtMs;
    this.counted = { player, frames, movedAtMs };
    return Math.max(seenMs, movedAtMs);
  }

  /**
   * Lets a picture jump to the live edge that stays too far behind to be LIVE. On a starved machine it only catches up in its
   * turn: a jump makes the decoder decode everything before the target, and all pictures of the wall are as far behind.
   */
  catchUp(): void {
    const { phase, streams, machine } = this.deps.state();
    const shown = phase.kind === 'showing' ? this.running() : undefined;
    const behindMs = shown?.player.behindLiveMs() ?? null;
    const healthy = streams.find(({ id }) => id === shown?.streamId)?.standing.kind === 'healthy';
    if (
      shown === undefined ||
      behindMs === null ||
      !healthy ||
      machine === 'starved' ||
      behindMs <= liveLimitMs(shown.player.targetDurationMs())
    ) {
      this.behindSinceMs = null;
      return;
    }
    const nowMs = this.deps.clock.now();
    this.behindSinceMs ??= nowMs;
    if (nowMs - this.behindSinceMs < BEHIND_MS) return;
    this.behindSinceMs = null;
    shown.player.goLive();
  }

  observeBuffer(): void {
    const { clock, precautions, state, observe, watchOf } = this.deps;
    const playerId = shownPlayerId(state());
    const shown = this.running();
    if (playerId === null || shown === undefined || state().phase.kind === 'suspended') return;
    const nowMs = clock.now();
    this.lookedAtMs = nowMs;
    const aheadMs = shown.player.bufferAheadMs();
    shown.gauge.sample(nowMs, aheadMs, shown.player.targetDurationMs() ?? 0, assumedLowMs(shown.player));
    if (!shown.gauge.isLow()) {
      precautions.release(this);
      observe({ type: 'buffer', playerId, aheadMs, low: false });
      return;
    }
    // On a starved machine every buffer is low, and that many more requests would not help.
    if (state().machine === 'free') watchOf(shown.streamId)?.confirm();
    const why = this.whyLate(shown);
    const low = why !== null && (why.channel === 'playlist' || precautions.take(this));
    observe({ type: 'buffer', playerId, aheadMs, low });
    if (shown.gauge.isSure() && aheadMs <= LAST_MOMENT_MS) this.reportEvidence(shown, why, nowMs);
  }

  /** Why its next media is late; `null` where the site sent it in time: another player would not help this workstation. */
  private whyLate({ streamId, player }: RunningPlayer): LateMedia | null {
    const why = this.deps.watchOf(streamId)?.whyLate(player.playlistLoads());
    return why !== undefined && (why.channel === 'playlist' || player.mediaIsLate()) ? why : null;
  }

  private reportEvidence({ streamId }: RunningPlayer, why: LateMedia | null, sinceMs: number): void {
    if (why !== null) this.deps.observe({ type: 'evidence', streamId, evidence: { ...why, sinceMs } });
  }

  /** New media came. The gauge takes the buffer as it was right before for a low. */
  noteLow(): void {
    const running = this.running();
    const { phase } = this.deps.state();
    if (running === undefined || !('shown' in phase) || phase.shown === null || phase.shown.dryAtMs === null)
      return;
    const { player, gauge } = running;
    const nowMs = this.deps.clock.now();
    const lowMs = Math.max(0, phase.shown.dryAtMs - nowMs);
    gauge.sample(nowMs, lowMs, player.targetDurationMs() ?? 0, assumedLowMs(player));
  }

  /** When the buffer will be low without new media, or a low buffer will be at its last moment; else infinity. */
  bufferWakeMs(): number {
    const { phase } = this.deps.state();
    if (!('shown' in phase) || phase.shown === null || phase.shown.dryAtMs === null)
      return Number.POSITIVE_INFINITY;
    const { low, dryAtMs } = phase.shown;
    const belowMs = low ? LAST_MOMENT_MS : (this.running()?.gauge.lowBelowMs() ?? 0);
    // Without an opinion no buffer is low, not even an empty one.
    if (belowMs === 0) return Number.POSITIVE_INFINITY;
    const atMs = Math.max(dryAtMs - belowMs + 1, this.lookedAtMs + LEAST_LOOK_MS);
    return atMs > this.deps.clock.now() ? atMs : Number.POSITIVE_INFINITY;
  }
}

/** A player that is two pieces of media behind the live edge still has one of them when the next one is due. */
function assumedLowMs(player: Player): number | null {
  const partMs = player.partTargetMs();
  if (partMs !== null) return 2 * partMs;
  const targetMs = player.targetDurationMs();
  return targetMs === null ? null : 0.75 * targetMs;
}
