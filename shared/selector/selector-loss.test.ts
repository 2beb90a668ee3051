import { describe, expect, it } from 'vitest';
import { FakeTile, showingFirst } from './testing/fake-tile.ts';

const NORTH = 'north/main';
const SOUTH = 'south/main';

describe('Reaction Time (rule 4)', () => {
  it('starts at once with hard evidence and ends to the millisecond', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.pass(400);
    tile.fail(NORTH, 'refused');
    tile.pass(999);
    expect(tile.standing(NORTH)).toBe('suspect');
    tile.pass(1);
    expect(tile.standing(NORTH)).toBe('lost');
  });

  it('starts with soft evidence when proof of life was due, not when that was noticed', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.goSilent(NORTH);
    tile.pass(1500);
    tile.accuse(NORTH, 'stalled', 'playlist', 1100);
    tile.pass(599);
    expect(tile.standing(NORTH)).toBe('suspect');
    tile.pass(1);
    expect(tile.standing(NORTH)).toBe('lost');
    tile.present(SOUTH);
    expect(tile.lastChange).toMatchObject({ cause: 'stalled', firstEvidenceAtMs: 1100, decidedAtMs: 2100 });
  });

  it('is over at once when proof of life was due longer ago than that', () => {
    const tile = showingFirst([NORTH, SOUTH], { reactionTimeMs: 250 });
    tile.goSilent(NORTH);
    tile.pass(900);
    tile.accuse(NORTH, 'timeout', 'playlist', 650);
    expect(tile.standing(NORTH)).toBe('lost');
  });

  it('asks to be woken exactly when it ends', () => {
    const tile = showingFirst([NORTH, SOUTH], { reactionTimeMs: 700 });
    tile.pass(150);
    tile.fail(NORTH);
    tile.pass(2000);
    expect(tile.state.streams[0]?.standing).toMatchObject({ kind: 'lost', firstEvidenceAtMs: 150 });
    expect(tile.state.phase).toMatchObject({ kind: 'switching', why: { decidedAtMs: 850 } });
  });

  it('counts from the first evidence on any channel', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH, 'http-404', 'media');
    tile.pass(600);
    tile.accuse(NORTH, 'http-503', 'playlist');
    tile.pass(399);
    expect(tile.standing(NORTH)).toBe('suspect');
    tile.pass(1);
    expect(tile.standing(NORTH)).toBe('lost');
  });

  it('does not begin again with every further evidence', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    for (let count = 0; count < 3; count += 1) {
      tile.pass(300);
      tile.accuse(NORTH, 'refused');
    }
    tile.pass(100);
    expect(tile.standing(NORTH)).toBe('lost');
  });

  it('names a hard cause that follows a soft one, and keeps the clock of the soft one', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH, 'too-slow', 'media');
    tile.pass(500);
    tile.accuse(NORTH, 'refused', 'playlist');
    tile.pass(500);
    expect(tile.stream(NORTH).standing).toMatchObject({ cause: 'refused', firstEvidenceAtMs: 0 });
  });

  it('takes a stream back that was only suspect, without a change', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.accuse(NORTH, 'http-503');
    tile.pass(999);
    tile.present(SOUTH);
    tile.prove(NORTH, 'playlist');
    expect(tile.standing(NORTH)).toBe('healthy');
    expect(tile.changes).toEqual([]);
    expect(tile.playing()).toEqual([NORTH]);
  });
});

describe('proof of life', () => {
  it('clears evidence on its own channel: a moving playlist does not excuse segments that answer 404', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.goSilent(NORTH);
    tile.accuse(NORTH, 'http-404', 'media');
    for (let count = 0; count < 10; count += 1) {
      tile.pass(100);
      tile.prove(NORTH, 'playlist');
    }
    expect(tile.standing(NORTH)).toBe('lost');
  });

  it('is not given by frames: those come from the buffer of a dead site as well', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH, 'refused', 'playlist');
    const playerId = tile.playerOf(NORTH);
    for (let count = 0; count < 10; count += 1) {
      tile.pass(100);
      tile.observe({ type: 'picture-moves', playerId });
    }
    expect(tile.standing(NORTH)).toBe('lost');
  });

  it('is needed on every channel with evidence', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.goSilent(NORTH);
    tile.accuse(NORTH, 'stalled', 'playlist');
    tile.accuse(NORTH, 'http-404', 'media');
    tile.prove(NORTH, 'media');
    expect(tile.standing(NORTH)).toBe('suspect');
    tile.prove(NORTH, 'playlist');
    expect(tile.standing(NORTH)).toBe('healthy');
  });

  it('needs media, not only a playlist, before an unknown stream is healthy', () => {
    const tile = new FakeTile([NORTH, SOUTH]);
    tile.prove(SOUTH, 'playlist');
    expect(tile.standing(SOUTH)).toBe('unknown');
    tile.prove(SOUTH, 'media');
    expect(tile.standing(SOUTH)).toBe('healthy');
  });

  it('brings a lost stream back on its way only with playlist and media, without evidence between', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(SOUTH);
    tile.pass(1000);
    tile.prove(SOUTH, 'playlist');
    expect(tile.standing(SOUTH)).toBe('lost');
    tile.accuse(SOUTH, 'http-404', 'media');
    tile.prove(SOUTH, 'media');
    expect(tile.standing(SOUTH)).toBe('lost');
    tile.prove(SOUTH, 'playlist');
    expect(tile.standing(SOUTH)).toBe('validating');
  });

  it('of a stream that the tile does not have changes nothing', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    const before = tile.state.streams;
    tile.prove('west/main', 'media');
    tile.accuse('west/main', 'refused');
    expect(tile.state.streams).toEqual(before);
  });
});
