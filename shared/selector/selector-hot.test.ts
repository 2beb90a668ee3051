import { describe, expect, it } from 'vitest';
import { hotSiteOf } from './readings.ts';
import { type FakeTile, onBackup, type PolicyChanges, planned, showingFirst } from './testing/fake-tile.ts';

const NORTH = 'north/main';
const SOUTH = 'south/main';
const WEST = 'west/main';

function withHot(ids: readonly string[], policies: PolicyChanges = {}): FakeTile {
  const tile = showingFirst(ids, policies);
  tile.observe({ type: 'hot-allowance', allowed: true });
  tile.pass(2000);
  return tile;
}

describe('a hot standby (rule 15)', () => {
  it('plays the next stream in order underneath while granted, and goes when withdrawn', () => {
    const tile = withHot([NORTH, SOUTH, WEST]);
    expect(tile.playing()).toEqual([NORTH, SOUTH]);
    expect(tile.phase).toBe('showing');
    tile.observe({ type: 'hot-allowance', allowed: false });
    expect(tile.playing()).toEqual([NORTH]);
  });

  it('is of another site: what fails at the shown one rarely spares its other quality', () => {
    expect(withHot([NORTH, 'north/sub', SOUTH]).playing()).toEqual([NORTH, SOUTH]);
    expect(withHot([NORTH, 'north/sub']).playing()).toEqual([NORTH]);
  });

  it('is never of a site that is watched lightly, whose source would have to run for it', () => {
    const tile = withHot([NORTH, SOUTH]);
    const streams = planned([NORTH, SOUTH, WEST]).map((stream) =>
      stream.id === SOUTH ? { ...stream, watch: 'light' as const } : stream,
    );
    tile.observe({ type: 'plan', streams, cause: 'priority-changed' });
    tile.prove(WEST, 'media');
    expect(tile.playing()).toEqual([NORTH, WEST]);
    expect(hotSiteOf(tile.state)).toBe('west');
  });

  it('is raised at once when the shown stream is lost, without a player being started', () => {
    const tile = withHot([NORTH, SOUTH]);
    tile.present(SOUTH);
    tile.fail(NORTH);
    expect(tile.commands).toEqual([]);
    tile.pass(1000);
    expect(tile.shown).toBe(SOUTH);
    expect(tile.lastChange).toMatchObject({ cause: 'refused', firstEvidenceAtMs: 2000, decidedAtMs: 3000 });
  });

  it('stays hot when proof of life clears the evidence in time', () => {
    const tile = withHot([NORTH, SOUTH]);
    tile.present(SOUTH);
    const hotId = tile.playerOf(SOUTH);
    tile.accuse(NORTH, 'stalled');
    expect(tile.phase).toBe('switching');
    tile.prove(NORTH, 'playlist');
    expect(tile.phase).toBe('showing');
    expect(tile.playerOf(SOUTH)).toBe(hotId);
  });

  it('makes way for the quality that fits the tile, and returns after it', () => {
    const tile = withHot([NORTH, 'north/sub', SOUTH]);
    tile.observe({ type: 'plan', streams: planned(['north/sub', NORTH, SOUTH]), cause: 'quality' });
    expect(tile.playing()).toEqual([NORTH, 'north/sub']);
    tile.present('north/sub');
    expect(tile.playing()).toEqual(['north/sub']);
    tile.pass(2000);
    expect(tile.playing()).toEqual(['north/sub', SOUTH]);
  });

  it('becomes the incoming player of a failback to its own stream', () => {
    const tile = onBackup([NORTH, SOUTH]);
    tile.observe({ type: 'hot-allowance', allowed: true });
    tile.goLive([NORTH]);
    tile.pass(2000);
    const hotId = tile.playerOf(NORTH);
    tile.present(NORTH);
    tile.pass(28_000);
    expect(tile.shown).toBe(NORTH);
    expect(tile.playerOf(NORTH)).toBe(hotId);
    expect(tile.lastChange.cause).toBe('failback');
  });

  it('makes a precaution unnecessary', () => {
    const tile = withHot([NORTH, SOUTH]);
    tile.observe({ type: 'buffer', playerId: tile.playerOf(NORTH), aheadMs: 200, low: true });
    expect(tile.phase).toBe('showing');
  });

  it('that fails is tried again with a growing backoff, and its stream is not lost while it is only slow', () => {
    const tile = withHot([NORTH, SOUTH]);
    const waits: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      tile.failPlayer(SOUTH, 'timeout');
      expect(tile.playing()).toEqual([NORTH]);
      const failedAtMs = tile.nowMs;
      while (tile.playing().length === 1) tile.pass(500);
      waits.push(tile.nowMs - failedAtMs);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
    expect(tile.standing(SOUTH)).toBe('healthy');
  });

  it('loses its stream when a second player cannot decode it', () => {
    const tile = withHot([NORTH, SOUTH]);
    tile.failPlayer(SOUTH, 'decode');
    expect(tile.standing(SOUTH)).toBe('healthy');
    tile.pass(1000);
    tile.failPlayer(SOUTH, 'decode');
    expect(tile.standing(SOUTH)).toBe('lost');
  });

  it('gives its place to the next in order when its stream is lost', () => {
    const tile = withHot([NORTH, SOUTH, WEST]);
    tile.fail(SOUTH);
    tile.pass(1000);
    expect(tile.playing()).toEqual([NORTH, WEST]);
  });

  it('goes on while its stream is suspect and no other would take its place', () => {
    const tile = withHot([NORTH, SOUTH]);
    tile.accuse(SOUTH, 'stalled');
    expect(tile.playing()).toEqual([NORTH, SOUTH]);
  });

  it('ends with a suspension and starts again after it', () => {
    const tile = withHot([NORTH, SOUTH]);
    tile.observe({ type: 'suspend' });
    expect(tile.playing()).toEqual([NORTH]);
    tile.observe({ type: 'resume' });
    expect(tile.playing()).toEqual([NORTH, SOUTH]);
  });
});
