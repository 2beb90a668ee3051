import { describe, expect, it } from 'vitest';
import { recentFailures } from './standing.ts';
import { type FakeTile, showingFirst } from './testing/fake-tile.ts';

const NORTH = 'north/main';
const SOUTH = 'south/main';

/** Both sites lost; the first one's picture may still move. */
function bothLost(): FakeTile {
  const tile = showingFirst([NORTH, SOUTH]);
  tile.fail(SOUTH);
  tile.fail(NORTH);
  tile.pass(1000);
  return tile;
}

function pictureHeld(): FakeTile {
  const tile = bothLost();
  tile.observe({ type: 'picture-stalls', playerId: tile.playerOf(NORTH), sinceMs: 1000 });
  return tile;
}

describe('holding, with every stream lost (rule 6)', () => {
  it('keeps the player while its picture moves', () => {
    const tile = bothLost();
    expect(tile.phase).toBe('holding');
    expect(tile.shown).toBe(NORTH);
    expect(tile.playing()).toEqual([NORTH]);
  });

  it('keeps the last picture as a still once it stalls, and frees the player', () => {
    const tile = bothLost();
    const playerId = tile.playerOf(NORTH);
    tile.observe({ type: 'picture-stalls', playerId, sinceMs: 1000 });
    expect(tile.commands).toEqual([{ type: 'hold-picture', playerId }]);
    expect(tile.state.phase).toMatchObject({ kind: 'holding', shown: null, heldStreamId: NORTH });
    expect(tile.playing()).toEqual([]);
  });

  it('ends when the shown stream comes back in the player that still shows it', () => {
    const tile = bothLost();
    tile.goLive([NORTH]);
    expect(tile.phase).toBe('showing');
    expect(tile.shown).toBe(NORTH);
    expect(tile.commands).toEqual([]);
    expect(tile.changes).toEqual([]);
  });

  it('ends with the best stream alive, without waiting for validation', () => {
    const tile = pictureHeld();
    tile.pass(5000);
    tile.goLive([NORTH, SOUTH]);
    expect(tile.playing()).toEqual([NORTH]);
    tile.present(NORTH);
    expect(tile.phase).toBe('showing');
    expect(tile.lastChange).toMatchObject({ from: NORTH, to: NORTH, cause: 'refused', firstEvidenceAtMs: 0 });
  });

  it('ends with the backup when that comes back first, over the picture that still moves', () => {
    const tile = bothLost();
    const retire = tile.playerOf(NORTH);
    tile.goLive([SOUTH]);
    tile.present(SOUTH);
    expect(tile.commands).toContainEqual(expect.objectContaining({ type: 'show-player', retire }));
    expect(tile.shown).toBe(SOUTH);
    expect(tile.lastChange.from).toBe(NORTH);
  });

  it('does not blame a player for the silence of a stream that its watch has lost meanwhile', () => {
    const tile = pictureHeld();
    tile.goLive([SOUTH]);
    tile.pass(5000);
    expect(tile.playing()).toContain(SOUTH);
    // Its watch loses it, and its player gives up, in one and the same step.
    tile.goSilent(SOUTH);
    tile.accuse(SOUTH, 'stalled');
    tile.pass(1000);
    expect(tile.stream(SOUTH).standing).toMatchObject({ kind: 'lost', foundBy: 'watch' });
  });

  it('searches with both players behind a still, with one beside a moving picture', () => {
    const behindStill = pictureHeld();
    behindStill.goLive([SOUTH]);
    behindStill.goSilent(SOUTH);
    behindStill.accuse(SOUTH, 'http-503');
    behindStill.goLive([NORTH]);
    expect(behindStill.playing()).toEqual([SOUTH, NORTH]);

    const besideMoving = bothLost();
    besideMoving.goLive([SOUTH]);
    besideMoving.accuse(SOUTH, 'http-503');
    expect(besideMoving.playing()).toEqual([NORTH, SOUTH]);
  });

  it('goes on to the better stream that was started too, without the stable time', () => {
    const tile = pictureHeld();
    tile.goLive([SOUTH]);
    tile.accuse(SOUTH, 'http-404', 'media');
    tile.goLive([NORTH]);
    tile.present(SOUTH);
    expect(tile.shown).toBe(SOUTH);
    expect(tile.incoming).toBe(NORTH);
    tile.present(NORTH);
    expect(tile.lastChange).toMatchObject({ from: SOUTH, to: NORTH, cause: 'recovered' });
  });

  it('never gives up: a stream whose players fail is tried again, ever more rarely', () => {
    const tile = pictureHeld();
    tile.goLive([SOUTH]);
    const waits: number[] = [];
    for (let count = 0; count < 7; count += 1) {
      tile.failPlayer(SOUTH, 'decode');
      const failedAtMs = tile.nowMs;
      while (tile.playing().length === 0) tile.pass(1000);
      waits.push(tile.nowMs - failedAtMs);
    }
    // The first failure may have been the player's own.
    expect(waits).toEqual([0, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  it('tries a stream at the normal pace again a minute after a player on it presented, not before', () => {
    const tile = pictureHeld();
    tile.goLive([SOUTH]);
    for (let count = 0; count < 4; count += 1) {
      tile.failPlayer(SOUTH, 'decode');
      while (tile.playing().length === 0) tile.pass(1000);
    }
    tile.present(SOUTH);
    const failures = (): number => recentFailures(tile.stream(SOUTH), tile.nowMs);
    expect(failures()).toBe(4);
    tile.pass(60_000);
    expect(failures()).toBe(0);
  });
});
