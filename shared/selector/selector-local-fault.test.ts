import { describe, expect, it } from 'vitest';
import { isUnused } from './readings.ts';
import { LOCAL_GAP_MS, nextWakeMs, redundancyOf } from './selector.ts';
import { FakeTile, onBackup, planned, showingFirst } from './testing/fake-tile.ts';

const NORTH = 'north/main';
const SOUTH = 'south/main';

describe('while suspended (rule 10)', () => {
  it('decides nothing, whatever is observed', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    const playerId = tile.playerOf(NORTH);
    tile.observe({ type: 'suspend' });
    tile.fail(NORTH);
    tile.observe({ type: 'picture-stalls', playerId, sinceMs: 0 });
    tile.observe({ type: 'player-failed', playerId, cause: 'decode' });
    tile.pass(5000);
    expect(tile.commands).toEqual([]);
    expect(tile.phase).toBe('suspended');
    expect(tile.standing(NORTH)).toBe('healthy');
    expect(nextWakeMs(tile.state)).toBeNull();
  });

  it('keeps the shown player and gives the incoming one up', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    const incoming = tile.playerOf(SOUTH);
    tile.observe({ type: 'suspend' });
    expect(tile.commands).toEqual([{ type: 'dispose-player', playerId: incoming }]);
    expect(tile.playing()).toEqual([NORTH]);
  });

  it('ignores a further suspension', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe({ type: 'suspend' });
    const { state } = tile;
    tile.observe({ type: 'suspend' });
    expect(tile.state).toEqual(state);
  });
});

describe('on return', () => {
  it('goes to the live edge', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    const playerId = tile.playerOf(NORTH);
    tile.observe({ type: 'suspend' });
    tile.sleep(3_600_000);
    tile.observe({ type: 'resume' });
    expect(tile.commands).toEqual([{ type: 'go-live', playerId }]);
    expect(tile.shown).toBe(NORTH);
  });

  it('starts every clock anew', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    tile.pass(900);
    tile.observe({ type: 'suspend' });
    tile.pass(50);
    tile.observe({ type: 'resume' });
    expect(tile.standing(NORTH)).toBe('healthy');
    tile.accuse(NORTH, 'refused');
    tile.pass(999);
    expect(tile.standing(NORTH)).toBe('suspect');
    tile.pass(1);
    expect(tile.standing(NORTH)).toBe('lost');
  });

  it('does not let soft evidence begin before the end of the fault', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.goSilent(NORTH);
    tile.observe({ type: 'suspend' });
    tile.pass(1900);
    tile.observe({ type: 'resume' });
    tile.accuse(NORTH, 'timeout', 'playlist', 100);
    expect(tile.standing(NORTH)).toBe('suspect');
    tile.pass(1000);
    expect(tile.standing(NORTH)).toBe('lost');
  });

  it('goes on with the start', () => {
    const tile = new FakeTile([NORTH, SOUTH]);
    tile.pass(500);
    tile.observe({ type: 'suspend' });
    expect(tile.playing()).toEqual([]);
    tile.observe({ type: 'resume' });
    expect(tile.phase).toBe('starting');
    expect(tile.playing()).toEqual([NORTH]);
  });

  it('goes on holding, and searching', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(SOUTH);
    tile.fail(NORTH);
    tile.pass(1000);
    tile.observe({ type: 'picture-stalls', playerId: tile.playerOf(NORTH), sinceMs: 1000 });
    tile.observe({ type: 'suspend' });
    tile.observe({ type: 'resume' });
    expect(tile.state.phase).toMatchObject({ kind: 'holding', shown: null, heldStreamId: NORTH });
    tile.goLive([SOUTH]);
    tile.present(SOUTH);
    expect(tile.lastChange).toMatchObject({ from: NORTH, to: SOUTH });
  });

  it('goes on leaving a stream that was lost before', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    tile.pass(1000);
    tile.observe({ type: 'suspend' });
    tile.observe({ type: 'resume' });
    expect(tile.incoming).toBe(SOUTH);
  });

  it('without a suspension before it changes nothing', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe({ type: 'resume' });
    expect(tile.commands).toEqual([]);
  });
});

describe('a gap between two steps', () => {
  it('of over 2 s is a local fault: clocks anew, and to the live edge', () => {
    const tile = showingFirst([NORTH, SOUTH], { reactionTimeMs: 15_000 });
    tile.fail(NORTH);
    const playerId = tile.playerOf(NORTH);
    const incoming = tile.playerOf(SOUTH);
    tile.sleep(LOCAL_GAP_MS + 1);
    tile.observe({ type: 'tick', localHour: 12 });
    expect(tile.standing(NORTH)).toBe('healthy');
    expect(tile.commands).toEqual([
      { type: 'dispose-player', playerId: incoming },
      { type: 'go-live', playerId },
    ]);
  });

  it('ignores evidence that comes first after it: only a deadline that passed meanwhile', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.sleep(LOCAL_GAP_MS + 1);
    tile.accuse(NORTH, 'timeout');
    expect(tile.standing(NORTH)).toBe('healthy');
    tile.accuse(NORTH, 'timeout');
    expect(tile.standing(NORTH)).toBe('suspect');
  });

  it('of 2 s is no local fault', () => {
    const tile = showingFirst([NORTH, SOUTH], { reactionTimeMs: 15_000 });
    tile.fail(NORTH);
    tile.sleep(LOCAL_GAP_MS);
    tile.observe({ type: 'tick', localHour: 12 });
    expect(tile.standing(NORTH)).toBe('suspect');
  });

  it('starts the stable time anew', () => {
    const tile = onBackup([NORTH, SOUTH]);
    tile.goLive([NORTH]);
    tile.pass(29_000);
    tile.sleep(LOCAL_GAP_MS + 1);
    tile.observe({ type: 'tick', localHour: 12 });
    tile.pass(29_999);
    expect(tile.incoming).toBeNull();
    tile.pass(1);
    expect(tile.incoming).toBe(NORTH);
  });

  it('gives attempts their whole time again', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.fail(NORTH);
    tile.pass(2900);
    const playerId = tile.playerOf(SOUTH);
    tile.sleep(LOCAL_GAP_MS + 1);
    tile.observe({ type: 'tick', localHour: 12 });
    expect(tile.playerOf(SOUTH)).toBe(playerId);
    tile.pass(2999);
    expect(tile.incoming).toBe(SOUTH);
  });

  it('counts a stalled picture again only when a stall is observed again', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe({ type: 'picture-stalls', playerId: tile.playerOf(NORTH), sinceMs: 0 });
    tile.sleep(LOCAL_GAP_MS + 1);
    tile.observe({ type: 'tick', localHour: 12 });
    expect(tile.state.phase).toMatchObject({ kind: 'showing', shown: { stalled: false } });
    tile.observe({ type: 'picture-stalls', playerId: tile.playerOf(NORTH), sinceMs: 600 });
    tile.pass(999);
    expect(tile.standing(NORTH)).toBe('suspect');
    tile.pass(1);
    expect(tile.standing(NORTH)).toBe('lost');
  });
});

describe('a late event loop (rule 10)', () => {
  it('extends the Reaction Time by its lateness', () => {
    const tile = showingFirst(['north/main', 'south/main']);
    tile.fail('north/main', 'timeout');
    tile.sleep(1600);
    tile.observe({ type: 'tick', localHour: 12 });
    expect(tile.standing('north/main')).toBe('lost');
    const patient = showingFirst(['north/main', 'south/main'], { reactionTimeMs: 1500 });
    patient.fail('north/main', 'timeout');
    patient.sleep(1600);
    patient.observe({ type: 'tick', localHour: 12 });
    expect(patient.standing('north/main')).toBe('suspect');
    patient.pass(500);
    expect(patient.standing('north/main')).toBe('lost');
  });

  it('extends it for evidence that was due while the loop was late', () => {
    const tile = showingFirst(['north/main', 'south/main']);
    tile.goSilent('north/main');
    tile.sleep(1900);
    tile.accuse('north/main', 'timeout', 'playlist', tile.nowMs - 1200);
    expect(tile.standing('north/main')).toBe('suspect');
    tile.pass(699);
    expect(tile.standing('north/main')).toBe('suspect');
    tile.pass(1);
    expect(tile.standing('north/main')).toBe('lost');
  });

  it('does not extend it for evidence that came after the loop was late', () => {
    const tile = showingFirst(['north/main', 'south/main']);
    tile.sleep(1900);
    tile.fail('north/main', 'refused');
    tile.pass(999);
    expect(tile.standing('north/main')).toBe('suspect');
    tile.pass(1);
    expect(tile.standing('north/main')).toBe('lost');
  });

  it('extends it by 2 s at most', () => {
    const tile = showingFirst(['north/main', 'south/main'], { reactionTimeMs: 4000 });
    tile.fail('north/main', 'timeout');
    for (let count = 0; count < 3; count += 1) {
      tile.sleep(1900);
      tile.observe({ type: 'tick', localHour: 12 });
    }
    tile.pass(299);
    expect(tile.standing('north/main')).toBe('suspect');
    tile.pass(1);
    expect(tile.standing('north/main')).toBe('lost');
  });

  it('extends the time that a player has to present', () => {
    const tile = new FakeTile(['north/main', 'south/main']);
    tile.observe({ type: 'tick', localHour: 12 });
    tile.sleep(1500);
    tile.observe({ type: 'tick', localHour: 12 });
    tile.pass(1999);
    expect(tile.playing()).toEqual(['north/main']);
    tile.pass(1);
    expect(tile.playing()).toEqual(['north/main', 'south/main']);
  });
});

describe('redundancy', () => {
  it('is not called lost while the shown stream is suspect as well: it may be this workstation', () => {
    const tile = showingFirst(['north/main', 'south/main']);
    tile.goSilent('north/main');
    tile.fail('south/main', 'timeout');
    tile.pass(900);
    tile.accuse('north/main', 'timeout');
    tile.pass(100);
    expect(tile.standing('south/main')).toBe('lost');
    expect(redundancyOf(tile.state)).toBe('unknown');
    tile.prove('north/main', 'playlist');
    expect(redundancyOf(tile.state)).toBe('none');
  });
});

describe('a starved machine', () => {
  const starved = (): FakeTile => {
    const tile = showingFirst(['north/main', 'south/main']);
    tile.observe({ type: 'machine', machine: 'starved' });
    return tile;
  };
  const runDry = (tile: FakeTile): void =>
    tile.observe({ type: 'buffer', playerId: tile.playerOf('north/main'), aheadMs: 50, low: true });

  it('starts no standby as a precaution', () => {
    const tile = starved();
    runDry(tile);
    expect(tile.playing()).toEqual(['north/main']);
    tile.observe({ type: 'machine', machine: 'free' });
    expect(tile.playing()).toEqual(['north/main', 'south/main']);
  });

  it('leaves a stream that is late only when Reaction Time is over', () => {
    const tile = starved();
    tile.goSilent('north/main');
    tile.accuse('north/main', 'too-slow', 'media');
    runDry(tile);
    tile.present('south/main');
    expect(tile.state.phase.kind).toBe('switching');
    tile.pass(1000);
    expect(tile.lastChange).toMatchObject({ to: 'south/main', cause: 'too-slow' });
  });

  it('leaves a stream that its site refuses before its picture runs dry', () => {
    const tile = starved();
    tile.fail('north/main', 'refused');
    runDry(tile);
    tile.present('south/main');
    expect(tile.lastChange).toMatchObject({ to: 'south/main', cause: 'refused' });
  });
});

describe('a thin link', () => {
  const STREAMS = ['north/sub', 'north/main', 'south/sub', 'south/main'];
  const settle = (tile: FakeTile): void => tile.observe({ type: 'machine', machine: 'thin-link' });

  it('is held against no site: media that comes late is no evidence, and earlier evidence is forgotten', () => {
    const tile = showingFirst(['north/main', 'south/main']);
    tile.accuse('north/main', 'too-slow', 'media');
    expect(tile.standing('north/main')).toBe('suspect');
    settle(tile);
    expect(tile.standing('north/main')).toBe('healthy');
    expect(tile.playing()).toEqual(['north/main']);
    tile.accuse('north/main', 'too-slow', 'media');
    tile.accuse('north/main', 'timeout', 'media');
    tile.accuse('north/main', 'picture-stall', 'picture');
    tile.pass(5000);
    expect(tile.standing('north/main')).toBe('healthy');
  });

  it('does not hide a site that refuses', () => {
    const tile = showingFirst(['north/main', 'south/main']);
    settle(tile);
    tile.fail('north/main', 'refused');
    tile.pass(1000);
    tile.present('south/main');
    expect(tile.lastChange).toMatchObject({ to: 'south/main', cause: 'refused' });
  });

  it('gives a stream that was lost for being late another chance, and one that was refused none', () => {
    const tile = showingFirst(['north/main', 'south/main', 'west/main']);
    tile.fail('south/main', 'timeout');
    tile.fail('west/main', 'http-404');
    tile.pass(1000);
    expect([tile.standing('south/main'), tile.standing('west/main')]).toEqual(['lost', 'lost']);
    settle(tile);
    expect([tile.standing('south/main'), tile.standing('west/main')]).toEqual(['unknown', 'lost']);
  });

  it('takes the sub-stream without checking it first, and does not watch the main streams', () => {
    const tile = showingFirst(['north/main', 'north/sub', 'south/main', 'south/sub']);
    tile.observe({ type: 'plan', streams: planned(STREAMS), cause: 'quality' });
    settle(tile);
    tile.prove('north/main', 'playlist');
    tile.present('north/sub');
    expect(tile.lastChange).toMatchObject({ from: 'north/main', to: 'north/sub', cause: 'quality' });
    for (const { id } of tile.state.streams)
      expect(isUnused(tile.state, tile.stream(id)), id).toBe(id.endsWith('main'));
  });
});
