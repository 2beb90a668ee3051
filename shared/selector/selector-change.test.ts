import { describe, expect, it } from 'vitest';
import { FakeTile, showingFirst } from './testing/fake-tile.ts';

const NORTH = 'north/main';
const NORTH_SUB = 'north/sub';
const SOUTH = 'south/main';
const SOUTH_SUB = 'south/sub';
const WEST = 'west/main';

describe('changing over (rule 6, make before break)', () => {
  it('starts the standby on the first evidence, beside the picture and aligned with it', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    const shownId = tile.playerOf(NORTH);
    tile.fail(NORTH);
    expect(tile.commands).toEqual([
      { type: 'start-player', playerId: tile.playerOf(SOUTH), streamId: SOUTH, alignWith: shownId },
    ]);
    expect(tile.shown).toBe(NORTH);
  });

  it('shows the other stream once it presented, and names the player to be retired', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    const retire = tile.playerOf(NORTH);
    tile.fail(NORTH, 'http-503');
    tile.pass(1000);
    expect(tile.changes).toEqual([]);
    const playerId = tile.playerOf(SOUTH);
    tile.pass(100);
    tile.present(SOUTH);
    const change = { from: NORTH, to: SOUTH, cause: 'http-503', firstEvidenceAtMs: 0, decidedAtMs: 1000 };
    expect(tile.commands).toEqual([{ type: 'show-player', playerId, retire, change }]);
    expect(tile.playing()).toEqual([SOUTH]);
  });

  it('does not align the standby with a picture that has stalled', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe({ type: 'picture-stalls', playerId: tile.playerOf(NORTH), sinceMs: 0 });
    expect(tile.commands).toContainEqual(
      expect.objectContaining({ type: 'start-player', streamId: SOUTH, alignWith: null }),
    );
  });

  it('keeps the failing picture on the screen while the other presents nothing', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    tile.pass(2500);
    expect(tile.shown).toBe(NORTH);
    expect(tile.incoming).toBe(SOUTH);
  });

  it('gives up a standby that loads nothing for 3 s, and takes the next', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(NORTH);
    tile.pass(2999);
    expect(tile.incoming).toBe(SOUTH);
    tile.pass(1);
    expect(tile.incoming).toBe(WEST);
    expect(tile.standing(SOUTH)).toBe('healthy');
    tile.present(WEST);
    expect(tile.lastChange).toMatchObject({ from: NORTH, to: WEST, cause: 'refused' });
  });

  it('waits longer for a standby that loads, up to 10 s', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(NORTH);
    for (let count = 0; count < 5; count += 1) {
      tile.pass(1999);
      tile.observe({ type: 'progress', playerId: tile.playerOf(SOUTH) });
    }
    expect(tile.incoming).toBe(SOUTH);
    tile.pass(5);
    expect(tile.incoming).toBe(WEST);
    expect(tile.playing()).toEqual([NORTH, WEST]);
  });

  it('replaces an incoming player that fails, at once', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(NORTH);
    tile.failPlayer(SOUTH, 'decode');
    expect(tile.incoming).toBe(WEST);
    expect(tile.playing()).toEqual([NORTH, WEST]);
  });

  it('replaces an incoming stream that becomes suspect while another is alive', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(NORTH);
    tile.fail(SOUTH, 'http-404', 'media');
    expect(tile.incoming).toBe(WEST);
  });

  it('with every stream suspect changes only to frames that were presented', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(SOUTH, 'http-503');
    tile.fail(NORTH, 'http-503');
    expect(tile.incoming).toBe(SOUTH);
    tile.pass(500);
    expect(tile.shown).toBe(NORTH);
    tile.observe({ type: 'picture-stalls', playerId: tile.playerOf(NORTH), sinceMs: 500 });
    expect(tile.changes).toEqual([]);
    tile.present(SOUTH);
    expect(tile.shown).toBe(SOUTH);
  });
});

describe('priority (rule 2)', () => {
  it('takes the next site in order', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(NORTH);
    expect(tile.incoming).toBe(SOUTH);
  });

  it('skips a lost site and takes the third', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(SOUTH);
    tile.pass(1000);
    tile.fail(NORTH);
    expect(tile.incoming).toBe(WEST);
  });

  it('goes from the third to the best one alive, not to the next in line', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(SOUTH);
    tile.fail(NORTH);
    tile.pass(1000);
    tile.present(WEST);
    tile.goLive([NORTH, SOUTH]);
    tile.fail(WEST);
    expect(tile.incoming).toBe(NORTH);
  });

  it('prefers a stream that is alive to a better one that is suspect', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(SOUTH, 'stalled');
    tile.fail(NORTH);
    expect(tile.incoming).toBe(WEST);
  });

  it('prefers an unknown stream to a better one that is suspect', () => {
    const tile = new FakeTile([NORTH, SOUTH, WEST]);
    tile.goLive([NORTH, SOUTH]);
    tile.present(NORTH);
    tile.accuse(SOUTH, 'timeout');
    tile.accuse(NORTH, 'timeout');
    expect(tile.incoming).toBe(WEST);
  });

  it('takes the other quality before it leaves the site', () => {
    const tile = showingFirst([NORTH, NORTH_SUB, SOUTH, SOUTH_SUB]);
    tile.fail(NORTH, 'http-404', 'media');
    expect(tile.incoming).toBe(NORTH_SUB);
  });

  it('blames a site that refuses for all of its streams', () => {
    const tile = showingFirst([NORTH, NORTH_SUB, SOUTH, SOUTH_SUB]);
    tile.fail(NORTH, 'refused');
    expect(tile.incoming).toBe(SOUTH);
  });

  it('takes a stream of a blamed site that is alive, though its player failed, before an unknown one', () => {
    const tile = new FakeTile([NORTH, WEST, NORTH_SUB]);
    tile.goLive([NORTH, NORTH_SUB]);
    tile.present(NORTH);
    tile.accuse(NORTH, 'http-503');
    tile.failPlayer(NORTH_SUB, 'decode');
    tile.prove(NORTH, 'playlist');
    tile.accuse(NORTH, 'refused');
    expect(tile.incoming).toBe(NORTH_SUB);
  });

  it('does not run back to the other quality of a site that it has just left', () => {
    const tile = showingFirst([NORTH, NORTH_SUB, SOUTH, SOUTH_SUB]);
    tile.fail(NORTH, 'refused');
    tile.pass(1000);
    tile.present(SOUTH);
    expect(tile.phase).toBe('showing');
    tile.pass(29_000);
    expect(tile.shown).toBe(SOUTH);
    expect(tile.playing()).toEqual([SOUTH]);
  });
});

describe('bridge at once (rule 5)', () => {
  const buffer = (tile: FakeTile, aheadMs: number): void =>
    tile.observe({ type: 'buffer', playerId: tile.playerOf(NORTH), aheadMs, low: false });

  it('changes as soon as the standby presents when the buffer ends before the Reaction Time', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    buffer(tile, 900);
    tile.pass(100);
    tile.present(SOUTH);
    expect(tile.shown).toBe(SOUTH);
    expect(tile.lastChange).toMatchObject({ firstEvidenceAtMs: 0, decidedAtMs: 0 });
  });

  it('counts a stream that was left this way as lost', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    buffer(tile, 900);
    tile.present(SOUTH);
    expect(tile.standing(NORTH)).toBe('lost');
    tile.prove(NORTH, 'playlist');
    expect(tile.shown).toBe(SOUTH);
    expect(tile.playing()).toEqual([SOUTH]);
  });

  it('keeps to the Reaction Time while the buffer lasts that long', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    buffer(tile, 1000);
    tile.present(SOUTH);
    tile.pass(999);
    expect(tile.shown).toBe(NORTH);
    tile.pass(1);
    expect(tile.shown).toBe(SOUTH);
  });

  it('takes the decision back when the buffer fills again', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    buffer(tile, 500);
    buffer(tile, 3000);
    tile.present(SOUTH);
    expect(tile.shown).toBe(NORTH);
    tile.pass(1000);
    expect(tile.lastChange.decidedAtMs).toBe(1000);
  });

  it('leaves a stalled picture at once', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe({ type: 'picture-stalls', playerId: tile.playerOf(NORTH), sinceMs: 0 });
    expect(tile.shown).toBe(NORTH);
    tile.present(SOUTH);
    expect(tile.shown).toBe(SOUTH);
    expect(tile.lastChange.cause).toBe('picture-stall');
  });

  it('when off, waits for the Reaction Time even on a stalled picture', () => {
    const tile = showingFirst([NORTH, SOUTH], { bridgeAtOnce: false });
    tile.fail(NORTH);
    buffer(tile, 0);
    tile.observe({ type: 'picture-stalls', playerId: tile.playerOf(NORTH), sinceMs: 0 });
    tile.present(SOUTH);
    tile.pass(999);
    expect(tile.shown).toBe(NORTH);
    tile.pass(1);
    expect(tile.shown).toBe(SOUTH);
  });

  it('does not take back a stream whose picture has stalled, though the stream is alive', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    tile.pass(1000);
    const playerId = tile.playerOf(NORTH);
    tile.observe({ type: 'picture-stalls', playerId, sinceMs: 1000 });
    tile.goLive([NORTH]);
    tile.pass(500);
    expect(tile.incoming).toBe(SOUTH);
    tile.present(SOUTH);
    expect(tile.shown).toBe(SOUTH);
  });

  it('takes it back when its picture moves again before the other presents', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    tile.pass(1000);
    const playerId = tile.playerOf(NORTH);
    tile.observe({ type: 'picture-stalls', playerId, sinceMs: 1000 });
    tile.goLive([NORTH]);
    tile.observe({ type: 'picture-moves', playerId });
    expect(tile.phase).toBe('showing');
    expect(tile.standing(NORTH)).toBe('healthy');
    expect(tile.playing()).toEqual([NORTH]);
  });
});

describe('the shown player', () => {
  it('that fails is evidence against its stream, which is not lost at once', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.failPlayer(NORTH, 'decode');
    expect(tile.standing(NORTH)).toBe('suspect');
    tile.pass(1000);
    tile.present(SOUTH);
    expect(tile.lastChange).toMatchObject({ to: SOUTH, cause: 'decode', firstEvidenceAtMs: 0 });
  });

  it('is the only one whose buffer and picture count', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    const incoming = tile.playerOf(SOUTH);
    tile.observe({ type: 'buffer', playerId: incoming, aheadMs: 0, low: true });
    tile.observe({ type: 'picture-stalls', playerId: incoming, sinceMs: 0 });
    tile.observe({ type: 'picture-stalls', playerId: 99, sinceMs: 0 });
    tile.present(SOUTH);
    expect(tile.shown).toBe(NORTH);
    expect(tile.standing(SOUTH)).toBe('healthy');
  });
});

describe('a precaution (rule 5): the shown buffer is lower than it usually gets', () => {
  const buffer = (tile: FakeTile, aheadMs: number, low: boolean): void =>
    tile.observe({ type: 'buffer', playerId: tile.playerOf(NORTH), aheadMs, low });

  it('makes the standby ready, and never changes the picture without evidence', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    buffer(tile, 700, true);
    expect(tile.incoming).toBe(SOUTH);
    tile.present(SOUTH);
    tile.pass(1500);
    expect(tile.shown).toBe(NORTH);
  });

  it('changes at once when evidence comes and the standby has presented', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    buffer(tile, 700, true);
    tile.present(SOUTH);
    tile.pass(500);
    buffer(tile, 200, true);
    tile.fail(NORTH, 'timeout');
    expect(tile.shown).toBe(SOUTH);
    expect(tile.lastChange).toMatchObject({ cause: 'timeout', firstEvidenceAtMs: 500, decidedAtMs: 500 });
  });

  it('is called off when the media comes, and not taken again at once', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    buffer(tile, 700, true);
    buffer(tile, 1900, false);
    expect(tile.playing()).toEqual([NORTH]);
    buffer(tile, 700, true);
    expect(tile.playing()).toEqual([NORTH]);
    tile.pass(5000);
    expect(tile.incoming).toBe(SOUTH);
  });

  it('is not taken where the policy lets the picture stop, nor for a standby that is not alive', () => {
    const patient = showingFirst([NORTH, SOUTH], { bridgeAtOnce: false });
    buffer(patient, 700, true);
    expect(patient.playing()).toEqual([NORTH]);
    const alone = showingFirst([NORTH, SOUTH]);
    alone.fail(SOUTH);
    buffer(alone, 700, true);
    expect(alone.playing()).toEqual([NORTH]);
  });
});
