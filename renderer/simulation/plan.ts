import type { Policies } from '../../shared/config.ts';
import { FAULTS, type FaultRow } from './faults.ts';
import type { Encoding } from './origin.ts';
import type { Random } from './random.ts';

/** One fault of a simulated world. */
export interface PlannedFault {
  readonly id: number;
  readonly atMs: number;
  readonly row: FaultRow;
  readonly durationMs: number;
  /** Of flapping: one on and one off, ms. */
  readonly periodMs: number;
  /** Index of the site that is struck; unused by faults of every site and of the workstation. */
  readonly site: number;
  /** Indices of the struck cameras; of edits, the tile that is edited. `null`: all. */
  readonly cameras: readonly number[] | null;
  /** `player`: it lies in wait for the next player of a struck tile; `open`: for the next tile that opens. */
  readonly waitsFor: 'nothing' | 'player' | 'open';
}

/** A world as its seed makes it: sites, tiles, and what goes wrong when. */
export interface Plan {
  readonly durationMs: number;
  /** Epoch ms of a right clock at virtual time 0. */
  readonly epochZeroMs: number;
  /**
   * What tiles share by rules 12, 13 and 15: retries at a site that fails, hot standbys and comparisons. With windows
   * of their own they share nothing, and one's faults change nothing in another.
   */
  readonly shares: 'one window' | 'nothing';
  readonly tiles: number;
  readonly qualities: readonly ('main' | 'sub')[];
  /** In order of priority. */
  readonly sites: readonly { readonly encoding: Encoding; readonly roundTripMs: number }[];
  readonly policies: Policies;
  readonly faults: readonly PlannedFault[];
}

/** Share of faults that follow close on the one before, while that may still stand. */
const BURST_SHARE = 0.65;

/** What is left to chance everywhere else, in a world that is made to show one thing. */
export interface Wanted {
  readonly policies?: Policies;
  /** Names of the only faults that strike; policies are not edited then. */
  readonly faults?: readonly string[];
  /** How long each fault stands, ms. */
  readonly lastingMs?: number;
  readonly shares?: 'nothing';
}

/** 2026-01-01T00:00:00Z. */
const NEW_YEAR_MS = 1_767_225_600_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** @param durationMs virtual time until everything is healed */
export function planOf(random: Random, durationMs: number, wanted: Wanted = {}): Plan {
  const sites = Array.from({ length: random.pick([2, 2, 2, 2, 3, 3, 4]) }, () => ({
    encoding: encoding(random),
    roundTripMs: random.between(5, 80),
  }));
  const tiles = random.whole(3, 7);
  const epochZeroMs = NEW_YEAR_MS + Math.floor(random.between(0, DAY_MS));
  return {
    durationMs,
    epochZeroMs,
    shares: 'one window',
    tiles,
    qualities: sites.length === 2 && random.chance(0.2) ? ['main', 'sub'] : ['main'],
    sites,
    policies: wanted.policies ?? policiesOf(random, epochZeroMs),
    faults: faultsOf(random, { durationMs, sites: sites.length, tiles }, wanted),
  };
}

/** @param epochMs the present: allowed hours begin or end near it */
export function policiesOf(random: Random, epochMs: number): Policies {
  const from = (new Date(epochMs).getHours() + random.whole(0, 1)) % 24;
  return {
    reactionTimeMs: random.pick([250, 500, 1000, 1000, 2000, 5000]),
    bridgeAtOnce: random.chance(0.8),
    failback: {
      mode: random.pick(['automatic', 'automatic', 'automatic', 'manual', 'never']),
      stableMs: random.pick([0, 2000, 5000, 10_000, 30_000]),
      allowedLagMs: 3000,
      ...(random.chance(0.2) ? { allowedHours: { from, to: (from + random.whole(1, 23)) % 24 } } : {}),
    },
    hotStandbys: 'auto',
  };
}

function encoding(random: Random): Encoding {
  const targetMs = random.pick([1000, 2000, 2000, 4000, 6000, 6000]);
  return {
    targetMs,
    partMs: random.chance(0.06) ? 500 : null,
    frameMs: random.pick([200, 200, 200, 200, 100]),
  };
}

function rowsOf({ faults }: Wanted): readonly FaultRow[] {
  return faults === undefined ? FAULTS : FAULTS.filter(({ name }) => faults.includes(name));
}

function faultsOf(
  random: Random,
  world: { readonly durationMs: number; readonly sites: number; readonly tiles: number },
  wanted: Wanted,
): PlannedFault[] {
  const rows = rowsOf(wanted);
  const faults: PlannedFault[] = [];
  // The first one finds tiles that have no picture yet.
  let atMs = random.between(0, 400);
  for (let id = 1; atMs < world.durationMs; id += 1) {
    faults.push({
      id,
      atMs,
      row: random.pick(rows),
      // From a blink to a minute and a half, short ones as often as long ones.
      durationMs: wanted.lastingMs ?? 300 * 300 ** random.next(),
      periodMs: random.between(1000, 20_000),
      site: random.whole(0, world.sites - 1),
      cameras: random.chance(0.5) ? null : someOf(random, world.tiles),
      waitsFor: random.pick(['nothing', 'nothing', 'nothing', 'nothing', 'player', 'open']),
    });
    atMs += random.chance(BURST_SHARE) ? random.between(500, 15_000) : random.between(20_000, 100_000);
  }
  return faults;
}

/**
 * The plan as one tile's camera meets it, without what strikes other cameras. Nothing waits for another tile's players,
 * so that both plans strike at the same moments.
 */
export function onlyFor(plan: Plan, camera: number): Plan {
  return {
    ...plan,
    faults: plan.faults.flatMap((fault) => {
      if (fault.row.strikes.on === 'workstation') return [fault];
      const isStruck = fault.cameras === null || fault.cameras.includes(camera);
      return isStruck ? [{ ...fault, cameras: [camera] }] : [];
    }),
  };
}

/** The plan of a wall whose tiles share nothing, and none of whose faults lies in wait for a tile. */
export function ofSeparateTiles(plan: Plan): Plan {
  return {
    ...plan,
    shares: 'nothing',
    faults: plan.faults.map((fault) => ({ ...fault, waitsFor: 'nothing' })),
  };
}

function someOf(random: Random, count: number): number[] {
  const all = Array.from({ length: count }, (_, index) => index);
  return random.shuffled(all).slice(0, random.whole(1, Math.max(1, count - 1)));
}
