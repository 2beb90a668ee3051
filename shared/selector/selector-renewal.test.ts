import { describe, expect, it } from 'vitest';
import { type FakeTile, onBackup, showingFirst } from './testing/fake-tile.ts';
import { nextWakeMs } from './wake.ts';

const NORTH = 'north/main';
const SOUTH = 'south/main';

function ages(tile: FakeTile, streamId: string): void {
  tile.observe({ type: 'player-ageing', playerId: tile.playerOf(streamId) });
}

/** The player that is coming in. */
function incomingPlayer(tile: FakeTile): number {
  const { phase } = tile.state;
  if (phase.kind !== 'switching') throw new Error('nothing is coming in');
  return phase.incoming.playerId;
}

describe('a shown player that ages', () => {
  it('is replaced by another player of its stream, make before break', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    const old = tile.playerOf(NORTH);
    ages(tile, NORTH);
    expect(tile.commands).toEqual([
      { type: 'start-player', playerId: old + 1, streamId: NORTH, alignWith: old },
    ]);
    tile.pass(400);
    expect(tile.commands).toEqual([]);
    tile.observe({ type: 'presented', playerId: old + 1 });
    expect(tile.commands).toMatchObject([{ type: 'show-player', playerId: old + 1, retire: old }]);
    expect(tile.lastChange).toMatchObject({
      from: NORTH,
      to: NORTH,
      cause: 'renewed',
      firstEvidenceAtMs: null,
    });
    tile.pass(5000);
    expect(tile.playing()).toEqual([NORTH]);
    expect(tile.stream(NORTH).record.lastAtMs).toBeNull();
  });

  it('is kept for longer each time where every player of its stream ages', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    const waits: number[] = [];
    for (let count = 0; count < 7; count += 1) {
      ages(tile, NORTH);
      const agedAtMs = tile.nowMs;
      while (tile.phase === 'showing') tile.pass(100);
      waits.push(tile.nowMs - agedAtMs);
      tile.observe({ type: 'presented', playerId: incomingPlayer(tile) });
    }
    expect(waits).toEqual([0, 3000, 6000, 12_000, 24_000, 48_000, 60_000]);
    tile.pass(121_000);
    ages(tile, NORTH);
    expect(tile.phase).toBe('switching');
    tile.observe({ type: 'presented', playerId: incomingPlayer(tile) });
    tile.pass(3000);
    ages(tile, NORTH);
    expect(tile.phase).toBe('switching');
  });

  it('is replaced as soon as its rest is over, without another observation', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    ages(tile, NORTH);
    tile.observe({ type: 'presented', playerId: incomingPlayer(tile) });
    const fromMs = tile.nowMs + 3000;
    ages(tile, NORTH);
    expect(tile.phase).toBe('showing');
    expect(nextWakeMs(tile.state)).toBe(fromMs);
  });

  it('undoes no failback', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { stableMs: 1000 } });
    tile.goLive([NORTH]);
    tile.pass(1000);
    tile.present(NORTH);
    expect(tile.lastChange.cause).toBe('failback');
    ages(tile, NORTH);
    tile.observe({ type: 'presented', playerId: incomingPlayer(tile) });
    expect(tile.lastChange.cause).toBe('renewed');
    expect(tile.stream(NORTH).record.undone).toBe(0);
  });

  it('stays when its replacement fails, and that is tried again with a backoff', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    ages(tile, NORTH);
    const waits: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      tile.observe({ type: 'player-failed', playerId: incomingPlayer(tile), cause: 'decode' });
      expect(tile.phase).toBe('showing');
      expect(tile.standing(NORTH)).toBe('healthy');
      const failedAtMs = tile.nowMs;
      while (tile.phase === 'showing') tile.pass(500);
      waits.push(tile.nowMs - failedAtMs);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 15_000]);
    expect(tile.changes).toEqual([]);
  });

  it('gives way to evidence: another site comes in instead', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    ages(tile, NORTH);
    tile.fail(NORTH);
    expect(tile.incoming).toBe(SOUTH);
    tile.pass(1000);
    tile.present(SOUTH);
    expect(tile.lastChange).toMatchObject({ from: NORTH, to: SOUTH, cause: 'refused' });
  });

  it('is still replaced after evidence where there is no other site', () => {
    const tile = showingFirst([NORTH]);
    ages(tile, NORTH);
    const renewing = incomingPlayer(tile);
    tile.accuse(NORTH, 'stalled');
    tile.pass(500);
    tile.prove(NORTH, 'playlist');
    tile.observe({ type: 'presented', playerId: renewing });
    expect(tile.shown).toBe(NORTH);
    expect(tile.playerOf(NORTH)).toBe(renewing);
  });

  it('gives way to a better stream', () => {
    const tile = onBackup([NORTH, SOUTH]);
    ages(tile, SOUTH);
    tile.observe({ type: 'player-failed', playerId: incomingPlayer(tile), cause: 'no-picture' });
    tile.observe({
      type: 'plan',
      streams: [
        { id: NORTH, siteId: 'north' },
        { id: SOUTH, siteId: 'south' },
      ],
      cause: 'priority-changed',
    });
    tile.goLive([NORTH]);
    tile.pass(30_000);
    expect(tile.playing()).toContain(NORTH);
  });

  it.each(['before', 'during'])('is replaced after a local fault, where it aged %s it', (when) => {
    const tile = showingFirst([NORTH, SOUTH]);
    if (when === 'before') ages(tile, NORTH);
    tile.observe({ type: 'suspend' });
    if (when === 'during') ages(tile, NORTH);
    expect(tile.playing()).toEqual([NORTH]);
    tile.observe({ type: 'resume' });
    expect(tile.incoming).toBe(NORTH);
  });
});

describe('a player that ages before it is shown', () => {
  it('is replaced once it is shown', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    ages(tile, SOUTH);
    tile.pass(1000);
    tile.present(SOUTH);
    expect(tile.shown).toBe(SOUTH);
    expect(tile.incoming).toBe(SOUTH);
  });

  it('is started anew where it is a hot standby, and its stream stays healthy', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe({ type: 'hot-allowance', allowed: true });
    tile.pass(2000);
    for (let count = 0; count < 3; count += 1) {
      const hot = tile.playerOf(SOUTH);
      tile.present(SOUTH);
      ages(tile, SOUTH);
      expect(tile.playing()).toEqual([NORTH]);
      tile.pass(5000);
      expect(tile.playerOf(SOUTH)).not.toBe(hot);
      expect(tile.standing(SOUTH)).toBe('healthy');
    }
  });

  it('is ignored when it is gone', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe({ type: 'player-ageing', playerId: 99 });
    expect(tile.commands).toEqual([]);
    expect(tile.phase).toBe('showing');
  });
});
