import type { PublicConfig } from '../../shared/config/config.ts';
import { type Coverage, count, type Outcome, type ShapeRow } from './coverage.ts';
import { type Plan, type PlannedFault, policiesOf } from './fault-plan.ts';
import { Breach } from './invariants.ts';
import type { Random } from './random.ts';
import { SimulatedAbortController } from './simulated-abort.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { cameraId, configOf, siteId } from './simulated-config.ts';
import type { LocalFault, StreamFault } from './simulated-faults.ts';
import { type MediaBytes, Origin } from './simulated-origin.ts';
import { SimulatedTile } from './simulated-tile.ts';
import { SimulatedWindow } from './simulated-window.ts';
import type { TileStateName } from './tile-states.ts';
import { Trace } from './trace.ts';

/** The result of a world's run. */
export interface WorldReport {
  readonly faults: number;
  /** Virtual time of all tiles together, ms. */
  readonly tileMs: number;
  readonly coverage: Coverage;
  readonly hash: number;
  /** Per tile, in their order. */
  readonly tileHashes: readonly number[];
  readonly failure: {
    readonly words: string;
    readonly invariant: string;
    readonly tail: readonly string[];
  } | null;
}

/** Interval of the checks of all tiles, ms. */
const LOOK_MS = 1000;
/** After this many checks, one tile is compared with the states for which faults wait: some states begin without an event. */
const LOOKS_AT_AMBUSHES = 2;
/** Time from a fault until its outcome is counted, ms. */
const OUTCOME_MS = 10_000;
/** Longest time from the moment at which an awaited state may have begun until the fault strikes, ms. */
const LONGEST_AMBUSH_MS = 150;
/** A fault that has waited for this time strikes in any state, ms. */
const PATIENCE_MS = 5 * 60_000;
/** After the last fault: the longest backoff of probes and of retries, each twice, and a start, ms. */
export const RECOVERY_MS = 90_000;
/** Time after an edit in which the policies before it may still count, ms: a change-over may have been decided before the edit. */
const EDIT_LINGERS_MS = 60_000;

/**
 * Tiles over up to four sites, all under virtual time: runs a {@link Plan} and checks the invariants. The same plan and seed give
 * the same run, to the last frame.
 */
export class SimulatedWorld {
  private readonly clock = new SimulatedClock();
  private readonly trace = new Trace();
  private readonly origins = new Map<string, Origin>();
  private readonly originsByPathname = new Map<string, Origin>();
  private readonly tiles: SimulatedTile[];
  private readonly windows: SimulatedWindow[];
  private readonly coverage: Coverage = {};
  private config: PublicConfig;
  private formerStableMs = Number.POSITIVE_INFINITY;
  private policiesEditedMs = Number.NEGATIVE_INFINITY;
  private suspensions = 0;
  private readonly activityListeners = new Set<() => void>();
  private undisturbedMs = 0;
  /** Faults that wait for a state, in the order in which they began to wait. */
  private waiting: PlannedFault[] = [];
  private readonly ambushed = new Set<SimulatedTile>();
  private readonly ambushRandom: Random;
  private looks = 0;
  private readonly standing = new Map<number, () => void>();
  private versions = 0;
  private faults = 0;
  private healing = false;
  private breach: Breach | null = null;

  constructor(
    private readonly plan: Plan,
    private readonly random: Random,
    media: MediaBytes,
  ) {
    this.config = configOf(plan);
    this.ambushRandom = random.fork('ambushes');
    plan.sites.forEach(({ encoding, roundTripMs, sessions }, index) => {
      for (let camera = 0; camera < plan.tiles; camera += 1)
        for (const quality of plan.qualities) {
          const name = `${siteId(index)}/${cameraId(camera)}/${quality}`;
          const origin = new Origin(
            name,
            siteId(index),
            cameraId(camera),
            encoding,
            sessions,
            roundTripMs,
            random.fork(name),
          );
          this.origins.set(name, origin);
        }
    });
    const windows = plan.shares === 'one window' ? 1 : plan.tiles;
    this.windows = Array.from(
      { length: windows },
      (_, index) =>
        new SimulatedWindow(this.clock, random.fork(`window ${index}`), Math.ceil(plan.tiles / windows)),
    );
    this.tiles = Array.from({ length: plan.tiles }, (_, index) => {
      const world = this;
      return new SimulatedTile(`tile ${index + 1}`, index + 1, cameraId(index), {
        clock: this.clock,
        random: random.fork(`tile ${index}`),
        media,
        trace: this.trace,
        epochZeroMs: plan.epochZeroMs,
        roundTripMs: Math.max(...plan.sites.map((site) => site.roundTripMs)) * 1.4,
        longestWatchMs: Math.max(...plan.sites.map(({ watchIntervalMs }) => watchIntervalMs ?? 0)),
        slowestFrameMs: Math.max(...plan.sites.map(({ encoding }) => encoding.frameMs)),
        window: this.windowOf(index),
        activity: {
          suspension: () => (world.suspensions > 0 ? 'local-fault' : null),
          subscribe: (listener) => {
            world.activityListeners.add(listener);
            return () => world.activityListeners.delete(listener);
          },
        },
        config: () => this.config,
        originOf: (pathname) => this.originOf(pathname),
        undisturbedSinceMs: () => this.undisturbedMs,
        stableMs: () => this.stableMs(),
        wasJustEdited: () => this.wasJustEdited(),
        check: (invariants) => this.check(invariants),
        onTurn: (tile, into) => this.lookOut(tile, into),
      });
    });
  }

  /** Runs the plan to its end, or to the first breach. */
  async run(): Promise<WorldReport> {
    const { durationMs, faults } = this.plan;
    const platform = { now: Date.now, AbortController: globalThis.AbortController };
    // The date and time of day that the tiles read is virtual as well.
    Date.now = () => this.plan.epochZeroMs + Math.floor(this.clock.now());
    globalThis.AbortController = SimulatedAbortController as unknown as typeof AbortController;
    const stopped = (): boolean => this.breach !== null;
    try {
      for (const fault of faults) this.clock.after(fault.atMs, () => this.begin(fault));
      this.tiles.forEach((tile) => {
        tile.open();
      });
      this.look();
      await this.clock.runUntil(durationMs, stopped);
      if (!stopped()) {
        this.healAll();
        await this.clock.runUntil(this.clock.now() + RECOVERY_MS, stopped);
      }
      if (!stopped()) {
        for (const tile of this.tiles) {
          tile.mustShow();
          tile.close();
        }
        await this.clock.runUntil(this.clock.now(), stopped);
      }
      for (const window of this.windows) if (!stopped()) this.check(() => window.mustBeIdle());
    } finally {
      Date.now = platform.now;
      globalThis.AbortController = platform.AbortController;
    }
    return {
      faults: this.faults,
      tileMs: this.clock.now() * this.tiles.length,
      coverage: this.coverage,
      hash: this.trace.hash(),
      tileHashes: this.tiles.map((tile) => tile.hash()),
      failure:
        this.breach === null
          ? null
          : { words: this.breach.message, invariant: this.breach.invariant, tail: this.trace.tail() },
    };
  }

  private check(invariants: () => void): void {
    if (this.breach !== null) return;
    try {
      invariants();
    } catch (error) {
      if (!(error instanceof Breach)) throw error;
      this.breach = error;
    }
  }

  private look(): void {
    for (const tile of this.tiles) tile.look();
    this.looks += 1;
    const next = this.tiles[(this.looks / LOOKS_AT_AMBUSHES) % this.tiles.length];
    if (next !== undefined && this.waiting.length > 0) this.ambush(next);
    this.clock.after(LOOK_MS, () => this.look());
  }

  private windowOf(tile: number): SimulatedWindow {
    const window = this.windows[tile % this.windows.length];
    if (window === undefined) throw new Error(`tile ${tile} has no window`);
    return window;
  }

  // --- faults -----------------------------------------------------------------------------------------

  private begin(fault: PlannedFault): void {
    if (this.healing) return;
    if (fault.awaits === null) {
      this.strike(fault);
      return;
    }
    this.waiting.push(fault);
    this.clock.after(PATIENCE_MS, () => {
      if (this.stopWaiting(fault)) this.strike(fault);
    });
  }

  /** A tile may have reached one of these states. It is examined a moment later, when the drivers have gone on. */
  private lookOut(tile: SimulatedTile, states: readonly TileStateName[]): void {
    if (this.ambushed.has(tile)) return;
    if (!this.waiting.some(({ awaits }) => awaits !== null && states.includes(awaits))) return;
    this.ambushed.add(tile);
    this.clock.after(this.ambushRandom.between(0, LONGEST_AMBUSH_MS), () => {
      this.ambushed.delete(tile);
      this.ambush(tile);
    });
  }

  /** The first fault that waits for the tile's present state strikes it. */
  private ambush(tile: SimulatedTile): void {
    if (!tile.isRunning) return;
    const asAWhole = tile.stateFor(null);
    const ofStreams = tile.origins().map((origin) => ({ origin, state: tile.stateFor(origin) }));
    for (const fault of this.waiting) {
      const struck = ofStreams.find(({ state }) => state === fault.awaits)?.origin ?? null;
      const isMet = fault.row.strikes.on === 'workstation' ? asAWhole === fault.awaits : struck !== null;
      if (!isMet || !this.stopWaiting(fault)) continue;
      this.strike({
        ...fault,
        site: struck === null ? fault.site : this.siteIndex(struck),
        cameras: fault.cameras === null ? null : [this.tiles.indexOf(tile)],
      });
      return;
    }
  }

  /** @returns whether it was still waiting */
  private stopWaiting(fault: PlannedFault): boolean {
    const index = this.waiting.indexOf(fault);
    if (index < 0) return false;
    this.waiting.splice(index, 1);
    return true;
  }

  private siteIndex({ siteId: id }: Origin): number {
    return this.plan.sites.findIndex((_, index) => siteId(index) === id);
  }

  private strike(fault: PlannedFault): void {
    if (this.healing) return;
    this.faults += 1;
    const { strikes, name } = fault.row;
    this.note(`${name} strikes ${this.struckWords(fault)}`);
    if (strikes.on === 'workstation') {
      for (const tile of this.tiles) if (tile.isRunning) this.observe(name, tile, tile.stateFor(null));
      this.strikeLocally(fault, strikes.fault);
      return;
    }
    const struck =
      strikes.on === 'every-site'
        ? this.plan.sites.map((_, site) => this.originsOf(site, fault.cameras))
        : [this.originsOf(fault.site, fault.cameras)];
    for (const origins of struck)
      for (const origin of origins)
        for (const tile of this.tiles)
          if (tile.isRunning && tile.cameraId === origin.cameraId)
            for (const row of [name, ...this.shapesOf(origin)])
              this.observe(row, tile, tile.stateFor(origin));
    if (strikes.on === 'streams-flapping') {
      this.flap(
        fault,
        strikes.fault,
        struck.flat(),
        Math.max(3, Math.round(fault.durationMs / fault.periodMs)),
      );
      return;
    }
    const random = this.randomOf(fault);
    struck.forEach((origins, site) => {
      const id = fault.id * 10 + site;
      // All sites fail at the same time. Each one recovers at a time of its own.
      const durationMs = fault.durationMs * (strikes.on === 'every-site' ? random.between(0.2, 1) : 1);
      this.apply(id, strikes.fault, origins);
      this.clock.after(durationMs, () => this.standing.get(id)?.());
    });
  }

  private flap(fault: PlannedFault, what: StreamFault, origins: readonly Origin[], left: number): void {
    if (this.healing || left === 0) return;
    const id = fault.id * 10;
    this.apply(id, what, origins);
    this.clock.after(fault.periodMs / 2, () => this.standing.get(id)?.());
    this.clock.after(fault.periodMs, () => this.flap(fault, what, origins, left - 1));
  }

  private apply(id: number, fault: StreamFault, origins: readonly Origin[]): void {
    for (const origin of origins) origin.strike(id, fault, this.clock.now());
    this.standing.set(id, () => {
      this.standing.delete(id);
      this.note(`healed: ${fault.kind} at ${origins.map(({ name }) => name).join(', ')}`);
      for (const origin of origins) origin.heal(id, this.clock.now());
    });
  }

  private strikeLocally(fault: PlannedFault, { kind }: LocalFault): void {
    const { clock } = this;
    const random = this.randomOf(fault);
    switch (kind) {
      case 'blocked':
        clock.block(random.between(100, 5000));
        this.disturb();
        return;
      case 'asleep':
        this.suspend(1);
        clock.after(random.between(0, 100), () => {
          clock.block(60 * 1000 * random.next());
          this.disturb();
          if (random.chance(0.5)) this.suspend(-1);
          else clock.after(0, () => this.suspend(-1));
        });
        return;
      case 'hidden':
        this.suspend(1);
        clock.after(Math.min(60_000, fault.durationMs), () => this.suspend(-1));
        return;
      case 'order-edited': {
        const sites = random.shuffled(this.config.sites);
        const camera = random.chance(0.5) ? null : random.pick(this.config.cameras);
        this.edit(
          camera === null
            ? { ...this.config, sites }
            : {
                ...this.config,
                cameras: this.config.cameras.map((other) =>
                  other === camera ? { ...other, siteOrder: sites.map(({ id }) => id) } : other,
                ),
              },
        );
        return;
      }
      case 'path-edited':
        this.editPath(random);
        return;
      case 'policies-edited':
        this.formerStableMs = this.stableMs();
        this.policiesEditedMs = clock.now();
        this.edit({
          ...this.config,
          policies: policiesOf(random, this.plan.epochZeroMs + clock.now()),
          cameras: this.config.cameras.map((camera) => ({
            ...camera,
            onFrozen: random.pick(['alarm', 'change-over']),
          })),
        });
        return;
      case 'maintenance-edited': {
        const worked = random.pick(this.config.sites);
        this.edit({
          ...this.config,
          sites: this.config.sites.map((site) =>
            site.id === worked.id ? { ...site, maintenance: site.maintenance !== true } : site,
          ),
        });
        return;
      }
      case 'offer-taken':
        for (const tile of this.tiles) tile.takeOffer();
        return;
      case 'size-changed':
        this.disturb();
        for (const tile of this.tiles) tile.setWanted(tile.wantedQuality === 'main' ? 'sub' : 'main');
        return;
      case 'view-reopened': {
        const tile = random.pick(this.tiles);
        if (!tile.isRunning) return;
        tile.close();
        clock.after(random.between(0, 2000), () => tile.open());
        return;
      }
    }
  }

  private editPath(random: Random): void {
    const camera = random.pick(this.config.cameras);
    const site = random.pick(this.config.sites);
    this.versions += 1;
    const streams = Object.fromEntries(
      this.plan.qualities.map((quality) => [
        quality,
        `${camera.id}/${quality}/index.m3u8?version=${this.versions}`,
      ]),
    );
    this.edit({
      ...this.config,
      cameras: this.config.cameras.map((other) =>
        other === camera ? { ...other, streams: { ...other.streams, [site.id]: streams } } : other,
      ),
    });
  }

  private edit(config: PublicConfig): void {
    this.config = config;
    this.disturb();
    for (const tile of this.tiles) tile.edit();
  }

  private suspend(by: 1 | -1): void {
    this.suspensions += by;
    this.note(by === 1 ? 'suspended' : 'resumed');
    this.disturb();
    for (const listener of [...this.activityListeners]) listener();
    if (by === 1) for (const tile of this.tiles) this.lookOut(tile, ['suspended']);
  }

  private disturb(): void {
    this.undisturbedMs = this.clock.now();
  }

  private healAll(): void {
    this.healing = true;
    this.waiting = [];
    for (const heal of [...this.standing.values()]) heal();
    this.note('all healed');
  }

  /** Each fault has its own random numbers, so that one fault changes nothing in another. */
  private randomOf({ id }: PlannedFault): Random {
    return this.random.fork(`fault ${id}`);
  }

  private shapesOf(origin: Origin): readonly ShapeRow[] {
    const isLight = this.plan.sites[this.siteIndex(origin)]?.watch === 'light';
    return [
      ...(origin.isPulled() ? (['at a pull-driven site'] as const) : []),
      ...(isLight ? (['at a lightly watched site'] as const) : []),
    ];
  }

  private observe(fault: string, tile: SimulatedTile, state: TileStateName): void {
    const before = tile.shown();
    this.clock.after(OUTCOME_MS, () => count(this.coverage, fault, state, outcomeOf(tile, before)));
  }

  // --- the world's parts --------------------------------------------------------------------------------

  private originsOf(site: number, cameras: readonly number[] | null): Origin[] {
    const ids = cameras?.map(cameraId) ?? null;
    return [...this.origins.values()].filter(
      (origin) => origin.siteId === siteId(site) && (ids === null || ids.includes(origin.cameraId)),
    );
  }

  private originOf(pathname: string): Origin {
    const known = this.originsByPathname.get(pathname);
    if (known !== undefined) return known;
    const [, , site = '', camera = '', quality = ''] = pathname.split('/');
    const origin = this.origins.get(`${site}/${camera}/${quality}`);
    if (origin === undefined) throw new Error(`the simulated sites have nothing at ${pathname}`);
    // Addresses of media are not kept, because each one is new.
    if (pathname.includes('.m3u8')) this.originsByPathname.set(pathname, origin);
    return origin;
  }

  private stableMs(): number {
    const { stableMs } = this.config.policies.failback;
    return this.wasJustEdited() ? Math.min(stableMs, this.formerStableMs) : stableMs;
  }

  private wasJustEdited(): boolean {
    return this.clock.now() - this.policiesEditedMs < EDIT_LINGERS_MS;
  }

  private struckWords({ row, site, cameras }: PlannedFault): string {
    if (row.strikes.on === 'workstation') return 'the workstation';
    const where = row.strikes.on === 'every-site' ? 'every site' : siteId(site);
    return cameras === null ? where : `${cameras.map(cameraId).join(', ')} at ${where}`;
  }

  private note(words: string): void {
    this.trace.add(this.clock.now(), words);
  }
}

function outcomeOf(tile: SimulatedTile, before: string | null): Outcome {
  if (!tile.isRunning) return 'closed';
  const { phase } = tile.snapshot();
  if (phase === 'starting' || phase === 'suspended') return phase;
  if (phase === 'holding') return 'held';
  return tile.shown() === before ? 'stayed' : 'changed over';
}
