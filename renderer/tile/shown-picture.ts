import type { Evidence, Observation, TileState } from '../../shared/selector/types.ts';
import type { Clock } from '../playback/clock.ts';
import type { PresentedFrame } from '../playback/frame-source.ts';
import { GapMeter } from '../playback/gap-meter.ts';
import type { Player } from '../playback/player.ts';
import type { StreamWatch } from '../playback/stream-watch.ts';
import type { Precautions } from '../window/precautions.ts';
import { liveLimitMs, shownPlayerId } from './describe-tile.ts';
import type { RunningPlayer } from './tile-players.ts';

/**
 * From so long without a frame on, ms, the video's own counter is looked at: a page without processor time is not told of the
 * frames that are on the screen.
 */
const UNTOLD_MS = 300;
/** A picture is stalled after this long, or this many usual frame intervals, without a new one. */
const STALL_MS = 600;
const STALL_INTERVALS = 4;
/**
 * One with media ahead stands still because this workstation is busy, far more often than because of its site: it is
 * given this long, ms, while it has at least so much, ms.
 */
const STALL_WITH_MEDIA_MS = 1500;
const MEDIA_TO_PLAY_MS = 500;
/** And on a machine that is starved, where no picture comes in time, for this long, with media or without, ms. */
const STALL_WHEN_STARVED_MS = 5000;
/** A picture that moves, but too far behind to be LIVE, is left so for this long, ms. */
const BEHIND_MS = 3000;
/** A low buffer with less than this ahead is evidence, before proof of life is due, ms. */
const LAST_MOMENT_MS = 100;
/** A picture that stands keeps its buffer, however soon that was to be low: it is not looked at more often, ms. */
const LEAST_LOOK_MS = 20;

type LateMedia = Pick<Evidence, 'channel' | 'cause'>;

/** The picture on the screen: its frames, its buffer and its distance to the live edge, as far as they are evidence. */
export class ShownPicture {
  private meter = new GapMeter();
  /** When a picture was raised or sent to the live edge: from then on its next frame is due. */
  private dueFromMs = 0;
  private behindSinceMs: number | null = null;
  /** The shown player's frames when they were counted last, and when their number had last changed; `null` while all are told. */
  private counted: { readonly player: Player; readonly frames: number; readonly movedAtMs: number } | null =
    null;
  /** When the buffer was looked at last. */
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

  /** Gives back what it has of the window's. */
  release(): void {
    this.deps.precautions.release(this);
  }

  /** Its player; `undefined` where no picture moves. */
  running(): RunningPlayer | undefined {
    const playerId = shownPlayerId(this.deps.state());
    return playerId === null ? undefined : this.deps.playerOf(playerId);
  }

  /** Another picture is on the screen from here on, not from its next frame. */
  raised({ newest }: RunningPlayer): void {
    const nowMs = this.deps.clock.now();
    this.dueFromMs = nowMs;
    if (newest !== null) this.meter.frame(nowMs);
  }

  frame({ atMs }: PresentedFrame): void {
    // One that was put to the compositor before the raise was counted with it.
    if (atMs > (this.meter.lastFrameMs() ?? 0)) this.meter.frame(atMs);
  }

  /** After a local fault: time in which nothing could be seen is no gap and no evidence. */
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

  /** When the tile showed a new picture last, monotonic ms. */
  lastFrameMs(): number | null {
    return this.meter.lastFrameMs();
  }

  /** Longest time from frame to frame between two moments, ms; `null` when no frame is known. */
  longestGapBetween(fromMs: number, toMs: number): number | null {
    return this.meter.longestBetween(fromMs, toMs);
  }

  /** The gap that is still open counts as soon as it is told as one; before, every next frame would change it. */
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
    // What kept the media of a dry picture away names the fault; that the picture stands is what becomes of it.
    if (shown !== undefined && aheadMs <= LAST_MOMENT_MS) this.accuse(shown, this.whyLate(shown), dueMs);
    this.deps.observe({ type: 'picture-stalls', playerId: phase.shown.playerId, sinceMs: dueMs });
  }

  /** When the picture moved last as far as this machine knows, or was to begin with it, monotonic ms. */
  private movedAtMs(player: Player | undefined, nowMs: number): number {
    const toldMs = Math.max(this.meter.lastFrameMs() ?? 0, this.dueFromMs);
    if (player === undefined || nowMs < toldMs + UNTOLD_MS) {
      this.counted = null;
      return toldMs;
    }
    const frames = player.presentedFrames();
    const before = this.counted?.player === player ? this.counted : { frames, movedAtMs: toldMs };
    const movedAtMs = frames > before.frames ? nowMs : before.movedAtMs;
    this.counted = { player, frames, movedAtMs };
    return Math.max(toldMs, movedAtMs);
  }

  /**
   * A picture that is too far behind to be LIVE, and stays so, jumps to the live edge. On a starved machine it only catches up
   * in its turn: a jump has all decoded that lies before it, and the pictures of a whole wall are as far behind.
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
    // On a starved machine every buffer is low, and as many more requests would make it no better.
    if (state().machine === 'free') watchOf(shown.streamId)?.confirm();
    const why = this.whyLate(shown);
    const low = why !== null && (why.channel === 'playlist' || precautions.take(this));
    observe({ type: 'buffer', playerId, aheadMs, low });
    if (shown.gauge.isSure() && aheadMs <= LAST_MOMENT_MS) this.accuse(shown, why, nowMs);
  }

  /** Why its next media is late; `null` where the site gave it in time: another player would not help this workstation. */
  private whyLate({ streamId, player }: RunningPlayer): LateMedia | null {
    const why = this.deps.watchOf(streamId)?.whyLate(player.playlistLoads());
    return why !== undefined && (why.channel === 'playlist' || player.mediaIsLate()) ? why : null;
  }

  private accuse({ streamId }: RunningPlayer, why: LateMedia | null, sinceMs: number): void {
    if (why !== null) this.deps.observe({ type: 'evidence', streamId, evidence: { ...why, sinceMs } });
  }

  /** New media is in the buffer: what it had come down to before is the low that the gauge goes by. */
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

  /** When the buffer will be low unless media comes, and when a low one will be at its last moment; else infinity. */
  bufferWakeMs(): number {
    const { phase } = this.deps.state();
    if (!('shown' in phase) || phase.shown === null || phase.shown.dryAtMs === null)
      return Number.POSITIVE_INFINITY;
    const { low, dryAtMs } = phase.shown;
    const belowMs = low ? LAST_MOMENT_MS : (this.running()?.gauge.lowBelowMs() ?? 0);
    // Without an opinion no buffer is low, least of all an empty one.
    if (belowMs === 0) return Number.POSITIVE_INFINITY;
    const atMs = Math.max(dryAtMs - belowMs + 1, this.lookedAtMs + LEAST_LOOK_MS);
    return atMs > this.deps.clock.now() ? atMs : Number.POSITIVE_INFINITY;
  }
}

/** A player that follows two pieces of media behind the live edge has one of them left when the next is due. */
function assumedLowMs(player: Player): number | null {
  const partMs = player.partTargetMs();
  if (partMs !== null) return 2 * partMs;
  const targetMs = player.targetDurationMs();
  return targetMs === null ? null : 0.75 * targetMs;
}
