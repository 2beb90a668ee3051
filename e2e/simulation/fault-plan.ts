import type { Policies } from '../../shared/config/config.ts';
import { unreachable } from './coverage.ts';
import { Random } from './random.ts';
import { FAULTS, type FaultRow } from './simulated-faults.ts';
import type { Encoding, Sessions } from './simulated-origin.ts';
import { TILE_STATES, type TileStateName } from './tile-states.ts';

/** One fault of a simulated world. */
export interface PlannedFault {
  readonly id: number;
  readonly atMs: number;
  readonly row: FaultRow;
  readonly durationMs: number;
  /** Of flapping: one on and one off, ms. */
  readonly periodMs: number;
  /**
   * Index of the site that is struck; unused by faults of every site and of the workstation. One that lies in wait
   * strikes the site whose stream it waited for.
   */
  readonly site: number;
  /** Indices of the struck cameras; of edits, the tile that is edited. `null`: all. */
  readonly cameras: readonly number[] | null;
  /** From its time on it lies in wait for a stream, or a tile, in this state; `null`: it strikes at its time. */
  readonly awaits: TileStateName | null;
}

export interface PlannedSite {
  readonly encoding: Encoding;
  readonly roundTripMs: number;
  /** Where watching costs the server something its preset sets the interval of probes, ms (rule 3). */
  readonly watchIntervalMs: number | null;
  readonly sessions: Sessions;
  /** `light`: its standbys are checked every few minutes only, and of its qualities the one that is not shown is not watched. */
  readonly watch: 'full' | 'light';
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
  readonly sites: readonly PlannedSite[];
  readonly policies: Policies;
  readonly faults: readonly PlannedFault[];
}

/** Share of faults that follow close on the one before, while that may still stand. */
const BURST_SHARE = 0.57;
/** Share of faults that lie in wait, and about how many of them a world has. */
const AMBUSH_SHARE = 0.38;
const AMBUSHES = 19;

/** Share of sites whose media is made when it is fetched, and of those that are watched lightly: most of the ones that pay for it. */
const PULLED_SHARE = 0.1;
const LIGHT_SHARE = { pulled: 0.6, others: 0.12 };
/** What such a server declares of its segments, whatever they hold, ms. */
const PULLED_TARGET_MS = 1000;

/** What is left to chance everywhere else, in a world that is made to show one thing. */
export interface Wanted {
  readonly policies?: Policies;
  /** Names of the only faults that strike; policies are not edited then. */
  readonly faults?: readonly string[];
  /** How long each fault stands, ms. */
  readonly lastingMs?: number;
  readonly shares?: 'nothing';
  /** What all sites have in common. */
  readonly sites?: Partial<Pick<PlannedSite, 'sessions' | 'watch'>>;
}

/** 2026-01-01T00:00:00Z. */
const NEW_YEAR_MS = 1_767_225_600_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * @param turn the world's place in a run: the faults that lie in wait, each for one state, go on where the world before
 *   left off, so that a run of many worlds sets every fault on every state
 * @param durationMs virtual time until everything is healed
 */
export function planOf(random: Random, turn: number, durationMs: number, wanted: Wanted = {}): Plan {
  const sites = Array.from({ length: random.pick([2, 2, 2, 2, 2, 3, 3, 4]) }, () => siteOf(random, wanted));
  const tiles = random.whole(3, 7);
  const epochZeroMs = NEW_YEAR_MS + Math.floor(random.between(0, DAY_MS));
  return {
    durationMs,
    epochZeroMs,
    shares: 'one window',
    tiles,
    qualities: sites.length === 2 && random.chance(0.15) ? ['main', 'sub'] : ['main'],
    sites,
    policies: wanted.policies ?? policiesOf(random, epochZeroMs),
    faults: faultsOf(random, { turn, durationMs, sites: sites.length, tiles }, wanted),
  };
}

function siteOf(random: Random, { sites: common }: Wanted): PlannedSite {
  const site = {
    encoding: encoding(random),
    roundTripMs: random.between(5, 80),
    watchIntervalMs: random.pick([null, null, 5000, 10_000]),
    sessions: random.pick<Sessions>(['none', 'none', 'none', 'http-401', 'http-404', 'opened-anew']),
  };
  const shape = random.fork('shape');
  const sessions = common?.sessions ?? (shape.chance(PULLED_SHARE) ? 'pulled' : site.sessions);
  const isPulled = sessions === 'pulled';
  const watch =
    common?.watch ?? (shape.chance(isPulled ? LIGHT_SHARE.pulled : LIGHT_SHARE.others) ? 'light' : 'full');
  return { ...site, encoding: isPulled ? pulledEncoding(shape) : site.encoding, sessions, watch };
}

function pulledEncoding(random: Random): Encoding {
  return { targetMs: PULLED_TARGET_MS, partMs: null, frameMs: random.pick([200, 500]) };
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
  const targetMs = random.pick([1000, 2000, 4000, 4000, 6000, 6000, 6000, 8000, 8000]);
  // Cameras of a few frames a second are found in any control room; each frame more is an event more, and tells no more.
  if (random.chance(0.05)) return { targetMs, partMs: 500, frameMs: random.pick([100, 200]) };
  return { targetMs, partMs: null, frameMs: random.pick([200, 500, 500, 500, 1000, 1000, 1000, 1000]) };
}

function rowsOf({ faults }: Wanted): readonly FaultRow[] {
  return faults === undefined ? FAULTS : FAULTS.filter(({ name }) => faults.includes(name));
}

/** States that seldom come by themselves: the fault that brings one about follows on a fault that lies in wait for it. */
const BROUGHT_ABOUT: {
  readonly [state in TileStateName]?: { readonly by: string; readonly durationMs: number };
} = {
  starting: { by: 'view reopened', durationMs: 0 },
  suspended: { by: 'window hidden', durationMs: 3000 },
  holding: { by: 'every site refuses', durationMs: 40_000 },
};

/** States that any fault meets. The others pass: it meets them where it lies in wait. */
const LASTING: readonly TileStateName[] = ['shown', 'standby'];

/** Every fault with every state that it can lie in wait for, well mixed. */
function ambushesOf(rows: readonly FaultRow[]): { readonly row: FaultRow; readonly awaits: TileStateName }[] {
  const all = rows.flatMap((row) =>
    TILE_STATES.filter((state) => !LASTING.includes(state) && unreachable(row, state) === null).map(
      (awaits) => ({ row, awaits }),
    ),
  );
  return new Random(all.length).shuffled(all);
}

const ALL_AMBUSHES = ambushesOf(FAULTS);

function faultsOf(
  random: Random,
  world: {
    readonly turn: number;
    readonly durationMs: number;
    readonly sites: number;
    readonly tiles: number;
  },
  wanted: Wanted,
): PlannedFault[] {
  const rows = rowsOf(wanted);
  const ambushes = rows === FAULTS ? ALL_AMBUSHES : ambushesOf(rows);
  let ambushed = world.turn * AMBUSHES;
  const faults: PlannedFault[] = [];
  // The first one finds tiles that have no picture yet.
  let atMs = random.between(0, 400);
  for (let id = 1; atMs < world.durationMs; id += 1) {
    const ambush = random.chance(AMBUSH_SHARE) ? ambushes[ambushed % ambushes.length] : undefined;
    if (ambush !== undefined) ambushed += 1;
    faults.push({
      id,
      atMs,
      row: ambush?.row ?? random.pick(rows),
      // From a blink to a minute and a half, short ones as often as long ones.
      durationMs: wanted.lastingMs ?? 300 * 300 ** random.next(),
      periodMs: random.between(1000, 20_000),
      site: random.whole(0, world.sites - 1),
      cameras: random.chance(0.5) ? null : someOf(random, world.tiles),
      awaits: ambush?.awaits ?? null,
    });
    const cause = ambush === undefined ? undefined : BROUGHT_ABOUT[ambush.awaits];
    const row = rows.find(({ name }) => name === cause?.by);
    if (cause !== undefined && row !== undefined) {
      id += 1;
      atMs += random.between(500, 5000);
      const { durationMs } = cause;
      faults.push({ id, atMs, row, durationMs, periodMs: 0, site: 0, cameras: null, awaits: null });
    }
    atMs += random.chance(BURST_SHARE) ? random.between(500, 15_000) : random.between(20_000, 110_000);
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
    faults: plan.faults.map((fault) => ({ ...fault, awaits: null })),
  };
}

function someOf(random: Random, count: number): number[] {
  const all = Array.from({ length: count }, (_, index) => index);
  return random.shuffled(all).slice(0, random.whole(1, Math.max(1, count - 1)));
}
