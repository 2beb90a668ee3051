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
  /** Period of a flapping fault, ms: once on and once off. */
  readonly periodMs: number;
  /**
   * Index of the site that is struck; unused by faults of every site and of the workstation. A fault that waits for a state
   * strikes the site whose stream reaches it.
   */
  readonly site: number;
  /** Indices of the struck cameras; of edits, the tile that is edited. `null`: all. */
  readonly cameras: readonly number[] | null;
  /** State of a stream or of a tile for which the fault waits from `atMs` on; `null`: it strikes at `atMs`. */
  readonly awaits: TileStateName | null;
}

export interface PlannedSite {
  readonly encoding: Encoding;
  readonly roundTripMs: number;
  /** Probe interval in the site's settings, ms (rule 3): presets set one where probes cost the server something. */
  readonly watchIntervalMs: number | null;
  readonly sessions: Sessions;
  /** `light`: its standbys are checked only every few minutes, and a quality that is not shown is not watched. */
  readonly watch: 'full' | 'light';
}

/** A world as its seed makes it: sites, tiles, and the faults with their times. */
export interface Plan {
  readonly durationMs: number;
  /** Time of a correct clock at virtual time 0, ms since 1970. */
  readonly epochZeroMs: number;
  /**
   * What tiles share by rules 12, 13 and 15: retries at a site that fails, hot standbys, and comparisons of pictures. `nothing`:
   * each tile has its own window, and the faults of one tile change nothing in another.
   */
  readonly shares: 'one window' | 'nothing';
  readonly tiles: number;
  readonly qualities: readonly ('main' | 'sub')[];
  /** In order of priority. */
  readonly sites: readonly PlannedSite[];
  readonly policies: Policies;
  readonly faults: readonly PlannedFault[];
}

/** Share of faults that follow soon after the one before, which may still be active. */
const BURST_SHARE = 0.57;
/** Share of faults that wait for a state. */
const AMBUSH_SHARE = 0.38;
/** Approximate number of faults in a world that wait for a state. */
const AMBUSHES = 19;

/** Share of sites that make media when it is requested (pull-driven sites). */
const PULLED_SHARE = 0.1;
/** Share of sites that are watched lightly: most of the pull-driven ones, because there a watch is costly. */
const LIGHT_SHARE = { pulled: 0.6, others: 0.12 };
/** Target duration that a pull-driven site declares, ms, whatever its segments contain. */
const PULLED_TARGET_MS = 1000;

/** What is fixed in a world that is made for one purpose. In other worlds it is random. */
export interface Wanted {
  readonly policies?: Policies;
  /** Names of the only faults that strike. An edit of the configuration is a fault, too. */
  readonly faults?: readonly string[];
  /** Duration of each fault, ms. */
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
 * @param turn the world's number in a run. The list of faults and of the states for which they wait continues where that of the
 *   world before ended, so that in a run of many worlds every fault waits for every state
 * @param durationMs virtual time until everything is healed, ms
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

/** @param epochMs the present, ms since 1970: allowed hours begin or end near it */
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
  // Control rooms have cameras with few frames a second. A higher frame rate would make more events, and show nothing more.
  if (random.chance(0.05)) return { targetMs, partMs: 500, frameMs: random.pick([100, 200]) };
  return { targetMs, partMs: null, frameMs: random.pick([200, 500, 500, 500, 1000, 1000, 1000, 1000]) };
}

function rowsOf({ faults }: Wanted): readonly FaultRow[] {
  return faults === undefined ? FAULTS : FAULTS.filter(({ name }) => faults.includes(name));
}

/** States that are rare, each with a fault that causes it. That fault follows a fault that waits for the state. */
const BROUGHT_ABOUT: {
  readonly [state in TileStateName]?: { readonly by: string; readonly durationMs: number };
} = {
  starting: { by: 'view reopened', durationMs: 0 },
  suspended: { by: 'window hidden', durationMs: 3000 },
  holding: { by: 'every site refuses', durationMs: 40_000 },
};

/** States that last, so that every fault finds them at some time. The others are short: a fault finds them by waiting. */
const LASTING: readonly TileStateName[] = ['shown', 'standby'];

/** Every fault with every state for which it can wait, in random order. */
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
  // The first fault finds tiles that have no picture yet.
  let atMs = random.between(0, 400);
  for (let id = 1; atMs < world.durationMs; id += 1) {
    const ambush = random.chance(AMBUSH_SHARE) ? ambushes[ambushed % ambushes.length] : undefined;
    if (ambush !== undefined) ambushed += 1;
    faults.push({
      id,
      atMs,
      row: ambush?.row ?? random.pick(rows),
      // From 0.3 s to 90 s, evenly spread on a logarithmic scale.
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
 * The plan for one tile's camera, without the faults of other cameras. No fault waits for a state of another tile, so that both
 * plans strike at the same times.
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

/** The plan of a wall whose tiles share nothing, and whose faults all strike at their times. */
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
