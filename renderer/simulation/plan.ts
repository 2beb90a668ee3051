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
  readonly tiles: number;
  readonly qualities: readonly ('main' | 'sub')[];
  /** In order of priority. */
  readonly sites: readonly { readonly encoding: Encoding; readonly roundTripMs: number }[];
  readonly policies: Policies;
  readonly faults: readonly PlannedFault[];
}

/** Share of faults that follow close on the one before, while that may still stand. */
const BURST_SHARE = 0.65;

/** @param durationMs virtual time until everything is healed */
export function planOf(random: Random, durationMs: number): Plan {
  const sites = Array.from({ length: random.pick([2, 2, 2, 2, 3, 3, 4]) }, () => ({
    encoding: encoding(random),
    roundTripMs: random.between(5, 80),
  }));
  const tiles = random.whole(3, 7);
  return {
    durationMs,
    tiles,
    qualities: sites.length === 2 && random.chance(0.2) ? ['main', 'sub'] : ['main'],
    sites,
    policies: policiesOf(random),
    faults: faultsOf(random, { durationMs, sites: sites.length, tiles }),
  };
}

export function policiesOf(random: Random): Policies {
  return {
    reactionTimeMs: random.pick([250, 500, 1000, 1000, 2000, 5000]),
    bridgeAtOnce: random.chance(0.8),
    failback: {
      mode: random.pick(['automatic', 'automatic', 'automatic', 'manual', 'never']),
      stableMs: random.pick([0, 2000, 5000, 10_000, 30_000]),
      allowedLagMs: 3000,
    },
  };
}

function encoding(random: Random): Encoding {
  const targetMs = random.pick([1000, 2000, 2000, 4000, 4000, 4000]);
  return {
    targetMs,
    partMs: random.chance(0.06) ? 500 : null,
    frameMs: random.pick([200, 200, 200, 100, 66]),
  };
}

function faultsOf(
  random: Random,
  world: { readonly durationMs: number; readonly sites: number; readonly tiles: number },
): PlannedFault[] {
  const faults: PlannedFault[] = [];
  // The first one finds tiles that have no picture yet.
  let atMs = random.between(0, 400);
  for (let id = 1; atMs < world.durationMs; id += 1) {
    faults.push({
      id,
      atMs,
      row: random.pick(FAULTS),
      // From a blink to a minute and a half, short ones as often as long ones.
      durationMs: 300 * 300 ** random.next(),
      periodMs: random.between(1000, 20_000),
      site: random.whole(0, world.sites - 1),
      cameras: random.chance(0.5) ? null : someOf(random, world.tiles),
      waitsFor: random.pick(['nothing', 'nothing', 'nothing', 'nothing', 'player', 'open']),
    });
    atMs += random.chance(BURST_SHARE) ? random.between(500, 15_000) : random.between(20_000, 100_000);
  }
  return faults;
}

function someOf(random: Random, count: number): number[] {
  const all = Array.from({ length: count }, (_, index) => index);
  return random.shuffled(all).slice(0, random.whole(1, Math.max(1, count - 1)));
}
