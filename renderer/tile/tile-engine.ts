import type { AlarmKind, AlarmReport } from '../../shared/alarms/alarm.ts';
import { type EvidenceCause, isFault } from '../../shared/cause.ts';
import { causeSubject, causeWords } from '../../shared/cause-words.ts';
import type { Camera, PublicConfig, Quality } from '../../shared/config.ts';
import type { TileDiagnostics } from '../../shared/diagnostics.ts';
import type { LatestReport } from '../../shared/selector/local-silence.ts';
import { hotSiteOf } from '../../shared/selector/readings.ts';
import { initialState, nextWakeMs, redundancyOf, step } from '../../shared/selector/selector.ts';
import { isAlive } from '../../shared/selector/standing.ts';
import type {
  Change,
  Command,
  Evidence,
  Observation,
  SelectorPolicies,
  TileState,
} from '../../shared/selector/types.ts';
import { BufferGauge } from '../playback/buffer-gauge.ts';
import { epochMsOf } from '../playback/clock.ts';
import { FramePace } from '../playback/frame-pace.ts';
import type { PresentedFrame } from '../playback/frame-source.ts';
import { GapMeter } from '../playback/gap-meter.ts';
import type { Player, PlayerReport } from '../playback/player.ts';
import { type Attention, StreamWatch, type WatchReport } from '../playback/stream-watch.ts';
import { describeTile, type GatewayFailure, liveLimitMs, shownStreamId } from './describe-tile.ts';
import type { HotWish } from './hot-standbys.ts';
import {
  type ComparableScene,
  type DecodedPicture,
  PictureComparison,
  type PictureVerdict,
} from './picture-comparison.ts';
import type { Pictures } from './picture-stack.ts';
import type { StartTurn } from './start-turns.ts';
import type { TileServices } from './tile-services.ts';
import { EMPTY_SNAPSHOT, type TileSnapshot } from './tile-snapshot.ts';
import { plainStreamId, TileStreams } from './tile-streams.ts';

/** Heartbeat of a tile: how soon a stalled picture is noticed, ms. */
const HEARTBEAT_MS = 250;
/** A picture is stalled after this long, or this many usual frame intervals, without a new one. */
const STALL_MS = 600;
const STALL_INTERVALS = 4;
/**
 * One with media ahead stands still because this workstation is busy, far more often than because of its site: it is
 * given this long, ms, while it has at least so much, ms.
 */
const STALL_WITH_MEDIA_MS = 1500;
const MEDIA_TO_PLAY_MS = 500;
/** A picture that moves, but too far behind to be LIVE, is left so for this long, ms. */
const BEHIND_MS = 3000;
/** A low buffer with less than this ahead is evidence, before proof of life is due, ms. */
const LAST_MOMENT_MS = 100;
/** Frames of the raised picture before the one underneath goes, and the longest wait for them, ms. */
const FRAMES_BEFORE_RETIRING = 3;
const LONGEST_RETIRING_MS = 1000;
/** After a change the gap is measured until the new picture has run this long, ms. */
const SETTLE_MS = 1000;
/** A standby is started as a precaution by less than this before the evidence, ms. */
const LONGEST_LEAD_MS = 10_000;
/** What an incoming player usually takes from its first playlist to its second frame, ms. */
const START_LEAD_MS = 150;
/**
 * An alarm that lasts is told after its reason has stood for so long, ms: time to see whether it is that of all tiles
 * (rule 10), so that a workstation whose cable was pulled has one alarm and not one for each tile.
 */
const ALARM_PATIENCE_MS = 1500;
/** Clock offsets below this are within the error of their measurement by playlist polls, ms. */
const OFFSET_NOISE_MS = 1000;

/** A tile's place: its cell, counted from 1, and its view's name. */
export interface TilePlace {
  readonly tile: number;
  readonly view: string;
}

interface RunningPlayer {
  readonly streamId: string;
  readonly player: Player;
  readonly gauge: BufferGauge;
  readonly startedAtMs: number;
  newest: PresentedFrame | null;
  readonly pace: FramePace;
  /** Second frame with a later media time: the picture moves. */
  presented: boolean;
}

interface PendingChange {
  readonly change: Change;
  readonly playerId: number;
  /** When the raised player was started. */
  readonly startedAtMs: number;
  readonly raisedAtMs: number;
  /** The picture that was left: its newest frame and that frame's program date-time. */
  readonly left: { readonly atMs: number; readonly programDateTimeMs: number } | null;
  /** The raised player's newest frame then: what the screen showed from the raise on. */
  readonly first: PresentedFrame | null;
  framesSince: number;
}

/**
 * One tile: owns its watches, its players and its selector, and nothing of any other tile (rule 1). React
 * mounts it (`start`, `stop`) and draws its snapshot.
 */
export class TileEngine {
  private readonly streams: TileStreams;
  private state: TileState;
  private stack: Pictures | null = null;
  private readonly watches = new Map<string, StreamWatch>();
  private readonly players = new Map<number, RunningPlayer>();
  /** Of players that wait for their turn to start, or have it. */
  private readonly starts = new Map<number, StartTurn>();
  private readonly listeners = new Set<() => void>();
  private readonly queue: Observation[] = [];
  private stepping = false;
  /** Several observations of one moment are being made: they are stepped through together. */
  private gathering = false;
  private wanted: Quality;
  private meter = new GapMeter();
  /** When a picture was raised or sent to the live edge: from then on its next frame is due. */
  private pictureFromMs = 0;
  private behindSinceMs: number | null = null;
  private pending: PendingChange | null = null;
  private retiring: number | null = null;
  /** A held picture that could not be copied: it stays in its player, beside the two, until it is covered. */
  private heldPlayerId: number | null = null;
  private current: TileSnapshot = EMPTY_SNAPSHOT;
  /** `current` as text, to tell whether the next one says anything else. */
  private currentText = JSON.stringify(EMPTY_SNAPSHOT);
  /** Something happened since `current` was made. Without listeners it is made anew only when it is asked for. */
  private stale = false;
  private lastChange: TileSnapshot['lastChange'] = null;
  /** What was told of each alarm since the start: the same is not told twice. */
  private readonly told = new Map<AlarmKind, AlarmReport['transition']>();
  /** Since when the reason of an alarm that is not told yet has stood, monotonic ms. */
  private readonly reasonsFromMs = new Map<AlarmKind, number>();
  /** What was told last of each stream, by its watch or a player. */
  private readonly latest = new Map<string, LatestReport>();
  /** What the gateway said of each stream's latest failure. */
  private readonly failures = new Map<string, GatewayFailure>();
  private comparison: PictureComparison | null = null;
  private endings: (() => void)[] = [];
  private endHeartbeat: () => void = () => {};
  private endWake: () => void = () => {};
  /** When the timer of {@link endWake} is due; `null` without one. */
  private wakeMs: number | null = null;
  private endRetiring: () => void = () => {};

  constructor(
    private config: PublicConfig,
    private camera: Camera,
    private place: TilePlace & { readonly wanted: Quality },
    private readonly services: TileServices,
  ) {
    this.wanted = place.wanted;
    this.streams = new TileStreams(config, camera, this.wanted);
    this.state = this.initialState();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The same object for as long as nothing in it changed. */
  readonly snapshot = (): TileSnapshot => {
    if (this.stale) this.describe();
    return this.current;
  };

  /** Begins to probe, and to play into `pictures`. Once per engine, or again after `stop`. */
  start(pictures: Pictures): void {
    this.stack = pictures;
    this.state = this.initialState();
    this.meter = new GapMeter();
    this.told.clear();
    this.reasonsFromMs.clear();
    this.failures.clear();
    this.latest.clear();
    this.comparison = this.createComparison();
    this.syncWatches();
    this.endings.push(
      this.services.activity.subscribe(() => this.followActivity()),
      this.services.diagnostics.add(() => this.diagnostics()),
      this.services.localSilence.add({
        state: () => this.state,
        latestOf: (streamId) => this.latest.get(streamId),
      }),
      this.services.hotStandbys.add({
        wish: () => this.hotWish(),
        unsettled: () => this.state.phase.kind === 'starting' || this.state.phase.kind === 'switching',
        allow: (allowed) => this.allowHot(allowed),
        setMachine: (machine) => {
          if (machine !== this.state.machine) this.observe({ type: 'machine', machine });
        },
      }),
    );
    if (this.services.activity.suspended()) this.observe({ type: 'suspend' });
    this.beat();
  }

  /** Frees every player, watch, timer and request. */
  stop(): void {
    this.flushChange();
    this.endHeartbeat();
    this.endWake();
    this.wakeMs = null;
    this.endRetiring();
    for (const end of this.endings.splice(0)) end();
    this.comparison?.dispose();
    this.comparison = null;
    for (const watch of this.watches.values()) watch.dispose();
    this.watches.clear();
    for (const playerId of [...this.starts.keys()]) this.endTurn(playerId);
    this.services.precautions.release(this);
    for (const { player } of this.players.values()) player.dispose();
    this.players.clear();
    this.stack?.dropStill();
    this.stack = null;
    this.retiring = null;
    this.heldPlayerId = null;
    this.pending = null;
    this.queue.length = 0;
  }

  /** The quality that fits the tile's size. */
  setWanted(wanted: Quality): void {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    this.replan('quality');
  }

  /** Where the tile is in its view, for the journal. */
  setPlace({ tile, view }: TilePlace): void {
    this.place = { ...this.place, tile, view };
  }

  /** Follows an edit. What it does not concern goes on: the same streams keep their players and watches. */
  updateConfig(config: PublicConfig): void {
    const camera = config.cameras.find(({ id }) => id === this.camera.id);
    // Without its camera the tile is about to go.
    if (config === this.config || camera === undefined) return;
    const before = JSON.stringify(this.policies());
    this.config = config;
    this.camera = camera;
    this.replan('priority-changed');
    if (JSON.stringify(this.policies()) !== before)
      this.observe({ type: 'policies', policies: this.policies() });
  }

  returnToPreferred(): void {
    this.observe({ type: 'return' });
  }

  private replan(cause: 'quality' | 'priority-changed'): void {
    const needed = [shownStreamId(this.state), this.pending?.change.from ?? null];
    const { replan, watchAnew } = this.streams.update(this.config, this.camera, this.wanted, needed);
    if (this.stack === null) {
      this.state = this.initialState();
      return;
    }
    for (const id of watchAnew) this.endWatch(id);
    this.comparison?.keepOnly(this.streams.all.map(({ id }) => id));
    if (replan) this.observe({ type: 'plan', streams: this.streams.inOrder, cause });
    else {
      this.syncWatches();
      this.publish();
    }
  }

  // --- steps ------------------------------------------------------------------------------------------

  private initialState(): TileState {
    const { clock, random } = this.services;
    return initialState(this.streams.inOrder, this.policies(), Math.floor(random() * 2 ** 31), clock.now());
  }

  private policies(): SelectorPolicies {
    return {
      ...this.config.policies,
      spreadMs: Math.max(5000, this.services.tileCount() * 150),
      tickMs: HEARTBEAT_MS,
      onFrozen: this.camera.onFrozen ?? 'alarm',
    };
  }

  private observe(observation: Observation): void {
    if (this.stack === null) return;
    this.queue.push(observation);
    if (!this.gathering) this.takeSteps();
  }

  /** What `observing` observes costs no more than one observation, but for the steps themselves. */
  private together(observing: () => void): void {
    if (this.gathering) {
      observing();
      return;
    }
    this.gathering = true;
    try {
      observing();
    } finally {
      this.gathering = false;
    }
    if (this.queue.length > 0) this.takeSteps();
  }

  private takeSteps(): void {
    if (this.stepping) return;
    this.stepping = true;
    const before = this.state;
    let commanded = false;
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
        const stepped = step(this.state, next, this.services.clock.now());
        this.state = stepped.state;
        for (const command of stepped.commands) this.run(command);
        if (stepped.commands.length > 0) commanded = true;
      }
    } finally {
      // Whatever failed, a tile that stopped to observe would go on saying LIVE.
      this.stepping = false;
    }
    if (commanded || isAnotherStanding(before, this.state)) this.follow();
    else this.stale = true;
    this.armWake();
  }

  /** Brings all that goes by the selector's state into line with it. What only ages in it can wait for the next beat. */
  private follow(): void {
    this.syncWatches();
    this.syncAttention();
    this.forgetFailures();
    this.comparison?.update(this.comparableScene());
    this.services.localSilence.update();
    this.watchAlarms();
    this.publish();
  }

  private run(command: Command): void {
    switch (command.type) {
      case 'start-player':
        this.startPlayer(command.playerId, command.streamId, command.alignWith);
        return;
      case 'dispose-player':
        this.disposePlayer(command.playerId);
        return;
      case 'show-player':
        this.showPlayer(command.playerId, command.retire, command.change);
        return;
      case 'hold-picture':
        this.holdPicture(command.playerId);
        return;
      case 'go-live':
        this.startClocksAnew();
        this.players.get(command.playerId)?.player.goLive();
        return;
    }
  }

  /** In its turn: a wall that lost its site would otherwise start all its players at once. */
  private startPlayer(playerId: number, streamId: string, alignWith: number | null): void {
    const { phase } = this.state;
    const dryAtMs = 'shown' in phase ? (phase.shown?.dryAtMs ?? null) : null;
    // A hot standby has time, whatever else is started.
    const neededAtMs =
      phase.kind === 'showing' ? Number.POSITIVE_INFINITY : (dryAtMs ?? this.services.clock.now());
    const begin = (): void => this.createPlayer(playerId, streamId, alignWith);
    this.starts.set(playerId, this.services.startTurns.take(neededAtMs, begin));
  }

  private createPlayer(playerId: number, streamId: string, alignWith: number | null): void {
    const stream = this.streams.find(streamId);
    // A suspension that ends another tile's turn may give this tile its own before it is told: it will drop this player.
    if (stream === undefined || this.stack === null || this.services.activity.suspended()) return;
    // Two players at most (rule 15): one that is only waiting to be freed does not stand in the way.
    this.freeRetiring();
    this.comparison?.yieldPlayer();
    const player = this.services.createPlayer(
      stream,
      { startAtProgramDateTimeMs: alignWith === null ? null : this.alignment(alignWith, streamId) },
      (report) => this.onPlayer(playerId, streamId, report),
    );
    this.players.set(playerId, {
      streamId,
      player,
      gauge: new BufferGauge(),
      startedAtMs: this.services.clock.now(),
      newest: null,
      pace: new FramePace(),
      presented: false,
    });
    this.stack.add(player.video);
  }

  private showPlayer(playerId: number, retire: number | null, change: Change): void {
    const raised = this.players.get(playerId);
    if (raised === undefined) return;
    this.stack?.raise(raised.player.video);
    const nowMs = this.services.clock.now();
    this.pictureFromMs = nowMs;
    // Another picture is on the screen from here on, not from its next frame.
    if (raised.newest !== null) this.meter.frame(nowMs);
    this.retire(retire);
    const old = retire === null ? undefined : this.players.get(retire);
    const leftAt = old?.newest == null ? null : old.player.programDateTimeMs(old.newest.mediaTimeS);
    this.flushChange();
    this.alarmOfChange(change);
    this.pending = {
      change,
      playerId,
      startedAtMs: raised.startedAtMs,
      raisedAtMs: nowMs,
      left:
        old?.newest == null || leftAt === null ? null : { atMs: old.newest.atMs, programDateTimeMs: leftAt },
      first: raised.newest,
      framesSince: 0,
    };
  }

  /** From now on the held picture is what covers the tile: nothing that it covers is freed later, in its place. */
  private holdPicture(playerId: number): void {
    this.freeRetiring();
    const held = this.players.get(playerId);
    const formerId = this.heldPlayerId;
    this.heldPlayerId = null;
    if (held !== undefined && this.stack?.holdStill(held.player.video) === false)
      this.heldPlayerId = playerId;
    else this.disposePlayer(playerId);
    if (formerId !== null) this.disposePlayer(formerId);
  }

  private disposePlayer(playerId: number): void {
    this.endTurn(playerId);
    this.players.get(playerId)?.player.dispose();
    this.players.delete(playerId);
    if (this.retiring === playerId) this.retiring = null;
  }

  private endTurn(playerId: number): void {
    this.starts.get(playerId)?.end();
    this.starts.delete(playerId);
  }

  /** The old picture stays underneath until the new one has shown that it runs. */
  private retire(playerId: number | null): void {
    this.freeRetiring();
    this.retiring = playerId;
    this.endRetiring = this.services.clock.after(LONGEST_RETIRING_MS, () => this.freeCovered());
  }

  private freeRetiring(): void {
    this.endRetiring();
    if (this.retiring !== null) this.disposePlayer(this.retiring);
  }

  private freeCoveredSoon(): void {
    this.endRetiring();
    this.endRetiring = this.services.disposals.soon(() => this.freeCovered());
  }

  /** Frees all that the raised picture covers. */
  private freeCovered(): void {
    this.freeRetiring();
    if (this.heldPlayerId !== null) this.disposePlayer(this.heldPlayerId);
    this.heldPlayerId = null;
    this.stack?.dropStill();
  }

  // --- reports of the drivers -------------------------------------------------------------------------

  private onPlayer(playerId: number, streamId: string, report: PlayerReport): void {
    // A retired picture still plays underneath, but has no say any more.
    if (playerId === this.retiring || playerId === this.heldPlayerId || !this.players.has(playerId)) return;
    switch (report.type) {
      case 'frame':
        this.onFrame(playerId, report.frame);
        return;
      case 'progress':
        // Of the shown player its frames and its buffer tell more.
        if (playerId !== this.shownPlayerId()) this.observe({ type: 'progress', playerId });
        return;
      case 'failed':
        this.observe({ type: 'player-failed', playerId, cause: report.cause });
        return;
      case 'proof':
        this.latest.set(streamId, 'proof');
        if (report.channel === 'playlist') this.watches.get(streamId)?.creditMove();
        if (report.channel === 'media' && playerId === this.shownPlayerId()) this.noteLow(playerId);
        this.together(() => {
          this.observe({ type: 'proof', streamId, channel: report.channel });
          if (report.channel === 'media') this.observeBuffer();
        });
        return;
      case 'evidence':
        this.noteFailure(streamId, report);
        this.together(() => {
          this.observeBuffer();
          this.observe({ type: 'evidence', streamId, evidence: report.evidence });
        });
        return;
    }
  }

  private onFrame(playerId: number, frame: PresentedFrame): void {
    const running = this.players.get(playerId);
    if (running === undefined) return;
    const previous = running.newest;
    running.newest = frame;
    const stepMs = previous === null ? 0 : (frame.mediaTimeS - previous.mediaTimeS) * 1000;
    running.pace.step(stepMs);
    if (playerId !== this.shownPlayerId()) {
      if (stepMs <= 0 || running.presented) return;
      running.presented = true;
      this.endTurn(playerId);
      this.observe({ type: 'presented', playerId });
      return;
    }
    // One that was put to the compositor before the raise was counted with it.
    if (frame.atMs > (this.meter.lastFrameMs() ?? 0)) this.meter.frame(frame.atMs);
    if (this.pending?.playerId === playerId) {
      this.pending.framesSince += 1;
      if (this.pending.framesSince === FRAMES_BEFORE_RETIRING) this.freeCoveredSoon();
    }
    const { phase } = this.state;
    if ('shown' in phase && phase.shown?.stalled) this.observe({ type: 'picture-moves', playerId });
    else if (!this.current.live) this.publish();
  }

  private hotWish(): HotWish | null {
    const { phase, streams } = this.state;
    const siteId = hotSiteOf(this.state);
    if (siteId === null) return null;
    const shownId = shownStreamId(this.state);
    return {
      siteId,
      suspect: streams.find(({ id }) => id === shownId)?.standing.kind === 'suspect',
      selected: this.services.selectedTile() === this.place.tile,
      running: phase.kind === 'showing' && phase.hot !== null && phase.hot.presentedAtMs !== null,
    };
  }

  private allowHot(allowed: boolean): void {
    if (allowed !== (this.state.hotStandby === 'granted')) this.observe({ type: 'hot-allowance', allowed });
  }

  private shownPlayerId(): number | null {
    const { phase } = this.state;
    return 'shown' in phase ? (phase.shown?.playerId ?? null) : null;
  }

  private followActivity(): void {
    if (this.services.activity.suspended()) {
      // What passes until the return is no gap.
      this.flushChange();
      this.observe({ type: 'suspend' });
      return;
    }
    this.startClocksAnew();
    this.observe({ type: 'resume' });
  }

  /** After a local fault: time in which nothing could be observed is no gap and no evidence. */
  private startClocksAnew(): void {
    this.meter.startAnew(this.services.clock.now());
    this.pictureFromMs = this.services.clock.now();
    for (const watch of this.watches.values()) watch.startClocksAnew();
  }

  private beat(): void {
    this.endHeartbeat = this.services.clock.after(HEARTBEAT_MS, () => this.beat());
    const { pending } = this;
    // A raised picture that stands still at once has not ended the gap yet.
    if (
      pending !== null &&
      pending.framesSince > 0 &&
      this.services.clock.now() - pending.raisedAtMs >= SETTLE_MS
    )
      this.flushChange();
    this.observeLatency();
    this.together(() => {
      this.observePicture();
      this.observeBuffer();
      this.tick();
    });
    this.follow();
  }

  private observePicture(): void {
    const { phase } = this.state;
    if (phase.kind === 'suspended' || !('shown' in phase) || phase.shown === null || phase.shown.stalled)
      return;
    const lastMs = Math.max(this.meter.lastFrameMs() ?? 0, this.pictureFromMs);
    if (this.services.clock.now() < lastMs + STALL_MS) return;
    const { player } = this.players.get(phase.shown.playerId) ?? {};
    const hasMedia = player !== undefined && player.bufferAheadMs() >= MEDIA_TO_PLAY_MS;
    const patienceMs = Math.max(
      hasMedia ? STALL_WITH_MEDIA_MS : STALL_MS,
      STALL_INTERVALS * (this.frameIntervalMs() ?? 0),
    );
    const dueMs = lastMs + patienceMs;
    if (this.services.clock.now() >= dueMs)
      this.observe({ type: 'picture-stalls', playerId: phase.shown.playerId, sinceMs: dueMs });
  }

  /** Of the picture on the screen, ms. */
  private frameIntervalMs(): number | null {
    const playerId = this.shownPlayerId();
    return playerId === null ? null : (this.players.get(playerId)?.pace.usualMs() ?? null);
  }

  /** Near its target hls.js catches up, far off it jumps; between the two a picture would stay behind for good. */
  private observeLatency(): void {
    const { phase, streams } = this.state;
    const shown = phase.kind === 'showing' ? this.players.get(phase.shown.playerId) : undefined;
    const behindMs = shown?.player.behindLiveMs() ?? null;
    const healthy = streams.find(({ id }) => id === shown?.streamId)?.standing.kind === 'healthy';
    if (
      shown === undefined ||
      behindMs === null ||
      !healthy ||
      behindMs <= liveLimitMs(shown.player.targetDurationMs())
    ) {
      this.behindSinceMs = null;
      return;
    }
    const nowMs = this.services.clock.now();
    this.behindSinceMs ??= nowMs;
    if (nowMs - this.behindSinceMs < BEHIND_MS) return;
    this.behindSinceMs = null;
    shown.player.goLive();
  }

  private observeBuffer(): void {
    const playerId = this.shownPlayerId();
    const shown = playerId === null ? undefined : this.players.get(playerId);
    if (playerId === null || shown === undefined || this.state.phase.kind === 'suspended') return;
    const nowMs = this.services.clock.now();
    const aheadMs = shown.player.bufferAheadMs();
    shown.gauge.sample(nowMs, aheadMs, shown.player.targetDurationMs() ?? 0, assumedLowMs(shown.player));
    const watch = this.watches.get(shown.streamId);
    if (!shown.gauge.isLow() || watch === undefined) {
      this.services.precautions.release(this);
      this.observe({ type: 'buffer', playerId, aheadMs, low: false });
      return;
    }
    watch.confirm();
    const why = watch.whyLate();
    // What comes late although the site gave it in time is late by this workstation: another player would not help.
    const isLate = why.channel === 'playlist' || shown.player.mediaIsLate();
    const low = isLate && (why.channel === 'playlist' || this.services.precautions.take(this));
    this.observe({ type: 'buffer', playerId, aheadMs, low });
    if (!isLate || !shown.gauge.isSure() || aheadMs > LAST_MOMENT_MS) return;
    this.observe({ type: 'evidence', streamId: shown.streamId, evidence: { ...why, sinceMs: nowMs } });
  }

  /** New media is in the shown buffer: what it had come down to before is the low that the gauge goes by. */
  private noteLow(playerId: number): void {
    const running = this.players.get(playerId);
    const { phase } = this.state;
    if (running === undefined || !('shown' in phase) || phase.shown === null || phase.shown.dryAtMs === null)
      return;
    const { player, gauge } = running;
    const nowMs = this.services.clock.now();
    const lowMs = Math.max(0, phase.shown.dryAtMs - nowMs);
    gauge.sample(nowMs, lowMs, player.targetDurationMs() ?? 0, assumedLowMs(player));
  }

  // --- comparison of pictures -------------------------------------------------------------------------

  private createComparison(): PictureComparison {
    const { clock, random, pictureSampler, createPlayer } = this.services;
    return new PictureComparison({
      clock,
      random,
      sampler: pictureSampler,
      startPlayer: (streamId, { onFrame, onFailed }) => {
        const stream = this.streams.find(streamId);
        if (stream === undefined) throw new Error(`the tile has no stream ${streamId} to compare with`);
        const player = createPlayer(stream, { startAtProgramDateTimeMs: null }, (report) => {
          if (report.type === 'frame') onFrame(report.frame);
          if (report.type === 'failed') onFailed();
        });
        this.stack?.add(player.video);
        return player;
      },
      onVerdict: (verdict) => this.onVerdict(verdict),
    });
  }

  private comparableScene(): ComparableScene {
    const { phase, streams } = this.state;
    const shownId = this.shownPlayerId();
    const shown = shownId === null ? undefined : this.players.get(shownId);
    const isJudged = phase.kind === 'showing' || phase.kind === 'switching';
    if (!isJudged || phase.shown.stalled || shown === undefined)
      return { shown: null, other: null, affordable: [] };
    const siteOf = (id: string): string | undefined => streams.find((stream) => stream.id === id)?.siteId;
    const isElsewhere = (id: string): boolean => siteOf(id) !== siteOf(shown.streamId);
    const beside = phase.kind === 'switching' ? phase.incoming : phase.hot;
    const other = beside === null ? undefined : this.players.get(beside.playerId);
    const hasRoom = phase.kind === 'showing' && this.players.size === 1;
    const isPlayable = ({ id, standing, leaving }: TileState['streams'][number]): boolean =>
      !leaving && (standing.kind === 'healthy' || this.comparison?.faultOf(id) != null);
    return {
      shown: decodedPicture(shown),
      other: other?.presented && isElsewhere(other.streamId) ? decodedPicture(other) : null,
      affordable: hasRoom
        ? streams.filter((stream) => isElsewhere(stream.id) && isPlayable(stream)).map(({ id }) => id)
        : [],
    };
  }

  private onVerdict(verdict: PictureVerdict): void {
    if (verdict.verdict !== 'moving') this.alarm(verdict.verdict, verdict.streamId, verdict.verdict);
    const faults = this.streams.all.map(({ id }) => this.comparison?.faultOf(id)?.verdict);
    for (const kind of ['frozen', 'black'] as const) if (!faults.includes(kind)) this.settle(kind);
    this.observe(verdict);
  }

  // --- watches ----------------------------------------------------------------------------------------

  /** Watches all that the selector goes by: a removed stream for as long as it is still shown, too. */
  private syncWatches(): void {
    const { streams } = this.state;
    if (streams.length === this.watches.size && streams.every(({ id }) => this.watches.has(id))) return;
    const watched = streams.map(({ id }) => id);
    for (const id of [...this.watches.keys()]) if (!watched.includes(id)) this.endWatch(id);
    for (const id of watched) {
      const stream = this.streams.find(id);
      if (stream === undefined || this.watches.has(id)) continue;
      this.watches.set(id, new StreamWatch(stream, this.services, (report) => this.onWatch(id, report)));
    }
  }

  private onWatch(streamId: string, report: WatchReport): void {
    if (report.type === 'proof') {
      this.latest.set(streamId, 'proof');
      this.observe({ ...report, streamId });
      return;
    }
    this.noteFailure(streamId, report);
    this.observe({ type: 'evidence', streamId, evidence: report.evidence });
  }

  private noteFailure(
    streamId: string,
    { evidence, words }: { readonly evidence: Evidence; readonly words?: string | undefined },
  ): void {
    this.latest.set(streamId, evidence.cause);
    if (words === undefined) this.failures.delete(streamId);
    else this.failures.set(streamId, { cause: evidence.cause, words });
  }

  /** What the gateway said of a stream that is alive again is over: it must not be told of what comes next. */
  private forgetFailures(): void {
    for (const { id, standing } of this.state.streams) if (isAlive(standing)) this.failures.delete(id);
  }

  private endWatch(streamId: string): void {
    this.watches.get(streamId)?.dispose();
    this.watches.delete(streamId);
    this.failures.delete(streamId);
    this.latest.delete(streamId);
  }

  private syncAttention(): void {
    const shownId = this.shownPlayerId() === null ? null : shownStreamId(this.state);
    const { kind } = this.state.phase;
    const searching = kind === 'starting' || kind === 'holding';
    for (const { id, standing } of this.state.streams) {
      const attention: Attention = isAlive(standing)
        ? id === shownId
          ? 'shown'
          : 'standby'
        : searching
          ? 'sought'
          : 'doubted';
      this.watches.get(id)?.setAttention(attention);
    }
  }

  private armWake(): void {
    const nowMs = this.services.clock.now();
    const wakeMs = Math.min(nextWakeMs(this.state) ?? Number.POSITIVE_INFINITY, this.bufferWakeMs());
    if (wakeMs === this.wakeMs && wakeMs > nowMs) return;
    this.endWake();
    this.wakeMs = wakeMs;
    // The heartbeat comes sooner anyway.
    if (wakeMs - nowMs > HEARTBEAT_MS) {
      this.wakeMs = null;
      return;
    }
    this.endWake = this.services.clock.after(wakeMs - nowMs, () => {
      this.together(() => {
        this.observeBuffer();
        this.tick();
      });
    });
  }

  /** When the shown buffer will be low unless media comes, and when a low one will be at its last moment. */
  private bufferWakeMs(): number {
    const { phase } = this.state;
    if (!('shown' in phase) || phase.shown === null || phase.shown.dryAtMs === null)
      return Number.POSITIVE_INFINITY;
    const { playerId, low, dryAtMs } = phase.shown;
    const gauge = this.players.get(playerId)?.gauge;
    const belowMs = low ? LAST_MOMENT_MS : (gauge?.lowBelowMs() ?? 0);
    // Without an opinion no buffer is low, least of all an empty one: it would be looked at every millisecond.
    if (belowMs === 0) return Number.POSITIVE_INFINITY;
    const atMs = dryAtMs - belowMs + 1;
    return atMs > this.services.clock.now() ? atMs : Number.POSITIVE_INFINITY;
  }

  private tick(): void {
    const localHour = new Date(this.epochMs(this.services.clock.now())).getHours();
    // Whatever is observed runs the rules, so that a tick beside it has only the hour to tell.
    if (this.queue.length > 0 && localHour === this.state.localHour) return;
    this.observe({ type: 'tick', localHour });
  }

  /**
   * Where the incoming stream should start, epoch ms of its own site's clock, so that its picture is at the
   * shown one's moment when it is ready. `null` without date-times.
   */
  private alignment(shownPlayerId: number, incomingId: string): number | null {
    const shown = this.players.get(shownPlayerId);
    if (shown?.newest == null) return null;
    const at = shown.player.programDateTimeMs(shown.newest.mediaTimeS);
    if (at === null) return null;
    const offsetOf = (id: string): number | null =>
      this.state.streams.find((stream) => stream.id === id)?.learnedOffsetMs ?? null;
    const incomingOffset = offsetOf(incomingId);
    const shownOffset = offsetOf(shown.streamId);
    const offsetMs = incomingOffset === null || shownOffset === null ? 0 : incomingOffset - shownOffset;
    const sinceFrameMs = this.services.clock.now() - shown.newest.atMs;
    return at + sinceFrameMs + START_LEAD_MS + (Math.abs(offsetMs) < OFFSET_NOISE_MS ? 0 : offsetMs);
  }

  // --- journal and snapshot ---------------------------------------------------------------------------

  private flushChange(): void {
    const { pending } = this;
    this.pending = null;
    if (pending === null) return;
    const { change, first, left, raisedAtMs } = pending;
    const nowMs = this.services.clock.now();
    const raised = this.players.get(pending.playerId)?.player;
    const arrivedAt = first === null ? null : (raised?.programDateTimeMs(first.mediaTimeS) ?? null);
    // From the first thing that the change did: a standby that starts can cost the shown picture frames. One that
    // was hot long before had no part in it.
    const beganMs = change.firstEvidenceAtMs ?? change.decidedAtMs;
    const fromMs =
      beganMs - pending.startedAtMs > LONGEST_LEAD_MS ? beganMs : Math.min(beganMs, pending.startedAtMs);
    const gapMs = change.from === null ? null : this.meter.longestBetween(fromMs, nowMs);
    this.lastChange = { atMs: this.epochMs(raisedAtMs), words: this.changeWords(change), gapMs };
    this.services.journal({
      kind: 'change',
      ...this.here(),
      time: this.isoTime(change.decidedAtMs),
      from: change.from === null ? null : plainStreamId(change.from),
      to: plainStreamId(change.to),
      cause: change.cause,
      firstEvidenceAt: change.firstEvidenceAtMs === null ? null : this.isoTime(change.firstEvidenceAtMs),
      firstFrameAt: this.isoTime(raisedAtMs),
      gapMs: gapMs === null ? null : Math.round(gapMs),
      jumpMs:
        left === null || first === null || arrivedAt === null
          ? null
          : Math.round(arrivedAt - left.programDateTimeMs - (first.atMs - left.atMs)),
    });
  }

  private changeWords({ from, to, cause }: Change): string {
    const name = (id: string): string => this.streams.find(id)?.siteName ?? plainStreamId(id);
    if (from === null) return `${name(to)} gave the first picture`;
    const subject = causeSubject(cause) === 'to' ? name(to) : name(from);
    return `${name(from)} to ${name(to)}: ${subject} ${causeWords(cause)}`;
  }

  /** A change of site that nobody asked for. Whether the tile is back on its first site is told like the rest. */
  private alarmOfChange({ from, to, cause, decidedAtMs }: Change): void {
    if (from === null || !isFault(cause) || this.siteOf(from) === this.siteOf(to)) return;
    this.told.set('changed-over', 'raised');
    this.services.alarm({
      transition: 'raised',
      alarm: 'changed-over',
      time: this.isoTime(decidedAtMs),
      place: this.here(),
      stream: plainStreamId(from),
      shown: plainStreamId(to),
      cause,
    });
  }

  /** Tells where the tile stands: after the start everything that is known, then what changes. */
  private watchAlarms(): void {
    const { phase } = this.state;
    if (phase.kind === 'suspended') {
      this.reasonsFromMs.clear();
      return;
    }
    const redundancy = redundancyOf(this.state);
    const shownId = shownStreamId(this.state);
    const shownSiteId = shownId === null ? null : this.siteOf(shownId);
    const lost = this.state.streams.find(
      ({ siteId, standing }) => siteId !== shownSiteId && standing.kind === 'lost',
    );
    if (redundancy === 'none' && lost?.standing.kind === 'lost')
      this.alarmInTime('no-redundancy', lost.id, lost.standing.cause);
    else {
      this.reasonsFromMs.delete('no-redundancy');
      if (redundancy === 'ok' || redundancy === 'single') this.settle('no-redundancy');
    }
    const missing = missingVideo(this.state);
    if (missing === null) this.reasonsFromMs.delete('no-video');
    else this.alarmInTime('no-video', missing.streamId, missing.cause);
    if (phase.kind !== 'showing') return;
    this.settle('no-video');
    if (shownSiteId === this.state.streams[0]?.siteId) this.settle('changed-over');
  }

  /** When its reason has stood for long enough and is not that of all tiles. */
  private alarmInTime(alarm: AlarmKind, stream: string, cause: EvidenceCause): void {
    if (this.told.get(alarm) === 'raised') return;
    if (this.services.localSilence.covers()) {
      this.reasonsFromMs.delete(alarm);
      return;
    }
    const nowMs = this.services.clock.now();
    const fromMs = this.reasonsFromMs.get(alarm) ?? nowMs;
    this.reasonsFromMs.set(alarm, fromMs);
    if (nowMs - fromMs >= ALARM_PATIENCE_MS) this.alarm(alarm, stream, cause);
  }

  private alarm(alarm: AlarmKind, stream: string | null, cause: EvidenceCause | null): void {
    if (this.told.get(alarm) === 'raised') return;
    this.told.set(alarm, 'raised');
    this.services.alarm({
      transition: 'raised',
      alarm,
      ...this.alarmNow(),
      stream: stream === null ? null : plainStreamId(stream),
      cause,
    });
  }

  private settle(alarm: AlarmKind): void {
    if (this.told.get(alarm) === 'returned') return;
    this.told.set(alarm, 'returned');
    this.services.alarm({ transition: 'returned', alarm, ...this.alarmNow() });
  }

  private alarmNow(): Pick<AlarmReport, 'time' | 'place' | 'shown'> {
    const shownId = shownStreamId(this.state);
    return {
      time: this.isoTime(this.services.clock.now()),
      place: this.here(),
      shown: shownId === null ? null : plainStreamId(shownId),
    };
  }

  private siteOf(streamId: string): string | null {
    return this.state.streams.find(({ id }) => id === streamId)?.siteId ?? null;
  }

  private here(): { view: string; tile: number; camera: string } {
    return { view: this.place.view, tile: this.place.tile, camera: this.camera.id };
  }

  /** The gap that is still open counts as soon as it is told as one; before, every next frame would change it. */
  private longestGapMs(): number | null {
    const lastMs = this.meter.lastFrameMs();
    const { phase } = this.state;
    const open = phase.kind === 'holding' && (phase.shown === null || phase.shown.stalled);
    const longestMs = this.meter.longestMs();
    if (!open || lastMs === null) return longestMs;
    const wholeSecondsMs = 1000 * Math.floor((this.services.clock.now() - lastMs) / 1000);
    return Math.max(longestMs ?? 0, wholeSecondsMs);
  }

  private diagnostics(): TileDiagnostics {
    const playerId = this.shownPlayerId();
    const shown = playerId === null ? undefined : this.players.get(playerId);
    const pictureTimeMs =
      shown?.newest == null ? null : shown.player.programDateTimeMs(shown.newest.mediaTimeS);
    const shownId = shownStreamId(this.state);
    return {
      tile: this.place.tile,
      camera: this.camera.id,
      shown: shownId === null ? null : plainStreamId(shownId),
      phase: this.state.phase.kind,
      // The frame's own instant: what passed since then is the age of the question, not of the picture.
      pictureAgeMs:
        shown?.newest == null || pictureTimeMs === null
          ? null
          : this.epochMs(shown.newest.atMs) - pictureTimeMs,
      behindLiveMs: shown?.player.behindLiveMs() ?? null,
      bufferAheadMs: shown?.player.bufferAheadMs() ?? null,
      frameIntervalMs: this.frameIntervalMs(),
      frames: this.meter.frames(),
      droppedFrames: shown?.player.droppedFrames() ?? 0,
      longestGapMs: this.longestGapMs(),
      players: this.players.size,
    };
  }

  private epochMs(atMs: number): number {
    return epochMsOf(this.services.clock, atMs);
  }

  private isoTime(atMs: number): string {
    return new Date(this.epochMs(atMs)).toISOString();
  }

  private publish(): void {
    this.stale = true;
    if (this.listeners.size === 0 || !this.describe()) return;
    for (const listener of this.listeners) listener();
  }

  /** Brings the snapshot up to date; tells whether that changed it. */
  private describe(): boolean {
    this.stale = false;
    const playerId = this.shownPlayerId();
    const running = playerId === null ? undefined : this.players.get(playerId);
    const shown = running?.player;
    const next = describeTile(this.state, this.streams.all, {
      nowMs: this.services.clock.now(),
      clockTime: (atMs) => new Date(this.epochMs(atMs)).toLocaleTimeString('en-GB'),
      // A picture that was raised is as old as it was underneath.
      lastFrameMs: running?.newest?.atMs ?? this.meter.lastFrameMs(),
      frameIntervalMs: this.frameIntervalMs(),
      behindLiveMs: shown?.behindLiveMs() ?? null,
      targetDurationMs: shown?.targetDurationMs() ?? null,
      partTargetMs: shown?.partTargetMs() ?? null,
      longestGapMs: this.longestGapMs(),
      lastChange: this.lastChange,
      pictureFault: (streamId) => this.comparison?.faultOf(streamId) ?? null,
      gatewayFailure: (streamId) => this.failures.get(streamId) ?? null,
    });
    const text = JSON.stringify(next);
    if (text === this.currentText) return false;
    this.current = next;
    this.currentText = text;
    return true;
  }
}

/** Whether a tile stands otherwise with its streams or its picture than before: most steps only move its clocks on. */
function isAnotherStanding(before: TileState, after: TileState): boolean {
  if (before.phase.kind !== after.phase.kind || before.policies !== after.policies) return true;
  if (before.streams.length !== after.streams.length) return true;
  const former = 'shown' in before.phase ? before.phase.shown : null;
  const shown = 'shown' in after.phase ? after.phase.shown : null;
  if (former?.playerId !== shown?.playerId || former?.stalled !== shown?.stalled) return true;
  return after.streams.some((stream, index) => {
    const earlier = before.streams[index];
    return (
      earlier?.id !== stream.id ||
      earlier.standing.kind !== stream.standing.kind ||
      earlier.verdict !== stream.verdict ||
      earlier.duty !== stream.duty ||
      earlier.leaving !== stream.leaving
    );
  });
}

/** The stream whose loss left the tile without a moving picture, held or never shown; `null` while one moves. */
function missingVideo({ phase, streams }: TileState): { streamId: string; cause: EvidenceCause } | null {
  if (phase.kind === 'holding')
    return phase.shown !== null && !phase.shown.stalled
      ? null
      : { streamId: phase.heldStreamId, cause: phase.cause };
  if (phase.kind !== 'starting' || streams.some(({ standing }) => standing.kind !== 'lost')) return null;
  const [first] = streams;
  return first?.standing.kind === 'lost' ? { streamId: first.id, cause: first.standing.cause } : null;
}

function decodedPicture(running: RunningPlayer): DecodedPicture {
  return { streamId: running.streamId, player: running.player, newest: () => running.newest };
}

/** A player that follows two pieces of media behind the live edge has one of them left when the next is due. */
function assumedLowMs(player: Player): number | null {
  const partMs = player.partTargetMs();
  if (partMs !== null) return 2 * partMs;
  const targetMs = player.targetDurationMs();
  return targetMs === null ? null : 0.75 * targetMs;
}
