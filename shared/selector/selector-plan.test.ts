import { describe, expect, it } from 'vitest';
import { redundancyOf } from './selector.ts';
import { FakeTile, onBackup, planned, policiesWith, showingFirst } from './testing/fake-tile.ts';

const NORTH = 'north/main';
const NORTH_SUB = 'north/sub';
const SOUTH = 'south/main';
const SOUTH_SUB = 'south/sub';
const WEST = 'west/main';

function plan(tile: FakeTile, ids: readonly string[], cause: 'quality' | 'priority-changed'): void {
  tile.observe({ type: 'plan', streams: planned(ids), cause });
}

describe('an edited order of priority (rule 14)', () => {
  it.each(['automatic', 'manual', 'never'] as const)('moves the tile under failback "%s"', (mode) => {
    const tile = showingFirst([NORTH, SOUTH], { failback: { mode } });
    plan(tile, [SOUTH, NORTH], 'priority-changed');
    expect(tile.shown).toBe(NORTH);
    tile.present(SOUTH);
    expect(tile.lastChange).toMatchObject({ from: NORTH, to: SOUTH, cause: 'priority-changed' });
    expect(tile.standing(NORTH)).toBe('healthy');
  });

  it('does not move it to a stream that is lost or not validated', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(SOUTH);
    tile.pass(1000);
    plan(tile, [SOUTH, NORTH, WEST], 'priority-changed');
    tile.goLive([SOUTH]);
    tile.pass(29_000);
    expect(tile.shown).toBe(NORTH);
    expect(tile.incoming).toBeNull();
  });

  it('ends a move that it makes pointless', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    plan(tile, [SOUTH, NORTH], 'priority-changed');
    plan(tile, [NORTH, SOUTH], 'priority-changed');
    expect(tile.phase).toBe('showing');
    expect(tile.playing()).toEqual([NORTH]);
  });

  it('does not disturb a failover', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(NORTH);
    const playerId = tile.playerOf(SOUTH);
    plan(tile, [WEST, SOUTH, NORTH], 'priority-changed');
    expect(tile.playerOf(SOUTH)).toBe(playerId);
  });
});

describe('another wanted quality', () => {
  it('is shown once it presents', () => {
    const tile = showingFirst([NORTH, NORTH_SUB, SOUTH, SOUTH_SUB]);
    plan(tile, [NORTH_SUB, NORTH, SOUTH_SUB, SOUTH], 'quality');
    tile.present(NORTH_SUB);
    expect(tile.lastChange).toMatchObject({ from: NORTH, to: NORTH_SUB, cause: 'quality' });
  });

  it('does not bring a tile back to a site that it left', () => {
    const tile = onBackup([NORTH, SOUTH, SOUTH_SUB]);
    tile.pass(500);
    plan(tile, [NORTH, SOUTH_SUB, SOUTH], 'quality');
    expect(tile.incoming).toBe(SOUTH_SUB);
  });
});

describe('streams that come and go', () => {
  it('takes a new and better one when it is proven healthy', () => {
    const tile = showingFirst([SOUTH, WEST]);
    plan(tile, [NORTH, SOUTH, WEST], 'priority-changed');
    expect(tile.standing(NORTH)).toBe('unknown');
    expect(tile.incoming).toBeNull();
    tile.goLive([NORTH]);
    expect(tile.incoming).toBe(NORTH);
  });

  it('keeps the picture of a stream that was removed until another presents, then forgets it', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    plan(tile, [SOUTH], 'priority-changed');
    expect(tile.shown).toBe(NORTH);
    tile.present(SOUTH);
    expect(tile.shown).toBe(SOUTH);
    expect(tile.state.streams.map(({ id }) => id)).toEqual([SOUTH]);
  });

  it('waits for a better stream that is new before it leaves a removed one, and goes there directly', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    plan(tile, [WEST, SOUTH], 'priority-changed');
    expect(tile.incoming).toBeNull();
    tile.goLive([WEST]);
    tile.present(WEST);
    expect(tile.shown).toBe(WEST);
    expect(tile.state.streams.map(({ id }) => id)).toEqual([WEST, SOUTH]);
  });

  it('leaves a removed stream for the next one when the new and better one does not answer', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    plan(tile, [WEST, SOUTH], 'priority-changed');
    tile.fail(WEST);
    expect(tile.incoming).toBe(SOUTH);
  });

  it('leaves a removed stream for one that is merely on its way back, whatever failback says', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { mode: 'never' } });
    tile.goLive([NORTH]);
    plan(tile, [NORTH], 'priority-changed');
    expect(tile.incoming).toBe(NORTH);
  });

  it('does not try a removed stream again when its picture is held', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(SOUTH);
    tile.pass(1000);
    plan(tile, [SOUTH], 'priority-changed');
    tile.fail(NORTH);
    tile.pass(1000);
    tile.observe({ type: 'picture-stalls', playerId: tile.playerOf(NORTH), sinceMs: tile.nowMs });
    expect(tile.state.phase).toMatchObject({ kind: 'holding', shown: null });
    expect(tile.state.streams.map(({ id }) => id)).toEqual([SOUTH]);
    tile.goLive([NORTH]);
    expect(tile.playing()).toEqual([]);
  });

  it('keeps a removed stream that is planned again', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(SOUTH);
    plan(tile, [SOUTH], 'priority-changed');
    plan(tile, [NORTH, SOUTH], 'priority-changed');
    expect(tile.stream(NORTH).leaving).toBe(false);
    expect(tile.shown).toBe(NORTH);
    expect(tile.phase).toBe('showing');
  });

  it('ends the player of a removed stream that was coming in, and takes another', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(NORTH);
    plan(tile, [NORTH, WEST], 'priority-changed');
    expect(tile.playing()).toEqual([NORTH, WEST]);
  });

  it('knows nothing about a stream that was removed and is planned again later', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(SOUTH);
    tile.pass(1000);
    plan(tile, [NORTH], 'priority-changed');
    plan(tile, [NORTH, SOUTH], 'priority-changed');
    expect(tile.stream(SOUTH)).toMatchObject({ standing: { kind: 'unknown' }, record: { losses: 0 } });
  });

  it('ends the player of a removed stream at the start', () => {
    const tile = new FakeTile([NORTH, SOUTH]);
    tile.observe({ type: 'tick', localHour: 12 });
    plan(tile, [SOUTH], 'priority-changed');
    expect(tile.playing()).toEqual([SOUTH]);
  });

  it('takes a plan while suspended, and acts on it on return', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe({ type: 'suspend' });
    plan(tile, [SOUTH, NORTH], 'priority-changed');
    expect(tile.commands).toEqual([]);
    tile.observe({ type: 'resume' });
    expect(tile.incoming).toBe(SOUTH);
  });
});

it('takes edited policies at once', () => {
  const tile = showingFirst([NORTH, SOUTH], { reactionTimeMs: 15_000 });
  tile.fail(NORTH);
  tile.pass(1900);
  tile.observe({ type: 'policies', policies: policiesWith({ reactionTimeMs: 1000 }) });
  expect(tile.standing(NORTH)).toBe('lost');
});

describe('redundancy', () => {
  it('is ok while another site is alive, and unknown while the only other one is suspect', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    expect(redundancyOf(tile.state)).toBe('ok');
    tile.fail(SOUTH);
    expect(redundancyOf(tile.state)).toBe('unknown');
    tile.pass(1000);
    expect(redundancyOf(tile.state)).toBe('none');
    tile.goLive([SOUTH]);
    expect(redundancyOf(tile.state)).toBe('ok');
  });

  it('is not given by another quality of the shown site', () => {
    const tile = showingFirst([NORTH, NORTH_SUB, SOUTH]);
    tile.fail(SOUTH);
    tile.pass(1000);
    expect(redundancyOf(tile.state)).toBe('none');
  });

  it('cannot be lost by a camera of a single site', () => {
    expect(redundancyOf(showingFirst([NORTH, NORTH_SUB]).state)).toBe('single');
  });
});
