import { describe, expect, it } from 'vitest';
import { unreachable } from './coverage.ts';
import { type PlannedSite, planOf } from './fault-plan.ts';
import { Random } from './random.ts';
import { seedsFor } from './simulate.ts';
import { FAULTS } from './simulated-faults.ts';
import { TILE_STATES } from './tile-states.ts';

const WORLD_MS = 30 * 60 * 1000;

describe('the worlds of a run', () => {
  it('are the first ones of a longer run', () => {
    const some = seedsFor(10);
    expect(some.length).toBeGreaterThan(0);
    expect(seedsFor(20).slice(0, some.length)).toEqual(some);
  });

  it('have sites of every shape, and most of them of none', () => {
    const sites = seedsFor(1000).flatMap(
      (seed) => planOf(new Random(seed).fork('plan'), seed, WORLD_MS).sites,
    );
    const shareOf = (shape: (site: PlannedSite) => boolean): number =>
      sites.filter(shape).length / sites.length;
    const [pulled, light, both] = [
      shareOf(({ sessions }) => sessions === 'pulled'),
      shareOf(({ watch }) => watch === 'light'),
      shareOf(({ sessions, watch }) => sessions === 'pulled' && watch === 'light'),
    ];
    expect(both).toBeGreaterThan(0.03);
    expect(Math.min(pulled, light) - both).toBeGreaterThan(0.02);
    expect(pulled + light).toBeLessThan(0.35);
  });

  it('set every fault on every passing state that it can meet', () => {
    const awaited = new Set<string>();
    for (const seed of seedsFor(1000))
      for (const { row, awaits } of planOf(new Random(seed), seed, WORLD_MS).faults)
        awaited.add(`${row.name} x ${awaits}`);
    const passing = TILE_STATES.filter((state) => state !== 'shown' && state !== 'standby');
    const cells = FAULTS.flatMap((row) =>
      passing.filter((state) => unreachable(row, state) === null).map((state) => `${row.name} x ${state}`),
    );
    expect(cells.filter((cell) => !awaited.has(cell))).toEqual([]);
  });
});
