import type { TileSnapshot } from '../../renderer/stores/tile-snapshot.ts';
import type { PublicConfig } from '../../shared/config/config.ts';
import {
  LIGHT_WINDOW_MS,
  lightStandbysRest,
  onlyFaultsLoseStreams,
  redundancyIsTrue,
  VAIN_STARTS_MS,
  vainStartsAreDamped,
} from './invariants.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import type { Origin } from './simulated-origin.ts';

/** Number of players with the same finding about a stream that counts as proof. */
const FINDINGS = 2;
/** Number of times that are kept for each stream. */
const KEPT_TIMES = 40;
/** Time from evidence until a light watch rests, ms: it goes on for a minute, and one of its checks takes some seconds. */
const SETTLES_MS = 90_000;

type Times = Map<Origin, readonly number[]>;

/** What the observation of a window's streams needs. */
export interface ObservedWorld {
  readonly clock: SimulatedClock;
  /**
   * Runs invariants. A violation ends the world. It is not thrown, because promises of the observed code would catch it.
   */
  check(invariants: () => void): void;
  config(): PublicConfig;
  /** When the latest local fault ended, or the latest edit was made: earlier events do not count. */
  undisturbedSinceMs(): number;
}

/** What a tile reports about its streams and does with them, compared with the truth. */
export class ObservedStreams {
  /** Times at which players were started on streams that no player can show. */
  private readonly startsMs: Times = new Map();
  /** Times at which players reported that they cannot show a stream. */
  private readonly failuresMs: Times = new Map();
  /** When a stream's watches sent any request to its site. */
  private readonly asksMs: Times = new Map();
  /** Time from which on nothing has happened to a lightly watched standby. */
  private readonly calmSinceMs = new Map<Origin, number>();
  private readonly evidenceMs = new Map<Origin, number>();
  private lost: ReadonlySet<Origin> = new Set();
  private openedMs = 0;

  constructor(
    private readonly tile: string,
    private readonly world: ObservedWorld,
  ) {}

  /** The tile is opened. */
  begin(): void {
    for (const known of [this.startsMs, this.failuresMs, this.asksMs, this.calmSinceMs, this.evidenceMs])
      known.clear();
    this.lost = new Set();
    this.openedMs = this.world.clock.now();
  }

  onAsked(origin: Origin): void {
    this.note(this.asksMs, origin);
  }

  /** A request or a player reported something that is certainly evidence. */
  onEvidence(origin: Origin): void {
    this.evidenceMs.set(origin, this.world.clock.now());
    this.onTurned(origin);
  }

  /** The stream came on the screen, or left it. */
  onTurned(origin: Origin): void {
    this.calmSinceMs.set(origin, this.world.clock.now());
  }

  /** A player was started on the stream, while another stream was on the screen. */
  onStarted(origin: Origin): void {
    if (!origin.isUnplayable()) return;
    this.note(this.startsMs, origin);
    const fromMs = Math.max(this.world.clock.now() - VAIN_STARTS_MS, this.sameSinceMs(origin));
    const starts = this.timesOf(this.startsMs, origin, fromMs).length;
    this.world.check(() => vainStartsAreDamped(starts, `${this.tile} ${origin.name}`));
  }

  /** A player reported that it cannot show the stream. */
  onFailed(origin: Origin): void {
    this.note(this.failuresMs, origin);
  }

  /** Time from which on the truth about a stream has not changed. */
  sameSinceMs(origin: Origin): number {
    return Math.max(origin.truth().sinceMs, this.world.undisturbedSinceMs(), this.openedMs);
  }

  /** @param shown the stream on the screen */
  look(
    { streams, redundancy }: TileSnapshot,
    originOf: (streamId: string) => Origin,
    shown: Origin | null,
  ): void {
    this.checkRedundancy(
      redundancy,
      streams.map(({ streamId }) => originOf(streamId)).filter(({ siteId }) => siteId !== shown?.siteId),
    );
    const lost = new Set<Origin>();
    for (const { streamId, state, role } of streams) {
      const origin = originOf(streamId);
      if (state === 'lost') lost.add(origin);
      if (state === 'lost' && !this.lost.has(origin)) this.checkLoss(origin);
      this.checkLight(origin, role === 'standby' && state === 'healthy');
    }
    this.lost = lost;
  }

  private checkRedundancy(redundancy: TileSnapshot['redundancy'], others: readonly Origin[]): void {
    if (others.length === 0 || !others.every((origin) => origin.isUnplayable())) return;
    const known = others.map(
      (origin) =>
        this.timesOf(this.failuresMs, origin, this.sameSinceMs(origin))[FINDINGS - 1] ??
        Number.POSITIVE_INFINITY,
    );
    const knownForMs = this.world.clock.now() - Math.max(...known);
    this.world.check(() => redundancyIsTrue(redundancy, knownForMs, this.tile));
  }

  private checkLoss(origin: Origin): void {
    if (origin.truth().is !== 'fine') return;
    // Evidence against a fine stream is still a reason to leave it: its server may end one session after another.
    const reasonMs = this.evidenceMs.get(origin) ?? Number.NEGATIVE_INFINITY;
    const fineForMs = this.world.clock.now() - Math.max(this.sameSinceMs(origin), reasonMs);
    this.world.check(() => onlyFaultsLoseStreams(fineForMs, `${this.tile} ${origin.name}`));
  }

  private checkLight(origin: Origin, isHealthyStandby: boolean): void {
    const nowMs = this.world.clock.now();
    const site = this.world.config().sites.find(({ id }) => id === origin.siteId);
    if (site?.watch !== 'light') return;
    if (!isHealthyStandby || origin.truth().is !== 'fine') this.onTurned(origin);
    const calmSinceMs = Math.max(this.calmSinceMs.get(origin) ?? 0, this.sameSinceMs(origin));
    if (nowMs - calmSinceMs < LIGHT_WINDOW_MS + SETTLES_MS) return;
    const asks = this.timesOf(this.asksMs, origin, nowMs - LIGHT_WINDOW_MS).length;
    this.world.check(() => lightStandbysRest(asks, `${this.tile} ${origin.name}`));
  }

  private note(times: Times, origin: Origin): void {
    times.set(origin, [...(times.get(origin) ?? []), this.world.clock.now()].slice(-KEPT_TIMES));
  }

  private timesOf(times: Times, origin: Origin, fromMs: number): readonly number[] {
    return (times.get(origin) ?? []).filter((atMs) => atMs >= fromMs);
  }
}
