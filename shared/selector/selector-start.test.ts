import { describe, expect, it } from 'vitest';
import { FakeTile } from './testing/fake-tile.ts';

const NORTH = 'north/main';
const SOUTH = 'south/main';
const WEST = 'west/main';

function started(ids: readonly string[], policies = {}): FakeTile {
  const tile = new FakeTile(ids, policies);
  tile.observe({ type: 'tick', localHour: 12 });
  return tile;
}

describe('the start (rule 11)', () => {
  it('begins with the stream of the highest priority alone', () => {
    const tile = started([NORTH, SOUTH, WEST]);
    expect(tile.commands).toEqual([{ type: 'start-player', playerId: 1, streamId: NORTH, alignWith: null }]);
    tile.present(NORTH);
    expect(tile.lastChange).toEqual({
      from: null,
      to: NORTH,
      cause: 'start',
      firstEvidenceAtMs: null,
      decidedAtMs: 0,
    });
  });

  it('does not move to a lower priority that gives proof of life first', () => {
    const tile = started([NORTH, SOUTH]);
    tile.goLive([SOUTH]);
    tile.pass(2000);
    expect(tile.playing()).toEqual([NORTH]);
  });

  it('begins the next beside it at once on hard evidence', () => {
    const tile = started([NORTH, SOUTH]);
    tile.accuse(NORTH, 'http-503');
    expect(tile.playing()).toEqual([NORTH, SOUTH]);
  });

  it('does not begin the next on soft evidence', () => {
    const tile = started([NORTH, SOUTH]);
    tile.accuse(NORTH, 'stalled');
    expect(tile.playing()).toEqual([NORTH]);
  });

  it('begins the next after 3 s without a byte of progress', () => {
    const tile = started([NORTH, SOUTH]);
    tile.pass(1500);
    tile.observe({ type: 'progress', playerId: tile.playerOf(NORTH) });
    tile.pass(2999);
    expect(tile.playing()).toEqual([NORTH]);
    tile.pass(1);
    expect(tile.playing()).toEqual([NORTH, SOUTH]);
  });

  it('begins the next after the Reaction Time where that is longer', () => {
    const tile = started([NORTH, SOUTH], { reactionTimeMs: 5000 });
    tile.pass(4999);
    expect(tile.playing()).toEqual([NORTH]);
    tile.pass(1);
    expect(tile.playing()).toEqual([NORTH, SOUTH]);
  });

  it('begins the next in the place of one whose player failed', () => {
    const tile = started([NORTH, SOUTH]);
    tile.failPlayer(NORTH, 'refused');
    expect(tile.playing()).toEqual([SOUTH]);
    tile.present(SOUTH);
    expect(tile.lastChange).toMatchObject({ from: null, to: SOUTH, cause: 'start' });
  });

  it('never runs more than two, and comes to the third when one is given up', () => {
    const tile = started([NORTH, SOUTH, WEST]);
    tile.pass(3000);
    tile.accuse(SOUTH, 'reset');
    expect(tile.playing()).toEqual([NORTH, SOUTH]);
    tile.pass(1000);
    expect(tile.playing()).toEqual([NORTH, WEST]);
  });

  it('takes a stream that is alive as the next, before an unknown one', () => {
    const tile = started([NORTH, SOUTH, WEST]);
    tile.goLive([WEST]);
    tile.pass(3000);
    expect(tile.playing()).toEqual([NORTH, WEST]);
  });

  it('shows the first to present, then without the stable time the better one that was stuck', () => {
    const tile = started([NORTH, SOUTH]);
    tile.pass(3000);
    tile.pass(400);
    tile.present(SOUTH);
    expect(tile.shown).toBe(SOUTH);
    expect(tile.incoming).toBe(NORTH);
    tile.pass(1000);
    tile.present(NORTH);
    expect(tile.shown).toBe(NORTH);
    expect(tile.changes.map(({ to, cause }) => [to, cause])).toEqual([
      [SOUTH, 'start'],
      [NORTH, 'start'],
    ]);
  });

  it('gives the better one up when it stays stuck, and keeps the picture it has', () => {
    const tile = started([NORTH, SOUTH]);
    tile.pass(3500);
    tile.present(SOUTH);
    tile.pass(2500);
    expect(tile.phase).toBe('showing');
    expect(tile.shown).toBe(SOUTH);
    expect(tile.standing(NORTH)).toBe('lost');
  });

  it('drops the lower priority when the higher one presents first', () => {
    const tile = started([NORTH, SOUTH]);
    tile.pass(3000);
    tile.present(NORTH);
    expect(tile.phase).toBe('showing');
    expect(tile.playing()).toEqual([NORTH]);
  });

  it('goes on to a better stream that turns out healthy later, without the stable time', () => {
    const tile = started([NORTH, SOUTH]);
    tile.accuse(NORTH, 'http-503');
    tile.present(SOUTH);
    expect(tile.playing()).toEqual([SOUTH]);
    tile.goLive([NORTH]);
    expect(tile.incoming).toBe(NORTH);
  });

  it('waits for a sign of life when every stream is lost, and then begins at once', () => {
    const tile = started([NORTH, SOUTH]);
    tile.failPlayer(NORTH, 'refused');
    tile.failPlayer(SOUTH, 'refused');
    expect(tile.playing()).toEqual([]);
    tile.pass(10_000);
    expect(tile.phase).toBe('starting');
    tile.goLive([SOUTH]);
    expect(tile.playing()).toEqual([SOUTH]);
  });

  it('begins a stream without hard evidence before one that refuses', () => {
    const tile = started([NORTH, SOUTH, WEST]);
    tile.accuse(SOUTH, 'http-503');
    tile.accuse(NORTH, 'http-503');
    expect(tile.playing()).toEqual([NORTH, WEST]);
  });

  it('begins a stream that is alive and has not failed before one whose player just did', () => {
    const tile = started([NORTH, SOUTH, WEST]);
    tile.goLive([SOUTH, WEST]);
    tile.accuse(NORTH, 'http-503');
    expect(tile.playing()).toEqual([NORTH, SOUTH]);
    tile.failPlayer(SOUTH, 'decode');
    expect(tile.playing()).toEqual([NORTH, WEST]);
  });

  it('gives up a player without a byte of progress for twice as long, and tries its stream again later', () => {
    const tile = started([NORTH]);
    tile.pass(5999);
    expect(tile.playing()).toEqual([NORTH]);
    tile.pass(1);
    expect(tile.playing()).toEqual([]);
    expect(tile.standing(NORTH)).toBe('lost');
    tile.pass(30_000);
    tile.goLive([NORTH]);
    expect(tile.playing()).toEqual([NORTH]);
  });

  it('ignores players that it has no more', () => {
    const tile = started([NORTH, SOUTH]);
    const gone = tile.playerOf(NORTH);
    tile.failPlayer(NORTH, 'refused');
    tile.observe({ type: 'presented', playerId: gone });
    tile.observe({ type: 'player-failed', playerId: gone, cause: 'reset' });
    expect(tile.phase).toBe('starting');
    expect(tile.playing()).toEqual([SOUTH]);
  });
});
