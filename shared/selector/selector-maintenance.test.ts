import { describe, expect, it } from 'vitest';
import { FakeTile, onBackup, planned, showingFirst } from './testing/fake-tile.ts';
import type { Observation } from './types.ts';

const NORTH = 'north/main';
const SOUTH = 'south/main';

const edited = (ids: readonly string[], sitesInMaintenance: readonly string[] = []): Observation => ({
  type: 'plan',
  streams: planned(ids, sitesInMaintenance),
  cause: 'priority-changed',
});

describe('a site in maintenance (rule 14)', () => {
  it('is left, make before break, for a healthy stream of another site', () => {
    const tile = showingFirst([NORTH, SOUTH], { failback: { mode: 'never' } });
    tile.observe(edited([NORTH, SOUTH], ['north']));
    expect(tile.shown).toBe(NORTH);
    tile.present(SOUTH);
    expect(tile.lastChange).toMatchObject({ from: NORTH, to: SOUTH, cause: 'maintenance' });
  });

  it('is left by a wall of tiles one after the other', () => {
    const leavesAfterMs = (seed: number): number => {
      const tile = new FakeTile([NORTH, SOUTH], { spreadMs: 5000 }, seed);
      tile.goLive([NORTH, SOUTH]);
      tile.present(NORTH);
      tile.observe(edited([NORTH, SOUTH], ['north']));
      while (tile.incoming === null) tile.pass(100);
      return tile.nowMs;
    };
    const waits = Array.from({ length: 20 }, (_, seed) => leavesAfterMs(seed * 7919));
    expect(Math.max(...waits)).toBeLessThanOrEqual(5000);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(2500);
  });

  it('stays on the screen while nothing else is alive', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(SOUTH);
    tile.pass(1000);
    tile.observe(edited([NORTH, SOUTH], ['north']));
    tile.pass(60_000);
    expect(tile.shown).toBe(NORTH);
    expect(tile.phase).toBe('showing');
  });

  it.each(['automatic', 'never'] as const)('is left, failback "%s", once another is validated', (mode) => {
    const tile = showingFirst([NORTH, SOUTH], { failback: { mode } });
    tile.fail(SOUTH);
    tile.pass(1000);
    tile.observe(edited([NORTH, SOUTH], ['north']));
    tile.goLive([SOUTH]);
    tile.pass(29_999);
    expect(tile.incoming).toBeNull();
    tile.pass(1);
    expect(tile.incoming).toBe(SOUTH);
  });

  it('is taken by a failover when nothing else is alive', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe(edited([NORTH, SOUTH], ['south']));
    tile.fail(NORTH);
    tile.pass(1000);
    tile.present(SOUTH);
    expect(tile.shown).toBe(SOUTH);
  });

  it('is returned to when the maintenance ends', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe(edited([NORTH, SOUTH], ['north']));
    tile.present(SOUTH);
    tile.observe(edited([NORTH, SOUTH]));
    tile.present(NORTH);
    expect(tile.lastChange).toMatchObject({ to: NORTH, cause: 'priority-changed' });
  });
});

describe('an edited order (rule 14)', () => {
  it('does not move a tile to a stream that is not validated yet', () => {
    const tile = onBackup([NORTH, SOUTH]);
    tile.goLive([NORTH]);
    tile.pass(10_000);
    tile.observe(edited([NORTH, 'south/sub', SOUTH]));
    tile.pass(1000);
    expect(tile.incoming).toBeNull();
  });

  it('moves it to one that is validated, though failback is "never"', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { mode: 'never' } });
    tile.goLive([NORTH]);
    tile.pass(60_000);
    expect(tile.incoming).toBeNull();
    tile.observe(edited([NORTH, SOUTH, 'west/main']));
    expect(tile.incoming).toBe(NORTH);
  });
});
