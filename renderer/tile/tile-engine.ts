import type { ChangeCause } from '../../shared/cause.ts';
import type { Camera, PublicConfig, Quality } from '../../shared/config/config.ts';
import type { TileDiagnostics } from '../../shared/diagnostics.ts';
import type { HotAllotment, Latency } from '../../shared/hot-allotment.ts';
import { hotSiteOf, isUnused } from '../../shared/selector/readings.ts';
import { initialState, LOCAL_GAP_MS, nextWakeMs, step } from '../../shared/selector/selector.ts';
import type {
  Change,
  Command,
  Observation,
  SelectorPolicies,
  TileState,
} from '../../shared/selector/types.ts';
import type { PresentedFrame } from '../playback/frame-source.ts';
import type { Player, PlayerReport } from '../playback/player.ts';
import type { WatchReport } from '../playback/stream-watch.ts';
import { epochMsOf } from '../playback/system-clock.ts';
import type { TileSnapshot } from '../stores/tile-snapshot.ts';
import { formatTime } from '../ui/format.ts';
import type { HotWish } from '../window/hot-standbys.ts';
import type { LinkTerms } from '../window/link-watch.ts';
import type { TileServices } from '../window/tile-services.ts';
import { isAnotherStanding } from './another-standing.ts';
import { ChangeRecord } from './change-record.ts';
import { comparableScene } from './comparable-scene.ts';
import { CoveredPictures } from './covered-pictures.ts';
import { describeTile, shownPlayerId, shownStreamId } from './describe-tile.ts';
import { furtherWords } from './gateway-failure.ts';
import { alignedStartMs } from './picture-alignment.ts';
import { PictureComparison, type PictureVerdict } from './picture-comparison.ts';
import type { Pictures } from './picture-stack.ts';
import { ShownPicture } from './shown-picture.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { type StreamReport, StreamReports } from './stream-reports.ts';
import { TileAlarms } from './tile-alarms.ts';
import { diagnoseTile } from './tile-diagnostics.ts';
import { type RunningPlayer, TilePlayers } from './tile-players.ts';
import { plainStreamId, TileStreams } from './tile-streams.ts';
import { TileWatches } from './tile-watches.ts';

/** Interval of a tile's heartbeat, ms: how soon a stalled picture is noticed. */
const HEARTBEAT_MS = 250;
/** The picture underneath is removed after this many frames of the raised one. */
const FRAMES_BEFORE_RETIRING = 3;

/** A tile's place: its cell, counted from 1, and its view's name. */
export interface TilePlace {
  readonly tile: number;
  readonly view: string;
}

/**
 * One tile: owns its watches, its players and its selector, and nothing of any other tile (rule 1). React
 * mounts it (`start`, `stop`) and draws its snapshot.
 */
export class TileEngine {
  private readonly streams: TileStreams;
  private readonly players: TilePlayers;
  private readonly watches: TileWatches;
  private readonly reports = new StreamReports();
  private readonly picture: ShownPicture;
  private readonly covered: CoveredPictures;
  private readonly changes: ChangeRecord;
  private readonly alarms: TileAlarms;
  private readonly snapshots: SnapshotStore;
  private comparison: PictureComparison | null = null;
  private state: TileState;
  /** `null` unless started. */
  private stack: Pictures | null = null;
  private readonly queue: Observation[] = [];
  private stepping = false;
  /** Whether observations are being batched: the selector steps through them together. */
  private gathering = false;
  /** The quality that fits the tile's size. */
  private fitting: Quality;
  private wanted: Quality;
  private machine: HotAllotment['machine'] = 'free';
  private link: LinkTerms = 'free';
  private latency: Latency = 'low';
  private endings: (() => void)[] = [];
  private endHeartbeat: () => void = () => {};
  private endWake: () => void = () => {};
  /** When the timer of {@link endWake} is due; `null` without one. */
  private wakeMs: number | null = null;

  constructor(
    private config: PublicConfig,
    private camera: Camera,
    private place: TilePlace & { readonly wanted: Quality },
    private readonly services: TileServices,
  ) {
    const { clock } = services;
    this.fitting = this.wanted = place.wanted;
    this.streams = new TileStreams(config, camera, this.wanted);
    this.state = this.initialState();
    this.players = new TilePlayers(clock, services.startTurns);
    this.watches = new TileWatches(services, {
      find: (streamId) => this.streams.find(streamId),
      onReport: (streamId, report) => this.onWatch(streamId, report),
      onEnded: (streamId) => this.reports.forget(streamId),
    });
    this.picture = new ShownPicture({
      clock,
      precautions: services.precautions,
      state: () => this.state,
      playerOf: (playerId) => this.players.get(playerId),
      watchOf: (streamId) => this.watches.get(streamId),
      observe: (observation) => this.observe(observation),
    });
    this.covered = new CoveredPictures({
      clock,
      disposals: services.disposals,
      disposePlayer: (playerId) => this.players.dispose(playerId),
      dropStill: () => this.stack?.dropStill(),
    });
    this.changes = new ChangeRecord({
      clock,
      place: () => this.here(),
      siteName: (streamId) => this.siteName(streamId),
      wordsOf: (streamId, cause) => this.wordsOf(streamId, cause),
      playerOf: (playerId) => this.players.get(playerId),
      longestGapMs: (fromMs, toMs) => this.picture.longestGapBetween(fromMs, toMs),
      journal: services.journal,
    });
    this.alarms = new TileAlarms({
      clock,
      place: () => this.here(),
      report: services.alarm,
      isOfAllTiles: () => services.localSilence.covers() || services.linkWatch.covers(),
      wordsOf: (streamId, cause) => this.wordsOf(streamId, cause),
    });
    this.snapshots = new SnapshotStore(() => this.describe(), services.redraw);
  }

  readonly subscribe = (listener: () => void): (() => void) => this.snapshots.subscribe(listener);

  /** Returns the same object while nothing in it changes. */
  readonly snapshot = (): TileSnapshot => this.snapshots.snapshot();

  /** Begins to watch, and to play into `pictures`. Once per engine, or again after `stop`. */
  start(pictures: Pictures): void {
    this.stack = pictures;
    this.state = this.initialState();
    this.picture.reset();
    this.alarms.startAnew();
    this.reports.clear();
    this.comparison = this.createComparison();
    this.watches.sync(this.state);
    this.endings.push(
      this.services.activity.subscribe(() => this.followActivity()),
      this.services.diagnostics.add(() => this.diagnostics()),
      this.services.localSilence.add({
        state: () => this.state,
        latestOf: (streamId) => this.reports.latestOf(streamId),
      }),
      this.services.hotStandbys.add({
        wish: () => this.hotWish(),
        unsettled: () => this.state.phase.kind === 'starting' || this.state.phase.kind === 'switching',
        allow: (allowed) => this.allowHot(allowed),
        setMachine: (machine) => {
          this.machine = machine;
          this.followMachine();
        },
        setLatency: (latency) => {
          this.latency = latency;
          this.players.setLatency(latency);
        },
      }),
    );
    this.endings.push(
      this.services.linkWatch.add({
        wantsMain: () => this.fitting === 'main',
        isSelected: () => this.services.selectedTile() === this.place.tile,
        setLink: (terms) => this.setLink(terms),
      }),
    );
    if (this.services.activity.suspension() !== null) this.observe({ type: 'suspend' });
    this.beat();
  }

  /** Frees every player, watch, timer and request. */
  stop(): void {
    this.changes.end();
    this.endHeartbeat();
    this.endWake();
    this.wakeMs = null;
    for (const end of this.endings.splice(0)) end();
    this.comparison?.dispose();
    this.comparison = null;
    this.watches.disposeAll();
    this.picture.release();
    this.players.disposeAll();
    this.covered.clear();
    this.stack?.dropStill();
    this.stack = null;
    this.queue.length = 0;
  }

  /** Sets the quality that fits the tile's size. */
  setWanted(wanted: Quality): void {
    this.fitting = wanted;
    this.followWanted();
  }

  private setLink(terms: LinkTerms): void {
    this.link = terms;
    this.followWanted();
    if (terms !== 'thin') {
      this.followMachine();
      return;
    }
    // Each time that the tile settles on its sub-stream, earlier lateness says
    // nothing, and loads of main streams are given up.
    this.followMachine(true);
    for (const stream of this.state.streams) if (isUnused(this.state, stream)) this.watches.end(stream.id);
    this.watches.sync(this.state);
  }

  private followMachine(isAnew = false): void {
    const machine = this.link === 'free' ? this.machine : 'thin-link';
    if (isAnew || machine !== this.state.machine) this.observe({ type: 'machine', machine });
  }

  private followWanted(): void {
    const wanted = this.link === 'thin' ? 'sub' : this.fitting;
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    this.replan('quality');
  }

  /** Sets the tile's place in its view, for the journal. */
  setPlace({ tile, view }: TilePlace): void {
    this.place = { ...this.place, tile, view };
  }

  /** Follows an edit. The same streams keep their players and watches. */
  updateConfig(config: PublicConfig): void {
    const camera = config.cameras.find(({ id }) => id === this.camera.id);
    // A tile whose camera was removed will be removed itself.
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
    const needed = [shownStreamId(this.state), this.changes.leftStreamId];
    const { replan, watchAnew, otherVariant } = this.streams.update(
      this.config,
      this.camera,
      this.wanted,
      needed,
    );
    if (this.stack === null) {
      this.state = this.initialState();
      return;
    }
    for (const id of watchAnew) this.watches.end(id);
    for (const { id, variant } of otherVariant) {
      this.watches.get(id)?.setVariant(variant);
      this.players.setVariant(id, variant);
    }
    this.comparison?.keepOnly(this.streams.all.map(({ id }) => id));
    if (replan) this.observe({ type: 'plan', streams: this.streams.inOrder, cause });
    else {
      this.watches.sync(this.state);
      this.snapshots.publish();
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

  /** Batches observations: the follow-up work of all of them is done once. */
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
        this.services.log.step(this.place.tile, next, stepped.commands);
        for (const command of stepped.commands) this.run(command);
        if (stepped.commands.length > 0) commanded = true;
      }
    } finally {
      // Whatever failed, the tile has to continue to observe: otherwise it would still show LIVE.
      this.stepping = false;
    }
    if (commanded || isAnotherStanding(before, this.state)) this.follow();
    else this.snapshots.outdate();
    this.armWake();
  }

  /**
   * Brings everything that depends on the selector's state up to date. A mere change of age can wait for the next
   * heartbeat.
   */
  private follow(): void {
    this.watches.sync(this.state);
    this.watches.syncAttention(this.state);
    this.reports.follow(this.state);
    this.comparison?.update(comparableScene(this.state, this.players, this.comparison));
    this.services.localSilence.update();
    this.alarms.follow(this.state);
    this.snapshots.publish();
  }

  private run(command: Command): void {
    switch (command.type) {
      case 'start-player':
        this.startPlayer(command.playerId, command.streamId, command.alignWith);
        return;
      case 'dispose-player':
        this.players.dispose(command.playerId);
        this.covered.forget(command.playerId);
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

  private startPlayer(playerId: number, streamId: string, alignWith: number | null): void {
    const { phase } = this.state;
    const dryAtMs = 'shown' in phase ? (phase.shown?.dryAtMs ?? null) : null;
    // A hot standby has time, whatever else is started.
    const neededAtMs =
      phase.kind === 'showing' ? Number.POSITIVE_INFINITY : (dryAtMs ?? this.services.clock.now());
    this.players.start(playerId, neededAtMs, () => {
      const player = this.createPlayer(playerId, streamId, alignWith);
      return player === null ? null : { streamId, player };
    });
  }

  private createPlayer(playerId: number, streamId: string, alignWith: number | null): Player | null {
    const stream = this.streams.find(streamId);
    // A suspension that ends another tile's turn may give this tile its turn before the tile knows of the suspension.
    if (stream === undefined || this.stack === null || this.services.activity.suspension() !== null)
      return null;
    // Two players at most (rule 15): one that only waits to be freed must not count.
    this.covered.freeRetiring();
    this.comparison?.yieldPlayer();
    const startAtMs =
      alignWith === null
        ? null
        : alignedStartMs(this.players.get(alignWith), streamId, this.state, this.services.clock.now());
    const use = (): 'shown' | 'standby' => (playerId === shownPlayerId(this.state) ? 'shown' : 'standby');
    const options = { startAtProgramDateTimeMs: startAtMs, latency: this.latency, use };
    const player = this.services.createPlayer(stream, options, (report) =>
      this.onPlayer(playerId, streamId, report),
    );
    this.stack.add(player.video);
    return player;
  }

  private showPlayer(playerId: number, retire: number | null, change: Change): void {
    const raised = this.players.get(playerId);
    if (raised === undefined) return;
    this.stack?.raise(raised.player.video);
    this.picture.raised(raised);
    this.covered.retire(retire);
    this.changes.begin(change, playerId, raised, retire === null ? undefined : this.players.get(retire));
    this.alarms.changed(change, this.state);
  }

  private holdPicture(playerId: number): void {
    this.covered.freeRetiring();
    const held = this.players.get(playerId);
    const isCopied = held === undefined || this.stack?.holdStill(held.player.video) !== false;
    this.covered.hold(playerId, isCopied ? 'as-still' : 'in-player');
  }

  // --- reports of the drivers -------------------------------------------------------------------------

  private onPlayer(playerId: number, streamId: string, report: PlayerReport): void {
    const running = this.players.get(playerId);
    // A retired picture still plays underneath, but its reports do not count any more.
    if (running === undefined || this.covered.has(playerId)) return;
    const isShown = playerId === shownPlayerId(this.state);
    switch (report.type) {
      case 'frame':
        this.onFrame(playerId, running, report.frame);
        return;
      case 'progress':
        this.players.progress(playerId);
        // The shown player's frames and buffer say more.
        if (!isShown) this.observe({ type: 'progress', playerId });
        return;
      case 'ageing':
        this.observe({ type: 'player-ageing', playerId });
        return;
      case 'failed':
        this.observe({ type: 'player-failed', playerId, cause: report.cause });
        return;
      case 'proof':
        this.note(streamId, report);
        if (report.channel === 'playlist') this.watches.get(streamId)?.creditMove(report.edge);
        if (report.channel === 'media' && isShown) this.picture.noteLow();
        this.together(() => {
          this.observe({ type: 'proof', streamId, channel: report.channel });
          if (report.channel === 'media') this.picture.observeBuffer();
        });
        return;
      case 'evidence':
        this.note(streamId, report);
        this.together(() => {
          this.picture.observeBuffer();
          this.observe({ type: 'evidence', streamId, evidence: report.evidence, playerId });
        });
        return;
    }
  }

  private onFrame(playerId: number, running: RunningPlayer, frame: PresentedFrame): void {
    // After a standstill of this machine, no frame counts as new before the clocks were started anew.
    if (this.services.clock.now() - this.state.lastStepMs > LOCAL_GAP_MS) this.tick();
    const previous = running.newest;
    running.newest = frame;
    const stepMs = previous === null ? 0 : (frame.mediaTimeS - previous.mediaTimeS) * 1000;
    running.pace.step(stepMs);
    if (playerId !== shownPlayerId(this.state)) {
      if (stepMs <= 0 || running.presented) return;
      running.presented = true;
      this.players.endTurn(playerId);
      this.observe({ type: 'presented', playerId });
      return;
    }
    this.picture.frame(frame);
    if (this.changes.frame(playerId) === FRAMES_BEFORE_RETIRING) this.covered.freeSoon();
    const { phase } = this.state;
    if ('shown' in phase && phase.shown?.stalled) this.observe({ type: 'picture-moves', playerId });
    else if (!this.snapshots.made.live) this.snapshots.publish();
  }

  private hotWish(): HotWish | null {
    const { phase, streams } = this.state;
    const siteId = hotSiteOf(this.state);
    if (siteId === null || this.link !== 'free') return null;
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

  private followActivity(): void {
    if (this.services.activity.suspension() !== null) {
      // The time until the return is no gap.
      this.changes.end();
      this.observe({ type: 'suspend' });
      return;
    }
    this.startClocksAnew();
    this.observe({ type: 'resume' });
  }

  private startClocksAnew(): void {
    this.picture.startClocksAnew();
    this.watches.startClocksAnew();
  }

  private beat(): void {
    this.endHeartbeat = this.services.clock.after(HEARTBEAT_MS, () => this.beat());
    this.changes.endInTime();
    this.picture.catchUp();
    this.together(() => {
      // Only a player that has begun can be without progress (rule 11).
      for (const playerId of this.players.waiting()) this.observe({ type: 'waiting', playerId });
      this.picture.observeStall();
      this.picture.observeBuffer();
      this.tick();
    });
    this.follow();
  }

  private onWatch(streamId: string, report: WatchReport): void {
    this.note(streamId, report);
    if (report.type === 'proof') this.observe({ ...report, streamId });
    else this.observe({ type: 'evidence', streamId, evidence: report.evidence });
  }

  /** A report during a local fault says something about this machine, not about a site (rule 10). */
  private note(streamId: string, report: StreamReport): void {
    if (this.state.phase.kind !== 'suspended') this.reports.take(streamId, report);
  }

  private createComparison(): PictureComparison {
    const { clock, random, pictureSampler, createPlayer } = this.services;
    return new PictureComparison({
      clock,
      random,
      sampler: pictureSampler,
      startPlayer: (streamId, { onFrame, onFailed }) => {
        const stream = this.streams.find(streamId);
        if (stream === undefined) throw new Error(`the tile has no stream ${streamId} to compare with`);
        const player = createPlayer(
          stream,
          { startAtProgramDateTimeMs: null, latency: this.latency, use: () => 'standby' },
          (report) => {
            if (report.type === 'frame') onFrame(report.frame);
            if (report.type === 'failed') onFailed();
          },
        );
        this.stack?.add(player.video);
        return player;
      },
      onVerdict: (verdict) => this.onVerdict(verdict),
    });
  }

  private onVerdict(verdict: PictureVerdict): void {
    const faults = this.streams.all.flatMap(({ id }) => this.comparison?.faultOf(id)?.verdict ?? []);
    this.alarms.judged(verdict, faults, this.state);
    this.observe(verdict);
  }

  // --- time -------------------------------------------------------------------------------------------

  private armWake(): void {
    const nowMs = this.services.clock.now();
    const wakeMs = Math.min(nextWakeMs(this.state) ?? Number.POSITIVE_INFINITY, this.picture.bufferWakeMs());
    if (wakeMs === this.wakeMs && wakeMs > nowMs) return;
    this.endWake();
    this.wakeMs = wakeMs;
    // The heartbeat comes sooner in any case.
    if (wakeMs - nowMs > HEARTBEAT_MS) {
      this.wakeMs = null;
      return;
    }
    this.endWake = this.services.clock.after(wakeMs - nowMs, () => {
      this.together(() => {
        this.picture.observeBuffer();
        this.tick();
      });
    });
  }

  private tick(): void {
    const localHour = new Date(this.epochMs(this.services.clock.now())).getHours();
    // Every observation runs the rules, so a tick beside one is needed only for a new hour.
    if (this.queue.length > 0 && localHour === this.state.localHour) return;
    this.observe({ type: 'tick', localHour });
  }

  private epochMs(atMs: number): number {
    return epochMsOf(this.services.clock, atMs);
  }

  // --- what it tells ----------------------------------------------------------------------------------

  private here(): { view: string; tile: number; camera: string } {
    return { view: this.place.view, tile: this.place.tile, camera: this.camera.id };
  }

  private siteName(streamId: string): string {
    return this.streams.find(streamId)?.siteName ?? plainStreamId(streamId);
  }

  /** The gateway's words for a stream's failure, where they say more than the cause. */
  private wordsOf(streamId: string, cause: ChangeCause): string | undefined {
    const failure = this.reports.failureOf(streamId);
    return failure === null ? undefined : furtherWords(failure, this.siteName(streamId), cause);
  }

  private diagnostics(): TileDiagnostics {
    const place = { tile: this.place.tile, camera: this.camera.id };
    return diagnoseTile(place, this.state, this.picture, this.players.size, this.services.clock);
  }

  private describe(): TileSnapshot {
    const running = this.picture.running();
    const shown = running?.player;
    return describeTile(this.state, this.streams.all, {
      nowMs: this.services.clock.now(),
      clockTime: (atMs) => formatTime(new Date(this.epochMs(atMs))),
      // A picture that was raised is as old as it was underneath.
      lastFrameMs: running?.newest?.atMs ?? this.picture.lastFrameMs(),
      frameIntervalMs: this.picture.frameIntervalMs(),
      behindLiveMs: shown?.behindLiveMs() ?? null,
      targetDurationMs: shown?.targetDurationMs() ?? null,
      partTargetMs: shown?.partTargetMs() ?? null,
      isRelaxed: shown?.isRelaxed() ?? false,
      isHeldToSub: this.link === 'thin' && this.fitting === 'main',
      longestGapMs: this.picture.longestGapMs(),
      lastChange: this.changes.last,
      pictureFault: (streamId) => this.comparison?.faultOf(streamId) ?? null,
      gatewayFailure: (streamId) => this.reports.failureOf(streamId),
      suspension: this.services.activity.suspension(),
      tellsOfLostRedundancy: this.alarms.isRaised('no-redundancy'),
    });
  }
}
