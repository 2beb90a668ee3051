import { describe, expect, it } from 'vitest';
import { offeredReturn } from './selector.ts';
import { FakeTile, onBackup, showingFirst } from './testing/fake-tile.ts';

const NORTH = 'north/main';
const SOUTH = 'south/main';
const WEST = 'west/main';

const stable = (stableMs: number) => ({ failback: { stableMs } });

describe('automatic failback (rule 8)', () => {
  it('begins to the millisecond after the stable time, and shows the stream when it presents', () => {
    const tile = onBackup([NORTH, SOUTH]);
    tile.goLive([NORTH]);
    const backAtMs = tile.nowMs;
    tile.pass(29_999);
    expect(tile.standing(NORTH)).toBe('validating');
    expect(tile.playing()).toEqual([SOUTH]);
    tile.pass(1);
    expect(tile.incoming).toBe(NORTH);
    expect(tile.shown).toBe(SOUTH);
    tile.present(NORTH);
    expect(tile.shown).toBe(NORTH);
    expect(tile.standing(NORTH)).toBe('healthy');
    expect(tile.lastChange).toEqual({
      from: SOUTH,
      to: NORTH,
      cause: 'failback',
      firstEvidenceAtMs: null,
      decidedAtMs: backAtMs + 30_000,
    });
  });

  it('is spread at random over the tiles, each by less than the spread', () => {
    const returnAfterMs = (seed: number): number => {
      const tile = new FakeTile([NORTH, SOUTH], { spreadMs: 5000 }, seed);
      tile.goLive([NORTH, SOUTH]);
      tile.present(NORTH);
      tile.fail(NORTH);
      tile.pass(1000);
      tile.present(SOUTH);
      tile.goLive([NORTH]);
      const backAtMs = tile.nowMs;
      while (tile.incoming === null) tile.pass(100);
      return tile.nowMs - backAtMs;
    };
    const waits = Array.from({ length: 20 }, (_, seed) => returnAfterMs(seed * 7919));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(30_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(35_000);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(2500);
  });

  it('starts the stable time anew with any evidence, even if that is cleared at once', () => {
    const tile = onBackup([NORTH, SOUTH]);
    tile.goLive([NORTH]);
    tile.pass(20_500);
    tile.accuse(NORTH, 'http-404', 'media');
    tile.prove(NORTH, 'media');
    tile.pass(29_999);
    expect(tile.incoming).toBeNull();
    tile.pass(1);
    expect(tile.incoming).toBe(NORTH);
  });

  it('is called off by evidence while the stream is coming in', () => {
    const tile = onBackup([NORTH, SOUTH], stable(10_000));
    tile.goLive([NORTH]);
    tile.pass(10_000);
    tile.accuse(NORTH, 'http-503');
    expect(tile.phase).toBe('showing');
    expect(tile.playing()).toEqual([SOUTH]);
    expect(tile.changes).toEqual([]);
  });

  it('does not come before the live edge has moved at real-time pace', () => {
    const tile = onBackup([NORTH, SOUTH]);
    tile.goLive([NORTH], { pace: 0.5 });
    tile.pass(31_000);
    expect(tile.standing(NORTH)).toBe('validating');
    expect(tile.playing()).toEqual([SOUTH]);
  });

  it('waits while the live edge is further behind the shown one than it used to be, by more than the allowed lag', () => {
    const tile = new FakeTile([NORTH, SOUTH]);
    tile.goLive([NORTH], { offsetMs: 7_000_000 });
    tile.goLive([SOUTH], { offsetMs: 0 });
    tile.present(NORTH);
    tile.pass(10_000);
    tile.fail(NORTH);
    tile.pass(1000);
    tile.present(SOUTH);
    tile.goLive([NORTH], { offsetMs: 7_000_000 - 3500 });
    tile.pass(40_000);
    expect(tile.incoming).toBeNull();
    tile.goLive([NORTH], { offsetMs: 7_000_000 - 3000 });
    expect(tile.incoming).toBe(NORTH);
  });

  it('accepts a clock that was set while the site was away after 10 steady minutes', () => {
    const tile = new FakeTile([NORTH, SOUTH]);
    tile.goLive([NORTH, SOUTH], { offsetMs: 0 });
    tile.present(NORTH);
    tile.pass(10_000);
    tile.fail(NORTH);
    tile.pass(1000);
    tile.present(SOUTH);
    tile.goLive([NORTH], { offsetMs: -60_000 });
    tile.pass(30_000 + 600_000 - 1);
    expect(tile.incoming).toBeNull();
    tile.pass(1);
    expect(tile.incoming).toBe(NORTH);
    expect(tile.stream(NORTH).learnedOffsetMs).toBe(-60_000);
  });

  it('goes on waiting while a live edge that is too old falls further behind', () => {
    const tile = new FakeTile([NORTH, SOUTH]);
    tile.goLive([NORTH, SOUTH], { offsetMs: 0 });
    tile.present(NORTH);
    tile.pass(10_000);
    tile.fail(NORTH);
    tile.pass(1000);
    tile.present(SOUTH);
    for (let minute = 1; minute <= 20; minute += 1) {
      tile.goLive([NORTH], { offsetMs: -4000 * minute });
      tile.pass(60_000);
    }
    expect(tile.incoming).toBeNull();
  });

  it('leaves the lag out where a site gives no date-times', () => {
    const tile = new FakeTile([NORTH, SOUTH]);
    tile.goLive([NORTH], { offsetMs: 0 });
    tile.goLive([SOUTH], { offsetMs: null });
    tile.present(NORTH);
    tile.fail(NORTH);
    tile.pass(1000);
    tile.present(SOUTH);
    tile.goLive([NORTH], { offsetMs: -60_000 });
    tile.pass(30_000);
    expect(tile.incoming).toBe(NORTH);
  });

  it('keeps to the allowed hours, across midnight', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { allowedHours: { from: 22, to: 5 } } });
    tile.goLive([NORTH]);
    tile.pass(60_000);
    for (const hour of [5, 12, 21]) {
      tile.localHour = hour;
      tile.pass(1000);
      expect(tile.incoming).toBeNull();
    }
    tile.localHour = 22;
    tile.pass(1000);
    expect(tile.incoming).toBe(NORTH);
  });

  it.each([0, 4, 23])('may come at %i h where 22 to 5 is allowed', (hour) => {
    const tile = onBackup([NORTH, SOUTH], { failback: { allowedHours: { from: 22, to: 5 } } });
    tile.localHour = hour;
    tile.goLive([NORTH]);
    tile.pass(30_000);
    expect(tile.incoming).toBe(NORTH);
  });

  it('ends allowed hours within a day at their end', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { allowedHours: { from: 8, to: 17 } } });
    tile.localHour = 17;
    tile.goLive([NORTH]);
    tile.pass(40_000);
    expect(tile.incoming).toBeNull();
    tile.localHour = 16;
    tile.pass(1000);
    expect(tile.incoming).toBe(NORTH);
  });

  it('goes to the next site first when that is validated first', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.fail(NORTH);
    tile.fail(SOUTH);
    tile.pass(1000);
    tile.present(WEST);
    tile.goLive([SOUTH]);
    tile.pass(10_000);
    tile.goLive([NORTH]);
    tile.pass(20_000);
    tile.present(SOUTH);
    expect(tile.shown).toBe(SOUTH);
    tile.pass(10_000);
    tile.present(NORTH);
    expect(tile.shown).toBe(NORTH);
    expect(tile.changes.map(({ cause }) => cause)).toEqual(['refused', 'failback', 'failback']);
  });

  it('comes at once after a precaution that is called off', () => {
    const tile = onBackup([NORTH, SOUTH]);
    const buffer = (aheadMs: number, low: boolean): void =>
      tile.observe({ type: 'buffer', playerId: tile.playerOf(SOUTH), aheadMs, low });
    tile.goLive([NORTH]);
    tile.pass(20_000);
    buffer(700, true);
    tile.present(NORTH);
    tile.pass(15_000);
    expect(tile.shown).toBe(SOUTH);
    buffer(1900, false);
    expect(tile.state.phase).toMatchObject({ kind: 'switching', why: { kind: 'wish', cause: 'failback' } });
  });

  it('leaves the lower-priority stream healthy, ready for the next loss', () => {
    const tile = onBackup([NORTH, SOUTH], stable(5000));
    tile.goLive([NORTH]);
    tile.pass(5000);
    tile.present(NORTH);
    expect(tile.standing(SOUTH)).toBe('healthy');
    tile.fail(NORTH);
    expect(tile.incoming).toBe(SOUTH);
  });

  it('starts the stable time anew when its player fails, and a further failed player loses the stream', () => {
    const tile = onBackup([NORTH, SOUTH]);
    tile.goLive([NORTH]);
    tile.pass(30_000);
    tile.failPlayer(NORTH, 'decode');
    expect(tile.standing(NORTH)).toBe('validating');
    tile.pass(29_999);
    expect(tile.phase).toBe('showing');
    tile.pass(1);
    tile.failPlayer(NORTH, 'decode');
    expect(tile.standing(NORTH)).toBe('lost');
    expect(tile.phase).toBe('showing');
    expect(tile.shown).toBe(SOUTH);
  });
});

describe('failover while the better stream is on its way back', () => {
  it('does not wait for validation', () => {
    const tile = onBackup([NORTH, SOUTH]);
    tile.goLive([NORTH]);
    tile.pass(2000);
    tile.fail(SOUTH);
    tile.pass(1000);
    tile.present(NORTH);
    expect(tile.shown).toBe(NORTH);
    expect(tile.lastChange.cause).toBe('refused');
  });

  it('turns a failback that is under way into a failover when the shown stream is lost meanwhile', () => {
    const tile = onBackup([NORTH, SOUTH]);
    tile.goLive([NORTH]);
    tile.pass(30_000);
    const lostAtMs = tile.nowMs;
    tile.fail(SOUTH, 'reset');
    tile.pass(1000);
    tile.present(NORTH);
    expect(tile.lastChange).toMatchObject({ to: NORTH, cause: 'reset', firstEvidenceAtMs: lostAtMs });
    expect(tile.standing(SOUTH)).toBe('lost');
  });
});

describe.each(['manual', 'never'] as const)('failback "%s"', (mode) => {
  it('stays, and offers the return', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { mode } });
    expect(offeredReturn(tile.state)).toBeNull();
    tile.goLive([NORTH]);
    tile.pass(29_999);
    expect(offeredReturn(tile.state)).toBeNull();
    tile.pass(1);
    expect(offeredReturn(tile.state)).toBe(NORTH);
    tile.pass(120_000);
    expect(tile.commands).toEqual([]);
    expect(tile.shown).toBe(SOUTH);
  });

  it('returns, make before break, when the operator takes the offer', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { mode } });
    tile.goLive([NORTH]);
    tile.pass(30_000);
    tile.observe({ type: 'return' });
    expect(tile.shown).toBe(SOUTH);
    expect(offeredReturn(tile.state)).toBeNull();
    tile.present(NORTH);
    expect(tile.lastChange).toMatchObject({ from: SOUTH, to: NORTH, cause: 'manual' });
  });

  it('has nothing to return to while the better stream is lost', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { mode } });
    tile.observe({ type: 'return' });
    expect(tile.commands).toEqual([]);
    expect(tile.phase).toBe('showing');
  });

  it('does not keep the tile on a stream that is lost', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { mode } });
    tile.goLive([NORTH]);
    tile.fail(SOUTH);
    tile.pass(1000);
    tile.present(NORTH);
    expect(tile.shown).toBe(NORTH);
  });
});

it('offers no return where failback is automatic, nor one to a lower priority', () => {
  const automatic = onBackup([NORTH, SOUTH]);
  automatic.goLive([NORTH]);
  expect(offeredReturn(automatic.state)).toBeNull();
  expect(offeredReturn(showingFirst([NORTH, SOUTH], { failback: { mode: 'manual' } }).state)).toBeNull();
});
