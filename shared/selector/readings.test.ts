import { describe, expect, it } from 'vitest';
import { hotSiteOf, missingPicture, offeredReturn, redundancyOf } from './readings.ts';
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

  it('is known during a change as well', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    expect(tile.incoming).toBe(SOUTH);
    expect(hotSiteOf(tile.state)).toBe('south');
  });

  it('is null without a moving picture', () => {
    const starting = new FakeTile([NORTH, SOUTH]);
    starting.goLive([SOUTH]);
    expect(hotSiteOf(starting.state)).toBeNull();
    const holding = holdingStill();
    expect(holding.phase).toBe('holding');
    expect(hotSiteOf(holding.state)).toBeNull();
  });
});

describe('redundancyOf (rule 3)', () => {
  it('is "single" where there is one site, in however many qualities', () => {
    expect(redundancyOf(showingFirst([NORTH, 'north/sub']).state)).toBe('single');
  });

  it('is "ok" while one other site is alive', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(SOUTH);
    tile.pass(1000);
    expect(redundancyOf(tile.state)).toBe('ok');
    tile.fail(WEST);
    tile.pass(1000);
    expect(redundancyOf(tile.state)).toBe('none');
  });

  it('is "unknown" while the other site is suspect or unknown', () => {
    const suspect = showingFirst([NORTH, SOUTH]);
    suspect.fail(SOUTH);
    expect(redundancyOf(suspect.state)).toBe('unknown');
    const unheard = new FakeTile([NORTH, SOUTH]);
    unheard.goLive([NORTH]);
    unheard.present(NORTH);
    expect(redundancyOf(unheard.state)).toBe('unknown');
  });

  it('is "unknown" without a picture', () => {
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

  it('is null where the tile returns by itself', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { allowedHours: { from: 1, to: 2 } } });
    tile.goLive([NORTH]);
    tile.pass(30_000);
    expect(tile.shown).toBe(SOUTH);
    expect(offeredReturn(tile.state)).toBeNull();
  });

  it('is null for a lower priority, and during a change', () => {
    const tile = onBackup([NORTH, SOUTH, WEST], { failback: { mode: 'never' } });
    expect(offeredReturn(tile.state)).toBeNull();
    tile.goLive([NORTH]);
    tile.pass(30_000);
    tile.fail(SOUTH);
    expect(tile.phase).toBe('switching');
    expect(offeredReturn(tile.state)).toBeNull();
  });
});

describe('missingPicture', () => {
  const started = (ids: readonly string[], reactionTimeMs = 1000): FakeTile => {
    const tile = new FakeTile(ids, { reactionTimeMs });
    tile.observe({ type: 'tick', localHour: 12 });
    return tile;
  };
  const missing = (tile: FakeTile) => missingPicture(tile.state, tile.nowMs);

  it.each([1000, 5000])('is known after a Reaction Time of %i ms and 3 s', (reactionTimeMs) => {
    const tile = started([NORTH], reactionTimeMs);
    tile.pass(reactionTimeMs + 2999);
    expect(missing(tile)).toBeNull();
    tile.pass(1);
    expect(missing(tile)).not.toBeNull();
  });

  it('is known at once when every stream is lost', () => {
    const tile = started([NORTH, SOUTH]);
    tile.failPlayer(NORTH, 'decode');
    expect(missing(tile)).toBeNull();
    tile.failPlayer(SOUTH, 'no-picture');
    expect(missing(tile)).toEqual([
      { streamId: NORTH, cause: 'decode' },
      { streamId: SOUTH, cause: 'no-picture' },
    ]);
  });

  it('is the evidence against the streams, else the state of the attempts', () => {
    const tile = started([NORTH, SOUTH]);
    tile.pass(3500);
    tile.observe({ type: 'progress', playerId: tile.playerOf(SOUTH) });
    tile.pass(500);
    expect(missing(tile)).toEqual([
      { streamId: NORTH, cause: 'timeout' },
      { streamId: SOUTH, cause: 'no-picture' },
    ]);
    tile.accuse(SOUTH, 'no-key', 'media');
    expect(missing(tile)).toEqual([{ streamId: SOUTH, cause: 'no-key' }]);
  });

  it('names a stream that is alive and between two attempts', () => {
    const tile = started([NORTH]);
    tile.goLive([NORTH]);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      tile.pass(1000);
      if (tile.playing().length > 0) tile.failPlayer(NORTH, 'decode');
    }
    expect(tile.standing(NORTH)).toBe('lost');
    expect(missing(tile)).toEqual([{ streamId: NORTH, cause: 'decode' }]);
  });

  it('does not count the time in which no player had its turn to begin', () => {
    const tile = started([NORTH]);
    for (let beat = 0; beat < 40; beat += 1) {
      tile.pass(250);
      tile.observe({ type: 'waiting', playerId: tile.playerOf(NORTH) });
    }
    expect(missing(tile)).toBeNull();
    expect(tile.standing(NORTH)).toBe('unknown');
    tile.pass(3999);
    expect(missing(tile)).toBeNull();
    tile.pass(1);
    expect(missing(tile)).toEqual([{ streamId: NORTH, cause: 'timeout' }]);
  });

  it('counts from the end of a local fault', () => {
    const tile = started([NORTH]);
    tile.pass(3000);
    tile.sleep(60_000);
    tile.observe({ type: 'tick', localHour: 12 });
    expect(missing(tile)).toBeNull();
    tile.pass(4000);
    expect(missing(tile)).not.toBeNull();
  });

  it('is null for a tile that has had a picture', () => {
    expect(missing(holdingStill())).toBeNull();
  });
});
