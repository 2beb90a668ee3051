import { type Coverage, merge } from './coverage.ts';
import { ofSeparateTiles, onlyFor, type Plan, planOf, type Wanted } from './fault-plan.ts';
import { Breach, tilesAreIndependent } from './invariants.ts';
import { Random } from './random.ts';
import type { MediaBytes } from './simulated-origin.ts';
import { RECOVERY_MS, SimulatedWorld, type WorldReport } from './simulated-world.ts';

export { emptyCells, tableOf } from './coverage.ts';
export { PLANTED_BUGS } from './planted-bugs.ts';

/** Virtual time of one world until everything is repaired, ms. */
const WORLD_MS = 30 * 60 * 1000;
const HOUR_MS = 3_600_000;

/** The result of many worlds. */
export interface Tally {
  worlds: number;
  faults: number;
  tileMs: number;
  readonly coverage: Coverage;
  failed: { readonly seed: number; readonly failure: NonNullable<WorldReport['failure']> }[];
}

export function emptyTally(): Tally {
  return { worlds: 0, faults: 0, tileMs: 0, coverage: {}, failed: [] };
}

/** One of this many worlds consists of separate tiles. */
const SEPARATE_EVERY = 24;

/**
 * The seeds of a run's worlds: from 1 on, until the plans have the given tile-hours. The speed of the machine has no influence.
 * @param hours of all tiles together
 */
export function seedsFor(hours: number): number[] {
  const seeds: number[] = [];
  for (let leftMs = hours * HOUR_MS; leftMs > 0; ) {
    const seed = seeds.length + 1;
    const { tiles, durationMs } = worldOf(seed, WORLD_MS, {});
    leftMs -= tiles * (durationMs + RECOVERY_MS);
    seeds.push(seed);
  }
  return seeds;
}

function worldOf(seed: number, durationMs: number, wanted: Wanted): Plan {
  return planOf(new Random(seed).fork('plan'), seed, durationMs, wanted);
}

/**
 * The world of one seed.
 * @param wanted requirements of a world that is made for a purpose
 */
export function simulate(
  seed: number,
  media: MediaBytes,
  durationMs = WORLD_MS,
  wanted: Wanted = {},
): Promise<WorldReport> {
  const plan = worldOf(seed, durationMs, wanted);
  if (seed % SEPARATE_EVERY === 0 || wanted.shares === 'nothing')
    return simulateSeparately(seed, plan, media);
  return new SimulatedWorld(plan, new Random(seed).fork('world'), media).run();
}

/**
 * Runs a world whose tiles share nothing, and once more without the faults of all tiles but one: that tile must do the same in
 * both.
 */
async function simulateSeparately(seed: number, plan: Plan, media: MediaBytes): Promise<WorldReport> {
  const run = (which: Plan): Promise<WorldReport> =>
    new SimulatedWorld(which, new Random(seed).fork('world'), media).run();
  const separate = ofSeparateTiles(plan);
  const tile = seed % plan.tiles;
  const together = await run(separate);
  const alone = together.failure === null ? await run(onlyFor(separate, tile)) : together;
  if (alone.failure !== null) return alone;
  try {
    tilesAreIndependent(`tile ${tile + 1}`, together.tileHashes[tile] ?? 0, alone.tileHashes[tile] ?? 0);
  } catch (error) {
    if (!(error instanceof Breach)) throw error;
    return { ...together, failure: { words: error.message, invariant: error.invariant, tail: [] } };
  }
  return together;
}

export function add(tally: Tally, seed: number, report: WorldReport): void {
  tally.worlds += 1;
  tally.faults += report.faults;
  tally.tileMs += report.tileMs;
  merge(tally.coverage, report.coverage);
  if (report.failure !== null) tally.failed.push({ seed, failure: report.failure });
}

/** Media that is whole, cut off, an error page and noise. */
export function mediaBytes(whole: Uint8Array<ArrayBuffer>): MediaBytes {
  return {
    whole,
    truncated: whole.slice(0, Math.floor(whole.length / 2) + 7),
    html: new TextEncoder().encode('<html><body>Sign in</body></html>'),
    noise: whole.map((byte, index) => (index % 188 === 0 ? byte ^ 0x55 : byte)),
  };
}
