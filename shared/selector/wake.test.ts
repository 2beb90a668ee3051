import { describe, expect, it } from 'vitest';
import { FakeTile, onBackup, planned, showingFirst } from './testing/fake-tile.ts';
import { CLOCK_STEP_MS } from './validation.ts';
import { nextWakeMs } from './wake.ts';

const NORTH = 'north/main';
const SOUTH = 'south/main';

function buffer(tile: FakeTile, level: 'low' | 'usual'): void {
  tile.observe({ type: 'buffer', playerId: tile.playerOf(NORTH), aheadMs: 5000, low: level === 'low' });
}

describe('nextWakeMs', () => {
  it('is null while all is well and while suspended', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    expect(nextWakeMs(tile.state)).toBeNull();
    tile.accuse(SOUTH, 'timeout');
    tile.observe({ type: 'suspend' });
    expect(nextWakeMs(tile.state)).toBeNull();
  });

  it('is the end of the Reaction Time of a suspect stream', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.pass(250);
    tile.accuse(SOUTH, 'timeout');
    expect(nextWakeMs(tile.state)).toBe(1250);
  });

  it('is the end of the stable time, then of the spread after it', () => {
    const tile = onBackup([NORTH, SOUTH], { spreadMs: 5000 });
    tile.pass(250);
    tile.goLive([NORTH]);
    const stableAtMs = tile.nowMs + 30_000;
    const { standing } = tile.stream(NORTH);
    if (standing.kind !== 'validating') throw new Error(`the stream is ${standing.kind}`);
    expect(nextWakeMs(tile.state)).toBe(stableAtMs);
    tile.pass(30_000);
    expect(nextWakeMs(tile.state)).toBe(stableAtMs + standing.spreadMs);
  });

  it('is when the clock of a site is learned anew, which starts again with every change of it', () => {
    const tile = new FakeTile([NORTH, SOUTH]);
    tile.goLive([NORTH, SOUTH], { offsetMs: 0 });
    tile.present(NORTH);
    // The offset is learned only from a healthy stream.
    tile.pass(1000);
    tile.fail(NORTH);
    tile.pass(1000);
    tile.present(SOUTH);
    tile.goLive([NORTH], { offsetMs: -60_000 });
    tile.pass(30_250);
    expect(nextWakeMs(tile.state)).toBe(2000 + 30_000 + CLOCK_STEP_MS);
    tile.goLive([NORTH], { offsetMs: -120_000 });
    expect(nextWakeMs(tile.state)).toBe(tile.nowMs + CLOCK_STEP_MS);
  });

  it('is when an attempt is stuck, and when one that loads has shown nothing for too long', () => {
    const tile = new FakeTile([NORTH]);
    tile.observe({ type: 'tick', localHour: 12 });
    expect(nextWakeMs(tile.state)).toBe(3000);
    for (let count = 0; count < 4; count += 1) {
      tile.pass(2050);
      tile.observe({ type: 'progress', playerId: tile.playerOf(NORTH) });
    }
    expect(nextWakeMs(tile.state)).toBe(10_000);
  });

  it('is when a stuck attempt without another beside it has failed', () => {
    const tile = new FakeTile([NORTH]);
    tile.observe({ type: 'tick', localHour: 12 });
    tile.pass(3000);
    expect(nextWakeMs(tile.state)).toBe(6000);
  });

  it('is when a hot standby may start, where one is granted', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe({ type: 'hot-allowance', allowed: true });
    expect(nextWakeMs(tile.state)).toBe(2000);
    tile.observe({ type: 'hot-allowance', allowed: false });
    expect(nextWakeMs(tile.state)).toBeNull();
  });

  it('is when a precaution may be taken again, while the buffer is low', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.pass(250);
    buffer(tile, 'low');
    buffer(tile, 'usual');
    expect(nextWakeMs(tile.state)).toBeNull();
    buffer(tile, 'low');
    expect(nextWakeMs(tile.state)).toBe(5250);
  });

  it('is when a stream whose player failed may be tried again', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe({ type: 'hot-allowance', allowed: true });
    tile.pass(2250);
    tile.failPlayer(SOUTH, 'decode');
    expect(nextWakeMs(tile.state)).toBe(3250);
  });

  it('is the tile’s share of the spread after a new order', () => {
    const tile = showingFirst([NORTH, SOUTH], { spreadMs: 5000 });
    tile.observe({ type: 'plan', streams: planned([SOUTH, NORTH]), cause: 'priority-changed' });
    expect(tile.state.moveFromMs).toBeGreaterThan(tile.nowMs);
    expect(nextWakeMs(tile.state)).toBe(tile.state.moveFromMs);
  });
});
