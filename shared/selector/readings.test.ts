import { describe, expect, it } from 'vitest';
import { hotSiteOf, offeredReturn, redundancyOf } from './readings.ts';
import { FakeTile, onBackup, showingFirst } from './testing/fake-tile.ts';

const NORTH = 'north/main';
const SOUTH = 'south/main';
const WEST = 'west/main';

/** Both sites lost, and the last picture a still. */
function holdingStill(): FakeTile {
  const tile = showingFirst([NORTH, SOUTH]);
  for (const id of [NORTH, SOUTH]) tile.fail(id);
  tile.pass(1000);
  tile.observe({ type: 'picture-stalls', playerId: tile.playerOf(NORTH), sinceMs: tile.nowMs });
  return tile;
}

describe('hotSiteOf (rule 15)', () => {
  it('is the first other site that is alive', () => {
    const tile = showingFirst([NORTH, 'north/sub', SOUTH, WEST]);
    expect(hotSiteOf(tile.state)).toBe('south');
    tile.fail(SOUTH);
    expect(hotSiteOf(tile.state)).toBe('west');
    tile.fail(WEST);
    expect(hotSiteOf(tile.state)).toBeNull();
  });

  it('is asked while a change is under way as well', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    expect(tile.incoming).toBe(SOUTH);
    expect(hotSiteOf(tile.state)).toBe('south');
  });

  it('is none without a moving picture', () => {
    const starting = new FakeTile([NORTH, SOUTH]);
    starting.goLive([SOUTH]);
    expect(hotSiteOf(starting.state)).toBeNull();
    const holding = holdingStill();
    expect(holding.phase).toBe('holding');
    expect(hotSiteOf(holding.state)).toBeNull();
  });
});

describe('redundancyOf (rule 3)', () => {
  it('is of one site where there is but one, in however many qualities', () => {
    expect(redundancyOf(showingFirst([NORTH, 'north/sub']).state)).toBe('single');
  });

  it('is there while one other site is alive', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(SOUTH);
    tile.pass(1000);
    expect(redundancyOf(tile.state)).toBe('ok');
    tile.fail(WEST);
    tile.pass(1000);
    expect(redundancyOf(tile.state)).toBe('none');
  });

  it('is not known of a site that is merely suspect, or was never heard of', () => {
    const suspect = showingFirst([NORTH, SOUTH]);
    suspect.fail(SOUTH);
    expect(redundancyOf(suspect.state)).toBe('unknown');
    const unheard = new FakeTile([NORTH, SOUTH]);
    unheard.goLive([NORTH]);
    unheard.present(NORTH);
    expect(redundancyOf(unheard.state)).toBe('unknown');
  });

  it('is not known without a picture', () => {
    expect(redundancyOf(new FakeTile([NORTH, SOUTH]).state)).toBe('unknown');
    expect(redundancyOf(holdingStill().state)).toBe('unknown');
  });
});

describe('offeredReturn (rule 8)', () => {
  it('is the better stream once it is validated', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { mode: 'manual' } });
    tile.goLive([NORTH]);
    tile.pass(29_999);
    expect(offeredReturn(tile.state)).toBeNull();
    tile.pass(1);
    expect(offeredReturn(tile.state)).toBe(NORTH);
  });

  it('is none where the tile returns by itself', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { allowedHours: { from: 1, to: 2 } } });
    tile.goLive([NORTH]);
    tile.pass(30_000);
    expect(tile.shown).toBe(SOUTH);
    expect(offeredReturn(tile.state)).toBeNull();
  });

  it('is none of lower priority, nor while a change is under way', () => {
    const tile = onBackup([NORTH, SOUTH, WEST], { failback: { mode: 'never' } });
    expect(offeredReturn(tile.state)).toBeNull();
    tile.goLive([NORTH]);
    tile.pass(30_000);
    tile.fail(SOUTH);
    expect(tile.phase).toBe('switching');
    expect(offeredReturn(tile.state)).toBeNull();
  });
});
