import { type Coverage, merge } from './coverage.ts';
import type { MediaBytes } from './origin.ts';
import { planOf } from './plan.ts';
import { Random } from './random.ts';
import { SimulatedWorld, type WorldReport } from './simulated-world.ts';

export { emptyCells, tableOf } from './coverage.ts';

/** Virtual time of one world until everything is healed, ms. */
const WORLD_MS = 30 * 60 * 1000;

/** What many worlds came to. */
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

/** The world of one seed. */
export function simulate(seed: number, media: MediaBytes, durationMs = WORLD_MS): Promise<WorldReport> {
  const random = new Random(seed);
  return new SimulatedWorld(planOf(random.fork('plan'), durationMs), random.fork('world'), media).run();
}

export function add(tally: Tally, seed: number, report: WorldReport): void {
  tally.worlds += 1;
  tally.faults += report.faults;
  tally.tileMs += report.tileMs;
  merge(tally.coverage, report.coverage);
  if (report.failure !== null) tally.failed.push({ seed, failure: report.failure });
}

/** Media that is whole, cut off, an error page and noise. */
export function mediaBytes(whole: Uint8Array): MediaBytes {
  return {
    whole,
    truncated: whole.slice(0, Math.floor(whole.length / 2) + 7),
    html: new TextEncoder().encode('<html><body>Sign in</body></html>'),
    noise: whole.map((byte, index) => (index % 188 === 0 ? byte ^ 0x55 : byte)),
  };
}
