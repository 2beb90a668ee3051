import { GatewayTransport } from '../../renderer/playback/transport.ts';
import type { TileSnapshot } from '../../renderer/stores/tile-snapshot.ts';
import type { Pictures } from '../../renderer/tile/picture-stack.ts';
import { TileEngine } from '../../renderer/tile/tile-engine.ts';
import { RunningLog } from '../../renderer/window/running-log.ts';
import type { Activity } from '../../renderer/window/tile-services.ts';
import { WallDiagnostics } from '../../renderer/window/wall-diagnostics.ts';
import type { Camera, PublicConfig, Quality } from '../../shared/config/config.ts';
import type { JournalEntry } from '../../shared/journal/journal-entry.ts';
import {
  ageingIsAnswered,
  aPictureStays,
  budgetMs,
  everyTileRecovers,
  failbackKeepsHours,
  failbackWaits,
  liveIsMeasured,
  nothingIsLeft,
  type OnScreen,
  onlyFaultsMoveTiles,
  onlyPresentedIsShown,
  standbyIsTaken,
  suspendedTilesRest,
  twoPlayersAtMost,
} from './invariants.ts';
import { ObservedStreams, type ObservedWorld } from './observed-streams.ts';
import type { Random } from './random.ts';
import { OwnedClock } from './simulated-clock.ts';
import { SimulatedGateway } from './simulated-gateway.ts';
import type { MediaBytes, Origin } from './simulated-origin.ts';
import { AGED_MS, SimulatedPlayer } from './simulated-player.ts';
import type { SimulatedWindow } from './simulated-window.ts';
import type { TileStateName } from './tile-states.ts';
import { Trace } from './trace.ts';

type ChangeEntry = Extract<JournalEntry, { kind: 'change' }>;

/** What a tile needs from its window. */
export interface TileWorld extends ObservedWorld {
  readonly random: Random;
  readonly media: MediaBytes;
  readonly trace: Trace;
  /** Time of a correct clock at virtual time 0, ms since 1970. */
  readonly epochZeroMs: number;
  /** The longest round trip of all sites, ms. */
  readonly roundTripMs: number;
  /** The longest probe interval in a site's settings, ms; 0 without one. */
  readonly longestWatchMs: number;
  /** The longest frame interval, ms: a tile may still use the pace of the earlier picture. */
  readonly slowestFrameMs: number;
  readonly window: SimulatedWindow;
  readonly activity: Activity;
  originOf(pathname: string): Origin;
  /** The shortest stable time on which a decision may be based, ms: an edit may have come since then. */
  stableMs(): number;
  /** The policies were edited so recently that a change may have been decided before. */
  wasJustEdited(): boolean;
  /** The tile may just have entered one of these states, for which faults wait. */
  onTurn(tile: SimulatedTile, into: readonly TileStateName[]): void;
}

interface Raise {
  readonly streamId: string;
  readonly origin: Origin;
  readonly left: Origin | null;
  readonly atMs: number;
  readonly sinceEvidenceMs: number;
  readonly leftFineForMs: number;
}

/** A failback that evidence may still undo. */
interface FailedBack {
  readonly streamId: string;
  readonly atMs: number;
}

/**
 * A tile knows that a standby is healthy when it has been healthy for this time, ms: the longest backoff of its probes and
 * retries is shorter.
 */
const KNOWN_HEALTHY_MS = 50_000;
/** The tile's texts are read in one of this many checks, because making them costs more than everything else. */
const LOOKS_AT_SNAPSHOT = 12;
/** LIVE is false when the newest frame is older than this plus {@link LIVE_INTERVALS}, ms. */
const OLD_MS = 500;
/** Number of frame intervals that are added to {@link OLD_MS}. */
const LIVE_INTERVALS = 4;
/** A picture moves as long as its newest frame is at most this old, plus a frame interval, ms. */
const STANDING_MS = 1300;
/** A failback that is undone within this time is damped (rule 9), ms. The rounding of the journal's times is subtracted. */
const UNDONE_WITHIN_MS = 5 * 60_000 - 10;
/** Time for which a decision may still use the hour of a heartbeat before the event loop was blocked, ms. */
const HOUR_LINGERS_MS = 10_000;
/** LIVE is false when the picture is further behind the live edge than this, ms, and also than {@link LIVE_TARGETS}. */
const LIVE_LIMIT_MS = 5000;
/** The same limit in target durations. The larger limit counts. */
const LIVE_TARGETS = 3;

/** One tile: the real engine with its watches and its selector, over simulated sites and players, under observation. */
export class SimulatedTile {
  private engine: TileEngine;
  private readonly clock: OwnedClock;
  private readonly gateway: SimulatedGateway;
  private readonly transport: GatewayTransport;
  private readonly diagnostics = new WallDiagnostics(() => this.world.window.linkMeter.bytes());
  private players: SimulatedPlayer[] = [];
  private onScreen: OnScreen<SimulatedPlayer> = null;
  private shownOrigin: Origin | null = null;
  private shownSinceMs = 0;
  private held: SimulatedPlayer | null = null;
  private hadPicture = false;
  private running = false;
  private openedMs = 0;
  private listeners = 0;
  private looks = 0;
  private lastFrameMs: number | null = null;
  private readonly raises: Raise[] = [];
  private readonly evidenceMs = new Map<Origin, number>();
  private readonly random: Random;
  /** By stream: failbacks to it that evidence undid soon after (rule 9), as this observer saw them. */
  private readonly undone = new Map<string, number>();
  private failedBack: FailedBack | null = null;
  private readonly observed: ObservedStreams;
  private readonly own = new Trace();
  private wanted: Quality = 'main';

  constructor(
    readonly name: string,
    private readonly place: number,
    readonly cameraId: string,
    private readonly world: TileWorld,
  ) {
    this.random = world.random;
    this.observed = new ObservedStreams(name, world);
    this.clock = new OwnedClock(world.clock);
    this.gateway = new SimulatedGateway({
      clock: new OwnedClock(world.clock),
      random: this.random,
      media: world.media,
      epochZeroMs: world.epochZeroMs,
      originOf: world.originOf,
      watchedSinceMs: () => Math.max(this.openedMs, world.undisturbedSinceMs()),
      check: world.check,
      onSettled: (turns) => world.clock.resolved(turns),
      onAsked: (origin) => this.observed.onAsked(origin),
      onFailed: (origin) => this.onEvidence(origin),
    });
    this.transport = new GatewayTransport(this.clock, this.gateway);
    this.engine = this.newEngine();
  }

  /** A number for all that the tile did. */
  hash(): number {
    return this.own.hash();
  }

  get isRunning(): boolean {
    return this.running;
  }

  open(): void {
    this.engine = this.newEngine();
    this.running = true;
    this.openedMs = this.clock.now();
    this.observed.begin();
    this.engine.start(this.pictures());
    this.world.onTurn(this, ['starting']);
  }

  /** Closes the tile, and checks that nothing of it is left. */
  close(): void {
    this.running = false;
    this.hadPicture = false;
    this.onScreen = null;
    this.shownOrigin = null;
    this.engine.stop();
    this.raises.length = 0;
    this.undone.clear();
    this.failedBack = null;
    // Aborted requests end when the promises of their answers are settled.
    this.world.clock.after(0, () => this.mustBeGone());
    this.held = null;
    this.lastFrameMs = null;
  }

  private mustBeGone(): void {
    this.world.check(() =>
      nothingIsLeft({
        players: this.players.length,
        timers: this.clock.pending(),
        requests: this.gateway.open,
        listeners: this.listeners + this.diagnostics.take().tiles.length,
      }),
    );
  }

  edit(): void {
    if (this.running) this.engine.updateConfig(this.world.config());
  }

  setWanted(wanted: Quality): void {
    this.wanted = wanted;
    if (this.running) this.engine.setWanted(wanted);
  }

  get wantedQuality(): Quality {
    return this.wanted;
  }

  snapshot(): TileSnapshot {
    return this.engine.snapshot();
  }

  /** The state in which a fault at `origin` finds the tile; without an origin, the fault is one of the workstation. */
  stateFor(origin: Origin | null): TileStateName {
    const { phase, streams } = this.snapshot();
    if (!this.running || phase === 'starting') return 'starting';
    if (phase === 'suspended') return 'suspended';
    if (phase === 'holding') return 'holding';
    const own = streams.filter(({ streamId }) => origin !== null && this.originOfStream(streamId) === origin);
    const struck =
      own.find(({ role }) => role !== 'standby') ?? own[0] ?? streams.find(({ role }) => role === 'shown');
    if (struck === undefined) return 'holding';
    if (struck.role === 'incoming') return 'incoming';
    const suspect = struck.state === 'suspect' || struck.state === 'lost';
    if (struck.role === 'shown') return suspect ? 'shown, suspect' : 'shown';
    if (suspect || struck.state === 'validating') return `standby, ${struck.state}`;
    const isPlayed = this.players.some(({ streamId }) => streamId === struck.streamId);
    return isPlayed ? 'standby, hot' : 'standby';
  }

  /** Checks the invariants that need no event. To be called once a second. */
  look(): void {
    if (!this.running) return;
    const nowMs = this.clock.now();
    this.checkPicture();
    this.gateway.look(nowMs, this.world.undisturbedSinceMs());
    this.looks += 1;
    if (this.looks % LOOKS_AT_SNAPSHOT === 0)
      this.observed.look(this.snapshot(), (streamId) => this.originOfStream(streamId), this.shownOrigin);
    if (
      this.looks % LOOKS_AT_SNAPSHOT === 0 &&
      // After the machine was blocked or asleep, the tile needs a heartbeat to notice it.
      nowMs - this.world.undisturbedSinceMs() >= STANDING_MS &&
      this.onScreen instanceof SimulatedPlayer &&
      this.snapshot().live
    ) {
      const targetMs = this.shownOrigin?.encoding.targetMs ?? 0;
      const picture = {
        ageMs: nowMs - (this.lastFrameMs ?? 0),
        usualMs: OLD_MS + LIVE_INTERVALS * this.world.slowestFrameMs,
        behindMs: this.onScreen.behindLiveMs() ?? 0,
        limitMs: Math.max(LIVE_TARGETS * targetMs, LIVE_LIMIT_MS) + STANDING_MS,
      };
      this.world.check(() => liveIsMeasured(picture));
    }
    if (this.shownOrigin === null || this.world.activity.suspension() !== null) return;
    const truth = this.shownOrigin.truth();
    if (truth.is !== 'down') return;
    const fromMs = Math.max(truth.sinceMs, this.world.undisturbedSinceMs(), this.shownSinceMs);
    const { encoding, name } = this.shownOrigin;
    const budgetOf = (streams: number): number =>
      budgetMs(encoding, {
        roundTripMs: this.world.roundTripMs,
        longestWatchMs: this.world.longestWatchMs,
        slowestFrameMs: this.world.slowestFrameMs,
        reactionTimeMs: this.world.config().policies.reactionTimeMs,
        streams,
      });
    const lost = { streamId: `${this.name} ${name}`, forMs: nowMs - fromMs };
    // Each further stream makes the budget longer: within the budget for one stream, the others need no check.
    if (lost.forMs <= budgetOf(1)) return;
    const streams = this.origins();
    const healthy = streams.find((origin) => {
      const other = origin.truth();
      return other.is === 'fine' && nowMs - other.sinceMs > KNOWN_HEALTHY_MS && origin !== this.shownOrigin;
    });
    if (healthy === undefined) return;
    this.world.check(() => standbyIsTaken(lost, healthy.name, budgetOf(streams.length)));
  }

  /** The operator accepts what the tile offers. */
  takeOffer(): void {
    if (this.running && this.snapshot().offerReturn !== null) this.engine.returnToPreferred();
  }

  /** The stream on the screen, for people; `null` before the first picture. */
  shown(): string | null {
    return this.onScreen === 'still' ? 'still' : (this.shownOrigin?.name ?? null);
  }

  /** To be called when nothing has been wrong for long enough. */
  mustShow(): void {
    const ageMs = this.lastFrameMs === null ? Number.POSITIVE_INFINITY : this.clock.now() - this.lastFrameMs;
    const { phase, words } = this.snapshot();
    this.world.check(() =>
      everyTileRecovers({
        moves: ageMs < STANDING_MS + this.world.slowestFrameMs && this.onScreen !== 'still',
        words: `${this.name} is ${phase}, its newest frame ${Math.round(ageMs)} ms old, and says "${words}"`,
      }),
    );
  }

  /** The streams that the tile wants now, in order of priority. */
  origins(): Origin[] {
    return this.snapshot().streams.map(({ streamId }) => this.originOfStream(streamId));
  }

  private newEngine(): TileEngine {
    const config = this.world.config();
    const { activity } = this.world;
    return new TileEngine(
      config,
      this.camera(config),
      { tile: this.place, view: 'Wall', wanted: this.wanted },
      {
        clock: this.clock.settling(),
        transportTo: () => this.transport,
        createPlayer: (stream, options, report) => this.createPlayer(stream.id, options, report),
        random: this.random.next,
        tileCount: () => this.world.window.tileCount,
        canShow: () => true,
        siteBudget: this.world.window.siteBudget,
        startTurns: this.world.window.startTurns,
        precautions: this.world.window.precautions,
        disposals: this.world.window.disposals,
        redraw: this.world.window.redraw,
        hotStandbys: this.world.window.hotStandbys,
        localSilence: this.world.window.localSilence,
        linkMeter: this.world.window.linkMeter,
        linkWatch: this.world.window.linkWatch,
        pictureSampler: this.world.window.pictureSampler,
        selectedTile: () => this.world.window.selectedTile,
        diagnostics: this.diagnostics,
        log: new RunningLog({ clock: this.clock, printed: [], print: async () => {} }),
        alarm: ({ transition, alarm }) => this.trace(`alarm: ${alarm} ${transition}`),
        journal: (entry) => this.onJournal(entry),
        activity: {
          suspension: () => activity.suspension(),
          subscribe: (listener) => {
            this.listeners += 1;
            const end = activity.subscribe(listener);
            return () => {
              this.listeners -= 1;
              end();
            };
          },
        },
      },
    );
  }

  private camera(config: PublicConfig): Camera {
    const camera = config.cameras.find(({ id }) => id === this.cameraId);
    if (camera === undefined) throw new Error(`the simulated wall has no camera "${this.cameraId}"`);
    return camera;
  }

  private originOfStream(streamId: string): Origin {
    const [siteId = '', quality = ''] = streamId.replace(/#\d+$/, '').split('/');
    return this.world.originOf(`/sites/${siteId}/${this.cameraId}/${quality}/`);
  }

  private createPlayer(
    streamId: string,
    options: ConstructorParameters<typeof SimulatedPlayer>[1],
    report: ConstructorParameters<typeof SimulatedPlayer>[2],
  ): SimulatedPlayer {
    this.trace(`starts a player on ${streamId}`);
    this.checkSuspended(`${this.name} started a player on ${streamId}`);
    const origin = this.originOfStream(streamId);
    const player: SimulatedPlayer = new SimulatedPlayer(streamId, options, report, {
      clock: this.clock,
      random: this.random,
      origin,
      epochZeroMs: this.world.epochZeroMs,
      hidden: () => this.world.activity.suspension() !== null,
      onFrame: (atMs) => {
        if (player === this.onScreen) this.lastFrameMs = atMs;
      },
      onEvidence: () => this.onEvidence(origin),
      onFailed: () => this.observed.onFailed(origin),
      onAged: () => {
        if (player === this.onScreen) this.checkAged(origin);
      },
      onDisposed: () => this.onDisposed(player),
    });
    this.players.push(player);
    if (this.onScreen instanceof SimulatedPlayer && this.shownOrigin !== origin)
      this.observed.onStarted(origin);
    this.world.check(() => twoPlayersAtMost(this.players.length, this.held === null ? 0 : 1));
    this.world.onTurn(this, ['incoming', 'standby, hot']);
    return player;
  }

  private checkAged(origin: Origin): void {
    const fineForMs = origin.truth().is === 'fine' ? this.clock.now() - this.observed.sameSinceMs(origin) : 0;
    this.world.check(() => ageingIsAnswered(fineForMs, AGED_MS, `${this.name} ${origin.name}`));
  }

  private onEvidence(origin: Origin): void {
    this.evidenceMs.set(origin, this.clock.now());
    this.observed.onEvidence(origin);
    this.world.onTurn(this, ['shown, suspect', 'standby, suspect', 'standby, lost']);
  }

  private onDisposed(player: SimulatedPlayer): void {
    this.players = this.players.filter((other) => other !== player);
    if (this.held === player) {
      this.held = null;
      if (this.onScreen === 'still') this.onScreen = player;
    }
    if (this.running) this.checkPicture();
  }

  private pictures(): Pictures {
    const playerOf = (video: HTMLVideoElement): SimulatedPlayer =>
      (video as unknown as { player: SimulatedPlayer }).player;
    return {
      add: () => {},
      raise: (video) => {
        const player = playerOf(video);
        this.trace(`shows ${player.streamId}`);
        this.checkSuspended(`${this.name} showed ${player.streamId}`);
        this.world.check(() => onlyPresentedIsShown(player));
        this.onRaise(player);
      },
      holdStill: (video) => {
        const player = playerOf(video);
        this.trace(`holds the picture of ${player.streamId}`);
        this.onScreen = 'still';
        this.world.onTurn(this, ['holding']);
        // Some video elements cannot be copied: then the picture stays in its player. Either picture covers an earlier one.
        const isCopied = this.random.chance(0.8);
        this.held = isCopied ? null : player;
        return isCopied;
      },
      dropStill: () => {
        if (!this.running) return;
        if (this.onScreen === 'still') this.onScreen = null;
        this.checkPicture();
      },
    };
  }

  private onRaise(player: SimulatedPlayer): void {
    const origin = this.originOfStream(player.streamId);
    const nowMs = this.clock.now();
    const left = this.shownOrigin;
    const truth = left?.truth();
    this.raises.push({
      streamId: player.streamId,
      origin,
      left,
      atMs: nowMs,
      sinceEvidenceMs: nowMs - (this.evidenceMs.get(origin) ?? Number.NEGATIVE_INFINITY),
      leftFineForMs:
        truth?.is === 'fine' ? nowMs - Math.max(truth.sinceMs, this.world.undisturbedSinceMs()) : 0,
    });
    this.observed.onTurned(origin);
    if (left !== null) this.observed.onTurned(left);
    this.onScreen = player;
    this.shownOrigin = origin;
    this.shownSinceMs = nowMs;
    this.lastFrameMs = player.lastFrameMs;
    this.hadPicture = true;
  }

  private onJournal(entry: JournalEntry): void {
    if (entry.kind !== 'change') return;
    this.trace(`journal: ${entry.from} to ${entry.to}, ${entry.cause}, gap ${entry.gapMs} ms`);
    // The journal reports the change-overs in the order of the pictures.
    const raise = this.raises.shift();
    if (raise === undefined) return;
    if (entry.cause === 'failback') this.checkFailback(raise, entry);
    this.noteFailback(raise, entry);
    const { left } = raise;
    if (entry.firstEvidenceAt !== null && left !== null && left !== raise.origin)
      this.world.check(() =>
        onlyFaultsMoveTiles(
          { streamId: `${this.name} ${left.name}`, fineForMs: raise.leftFineForMs },
          entry.cause,
        ),
      );
  }

  private checkFailback(raise: Raise, entry: ChangeEntry): void {
    const { allowedHours } = this.world.config().policies.failback;
    const decidedMs = Date.parse(entry.time);
    const hours = [decidedMs - HOUR_LINGERS_MS, decidedMs].map((epochMs) => new Date(epochMs).getHours());
    this.world.check(() => {
      failbackWaits(
        { sinceEvidenceMs: raise.sinceEvidenceMs, undone: this.undone.get(raise.streamId) ?? 0 },
        this.world.stableMs(),
        `${this.name} ${raise.origin.name}`,
      );
      if (!this.world.wasJustEdited()) failbackKeepsHours(allowedHours, hours, this.name);
    });
  }

  /** Notes a failback that certainly has to be damped: evidence has undone it by a change-over to another site. */
  private noteFailback(raise: Raise, { cause, firstEvidenceAt }: ChangeEntry): void {
    const { failedBack } = this;
    this.failedBack = cause === 'failback' ? { streamId: raise.streamId, atMs: raise.atMs } : null;
    if (failedBack === null || firstEvidenceAt === null || raise.left?.siteId === raise.origin.siteId) return;
    const evidenceMs = Date.parse(firstEvidenceAt) - this.world.epochZeroMs;
    if (evidenceMs - failedBack.atMs > UNDONE_WITHIN_MS) return;
    this.undone.set(failedBack.streamId, (this.undone.get(failedBack.streamId) ?? 0) + 1);
  }

  private checkPicture(): void {
    this.world.check(() => aPictureStays(this.onScreen, this.hadPicture));
  }

  private checkSuspended(what: string): void {
    this.world.check(() => suspendedTilesRest(this.world.activity.suspension() !== null, what));
  }

  private trace(words: string): void {
    this.own.add(this.clock.now(), words);
    this.world.trace.add(this.clock.now(), `${this.name} ${words}`);
  }
}
