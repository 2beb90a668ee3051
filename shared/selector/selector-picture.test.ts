import { describe, expect, it } from 'vitest';
import { type FakeTile, showingFirst } from './testing/fake-tile.ts';
import type { PictureVerdict } from './types.ts';

const NORTH = 'north/main';
const SOUTH = 'south/main';

function judge(tile: FakeTile, verdict: PictureVerdict, streamId = NORTH): void {
  tile.observe({ type: 'picture-verdict', streamId, verdict, sinceMs: tile.nowMs });
}

const changingOver = (): FakeTile => showingFirst([NORTH, SOUTH], { onFrozen: 'change-over' });

/** The tile left its first stream for its frozen picture. */
function leftFrozen(): FakeTile {
  const tile = changingOver();
  judge(tile, 'frozen');
  tile.pass(1000);
  tile.present(SOUTH);
  return tile;
}

describe('a frozen or black picture (rule 13)', () => {
  it.each(['frozen', 'black'] as const)(
    'that is %s is remembered and changes nothing by default',
    (verdict) => {
      const tile = showingFirst([NORTH, SOUTH]);
      judge(tile, verdict);
      tile.pass(60_000);
      expect(tile.stream(NORTH).verdict).toBe(verdict);
      expect(tile.playing()).toEqual([NORTH]);
    },
  );

  it.each(['frozen', 'black'] as const)('that is %s is left where the camera says so', (verdict) => {
    const tile = changingOver();
    judge(tile, verdict);
    tile.pass(999);
    tile.present(SOUTH);
    expect(tile.shown).toBe(NORTH);
    tile.pass(1);
    expect(tile.lastChange).toMatchObject({ from: NORTH, to: SOUTH, cause: verdict });
  });

  it('is not excused by frames that go on coming', () => {
    const tile = changingOver();
    judge(tile, 'frozen');
    tile.observe({ type: 'picture-moves', playerId: tile.playerOf(NORTH) });
    expect(tile.standing(NORTH)).toBe('suspect');
  });

  it('is cleared by a picture that moves within the Reaction Time', () => {
    const tile = changingOver();
    judge(tile, 'frozen');
    judge(tile, 'moving');
    expect(tile.standing(NORTH)).toBe('healthy');
    expect(tile.playing()).toEqual([NORTH]);
  });

  it('stays away until it is seen to move, though its stream is alive', () => {
    const tile = leftFrozen();
    tile.pass(120_000);
    expect(tile.standing(NORTH)).toBe('lost');
    judge(tile, 'moving');
    tile.pass(1000);
    expect(tile.standing(NORTH)).toBe('validating');
  });

  it('is better than a held one: it is shown again when nothing else is alive', () => {
    const tile = leftFrozen();
    tile.fail(SOUTH);
    tile.pass(2000);
    tile.observe({ type: 'picture-stalls', playerId: tile.playerOf(SOUTH), sinceMs: tile.nowMs });
    tile.pass(2000);
    tile.present(NORTH);
    expect(tile.shown).toBe(NORTH);
  });

  it('becomes evidence when the camera is set to change over, and stops being it when set back', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    judge(tile, 'black');
    tile.observe({ type: 'policies', policies: { ...tile.state.policies, onFrozen: 'change-over' } });
    expect(tile.standing(NORTH)).toBe('suspect');
    tile.observe({ type: 'policies', policies: { ...tile.state.policies, onFrozen: 'alarm' } });
    expect(tile.standing(NORTH)).toBe('healthy');
  });

  it('of a stream that the tile does not have changes nothing', () => {
    const tile = changingOver();
    const { streams } = tile.state;
    judge(tile, 'frozen', 'west/main');
    expect(tile.state.streams).toEqual(streams);
  });
});
