import { describe, expect, it } from 'vitest';
import { type FakeTile, onBackup, planned, showingFirst } from './testing/fake-tile.ts';

const NORTH = 'north/main';
const SOUTH = 'south/main';
const WEST = 'west/main';
const MINUTE_MS = 60_000;

/** The first stream comes back and is shown again; how long that took, ms. */
function failBack(tile: FakeTile, streamId = NORTH): number {
  tile.goLive([streamId]);
  const backAtMs = tile.nowMs;
  while (tile.incoming !== streamId) tile.pass(500);
  tile.present(streamId);
  return tile.nowMs - backAtMs;
}

/** The shown stream is lost, and the tile changes over. */
function failOver(tile: FakeTile, from: string, to: string): void {
  tile.fail(from);
  tile.pass(1000);
  tile.present(to);
}

describe('a failback that is undone (rule 9)', () => {
  it('doubles the stable time each time, up to 10 minutes', () => {
    const tile = onBackup([NORTH, SOUTH]);
    const waits: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      waits.push(failBack(tile) / 1000);
      failOver(tile, NORTH, SOUTH);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 600, 600]);
  });

  it('makes a short stable time 10 s at least', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { stableMs: 0 } });
    expect(failBack(tile)).toBe(0);
    failOver(tile, NORTH, SOUTH);
    expect(failBack(tile)).toBe(10_000);
    failOver(tile, NORTH, SOUTH);
    expect(failBack(tile)).toBe(20_000);
  });

  it('never shortens a stable time that is longer than 10 minutes', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { stableMs: 15 * MINUTE_MS } });
    failBack(tile);
    failOver(tile, NORTH, SOUTH);
    expect(failBack(tile)).toBe(15 * MINUTE_MS);
  });

  it('counts within 5 minutes of it, not after', () => {
    const tile = onBackup([NORTH, SOUTH]);
    failBack(tile);
    tile.pass(5 * MINUTE_MS + 1);
    failOver(tile, NORTH, SOUTH);
    expect(failBack(tile)).toBe(30_000);
    tile.pass(5 * MINUTE_MS - 1000);
    failOver(tile, NORTH, SOUTH);
    expect(failBack(tile)).toBe(60_000);
  });

  it('is forgotten after 30 quiet minutes', () => {
    const tile = onBackup([NORTH, SOUTH]);
    failBack(tile);
    failOver(tile, NORTH, SOUTH);
    expect(failBack(tile)).toBe(60_000);
    tile.pass(30 * MINUTE_MS);
    failOver(tile, NORTH, SOUTH);
    expect(failBack(tile)).toBe(30_000);
  });

  it('is remembered while evidence comes within the 30 minutes, though none loses the stream', () => {
    const tile = onBackup([NORTH, SOUTH]);
    failBack(tile);
    failOver(tile, NORTH, SOUTH);
    failBack(tile);
    for (let count = 0; count < 2; count += 1) {
      tile.pass(20 * MINUTE_MS);
      tile.accuse(NORTH, 'http-503');
      tile.prove(NORTH, 'playlist');
    }
    failOver(tile, NORTH, SOUTH);
    expect(failBack(tile)).toBe(60_000);
  });

  it('is remembered for 30 quiet minutes after the return: no minute is quiet while the stream is lost', () => {
    const tile = onBackup([NORTH, SOUTH]);
    failBack(tile);
    failOver(tile, NORTH, SOUTH);
    tile.pass(20 * MINUTE_MS);
    failBack(tile);
    tile.pass(15 * MINUTE_MS);
    tile.accuse(NORTH, 'http-503');
    expect(tile.stream(NORTH).record.undone).toBe(1);
  });

  it('damps the other quality of a site that was left as well, so that it does not bypass the damping', () => {
    const tile = onBackup([NORTH, SOUTH, 'north/sub'].slice(0, 2));
    tile.observe({
      type: 'plan',
      streams: [NORTH, 'north/sub', SOUTH].map((id) => ({ id, siteId: id.split('/')[0] ?? id })),
      cause: 'priority-changed',
    });
    tile.fail('north/sub');
    tile.pass(1000);
    failBack(tile);
    failOver(tile, NORTH, SOUTH);
    expect(tile.stream('north/sub').record.undone).toBe(1);
  });

  it('does not delay a failover to the damped stream', () => {
    const tile = onBackup([NORTH, SOUTH]);
    failBack(tile);
    failOver(tile, NORTH, SOUTH);
    tile.goLive([NORTH]);
    tile.fail(SOUTH);
    tile.pass(1000);
    tile.present(NORTH);
    expect(tile.shown).toBe(NORTH);
  });

  it('is undone as well by the loss of the other quality, to which the tile changed meanwhile', () => {
    const tile = onBackup([NORTH, SOUTH]);
    failBack(tile);
    tile.observe({ type: 'plan', streams: planned(['north/sub', NORTH, SOUTH]), cause: 'quality' });
    tile.goLive(['north/sub']);
    tile.present('north/sub');
    failOver(tile, 'north/sub', SOUTH);
    expect(['north/sub', NORTH].map((id) => tile.stream(id).record.undone)).toEqual([1, 1]);
  });

  it('counts when the operator made the failback', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { mode: 'manual' } });
    tile.goLive([NORTH]);
    tile.pass(30_000);
    tile.observe({ type: 'return' });
    tile.present(NORTH);
    failOver(tile, NORTH, SOUTH);
    expect(tile.stream(NORTH).record.undone).toBe(1);
  });

  it('does not include a stream that was taken by a failover', () => {
    const tile = onBackup([NORTH, SOUTH]);
    tile.goLive([NORTH]);
    failOver(tile, SOUTH, NORTH);
    tile.goLive([SOUTH]);
    failOver(tile, NORTH, SOUTH);
    expect(tile.stream(NORTH).record.undone).toBe(0);
  });

  it('does not include one that the operator ends by a new order', () => {
    const tile = onBackup([NORTH, SOUTH]);
    failBack(tile);
    tile.observe({
      type: 'plan',
      streams: [SOUTH, NORTH].map((id) => ({ id, siteId: id })),
      cause: 'priority-changed',
    });
    tile.present(SOUTH);
    expect(tile.stream(NORTH).record.undone).toBe(0);
  });
});

describe('a failover between flapping streams (rule 9)', () => {
  function losses(tile: FakeTile, streamId: string, count: number): void {
    for (let round = 0; round < count; round += 1) {
      tile.fail(streamId);
      tile.pass(1000);
      tile.goLive([streamId]);
      tile.pass(1000);
    }
  }

  it('takes the one of two that has the longer clean record', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    losses(tile, WEST, 2);
    losses(tile, SOUTH, 2);
    tile.fail(NORTH);
    expect(tile.incoming).toBe(WEST);
  });

  it('takes the higher priority if that was lost only once', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    losses(tile, WEST, 2);
    losses(tile, SOUTH, 1);
    tile.fail(NORTH);
    expect(tile.incoming).toBe(SOUTH);
  });

  it('takes the higher priority again after 30 quiet minutes', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    losses(tile, WEST, 2);
    losses(tile, SOUTH, 2);
    tile.pass(30 * MINUTE_MS);
    tile.fail(NORTH);
    expect(tile.incoming).toBe(SOUTH);
  });
});
