import { describe, expect, it } from 'vitest';
import { redundancyOf } from './selector.ts';
import { FakeTile, onBackup, type PolicyChanges, planned, showingFirst } from './testing/fake-tile.ts';

const NORTH = 'north/main';
const SOUTH = 'south/main';
const WEST = 'west/main';

/** North is shown. South's watch proves it alive, and its hot standby's player failed twice. */
function withUnplayableStandby(
  ids: readonly string[] = [NORTH, SOUTH],
  policies: PolicyChanges = {},
): FakeTile {
  const tile = showingFirst(ids, policies);
  tile.observe({ type: 'hot-allowance', allowed: true });
  tile.pass(2000);
  tile.failPlayer(SOUTH, 'decode');
  tile.pass(1000);
  tile.failPlayer(SOUTH, 'decode');
  return tile;
}

/** Passes time until a player starts on the stream. @returns how long that took, ms */
function untilTried(tile: FakeTile, streamId: string, longestMs = 1_000_000): number {
  const fromMs = tile.nowMs;
  while (!tile.playing().includes(streamId)) {
    if (tile.nowMs - fromMs > longestMs) throw new Error(`${streamId} was not tried`);
    tile.pass(500);
  }
  return tile.nowMs - fromMs;
}

const format = (tile: FakeTile, streamId: string, found: string): void =>
  tile.observe({ type: 'proof', streamId, channel: 'media', format: found });

describe('a stream that a player lost', () => {
  it('does not come back by proof of its watch: there is no redundancy all the time', () => {
    const tile = withUnplayableStandby();
    for (let second = 0; second < 600; second += 1) {
      expect(tile.standing(SOUTH)).toBe('lost');
      expect(redundancyOf(tile.state)).toBe('none');
      tile.pass(1000);
      if (tile.playing().includes(SOUTH)) tile.failPlayer(SOUTH, 'decode');
    }
  });

  it('is tried underneath, ever more rarely, whatever standbys are granted', () => {
    const tile = withUnplayableStandby();
    tile.observe({ type: 'hot-allowance', allowed: false });
    const waits: number[] = [];
    for (let trial = 0; trial < 9; trial += 1) {
      waits.push(untilTried(tile, SOUTH) / 1000);
      expect(tile.playing()).toEqual([NORTH, SOUTH]);
      expect(tile.phase).toBe('showing');
      tile.failPlayer(SOUTH, 'decode');
    }
    expect(waits).toEqual([6, 12, 24, 48, 96, 192, 384, 600, 600]);
  });

  it('is first tried after 3 s where it was the shown one', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.failPlayer(NORTH, 'decode');
    tile.pass(1000);
    expect(tile.standing(NORTH)).toBe('lost');
    tile.present(SOUTH);
    expect(untilTried(tile, NORTH)).toBe(3000);
  });

  it('is on its way back as soon as a trial presents, and the failback comes after the stable time', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.failPlayer(NORTH, 'decode');
    tile.pass(1000);
    tile.present(SOUTH);
    untilTried(tile, NORTH);
    tile.present(NORTH);
    expect(tile.standing(NORTH)).toBe('validating');
    // The trial is over, and no standby is granted.
    expect(tile.playing()).toEqual([SOUTH]);
    tile.pass(30_000);
    expect(tile.incoming).toBe(NORTH);
    tile.present(NORTH);
    expect(tile.lastChange).toMatchObject({ to: NORTH, cause: 'failback' });
  });

  it('plays on as the hot standby after its trial, where one is granted', () => {
    const tile = withUnplayableStandby();
    untilTried(tile, SOUTH);
    const trial = tile.playerOf(SOUTH);
    tile.present(SOUTH);
    tile.pass(500);
    expect(tile.playerOf(SOUTH)).toBe(trial);
  });

  it('is tried at once when its format changes, but not more often than the short backoff allows', () => {
    const tile = withUnplayableStandby();
    format(tile, SOUTH, 'h265 1920x1080');
    for (let trial = 0; trial < 6; trial += 1) {
      untilTried(tile, SOUTH);
      tile.failPlayer(SOUTH, 'decode');
    }
    tile.pass(20_000);
    format(tile, SOUTH, 'h264 1920x1080');
    expect(tile.playing()).toEqual([NORTH, SOUTH]);
    tile.failPlayer(SOUTH, 'decode');
    format(tile, SOUTH, 'h265 1920x1080');
    expect(untilTried(tile, SOUTH)).toBe(15_000);
  });

  it('is not tried again when its format becomes known for the first time', () => {
    const tile = withUnplayableStandby();
    format(tile, SOUTH, 'h265 1920x1080');
    expect(tile.playing()).toEqual([NORTH]);
  });

  it('is not tried while its site does not answer', () => {
    const tile = withUnplayableStandby();
    tile.fail(SOUTH);
    tile.pass(30_000);
    expect(tile.playing()).toEqual([NORTH]);
    tile.goLive([SOUTH]);
    expect(tile.playing()).toEqual([NORTH, SOUTH]);
  });

  it('ends its trial with the evidence against it, and waits longer before the next one', () => {
    const tile = withUnplayableStandby();
    untilTried(tile, SOUTH);
    tile.fail(SOUTH, 'http-404', 'media');
    expect(tile.playing()).toEqual([NORTH]);
    tile.goLive([SOUTH]);
    expect(untilTried(tile, SOUTH)).toBe(12_000);
  });

  it('takes the place of a hot standby for its trial, and gives it back', () => {
    const tile = withUnplayableStandby([NORTH, SOUTH, WEST]);
    expect(tile.playing()).toEqual([NORTH, WEST]);
    tile.present(WEST);
    untilTried(tile, SOUTH);
    expect(tile.playing()).toEqual([NORTH, SOUTH]);
    tile.failPlayer(SOUTH, 'decode');
    expect(tile.playing()).toEqual([NORTH, WEST]);
  });

  it('gives way to a standby that the shown picture needs', () => {
    const tile = withUnplayableStandby([NORTH, SOUTH, WEST]);
    tile.present(WEST);
    untilTried(tile, SOUTH);
    tile.observe({ type: 'buffer', playerId: tile.playerOf(NORTH), aheadMs: 300, low: true });
    expect(tile.incoming).toBe(WEST);
    expect(tile.playing()).toEqual([NORTH, WEST]);
  });

  it('goes on with its trial while the shown stream is suspect and nothing else could take its place', () => {
    const tile = withUnplayableStandby();
    untilTried(tile, SOUTH);
    tile.accuse(NORTH, 'stalled');
    expect(tile.playing()).toEqual([NORTH, SOUTH]);
    tile.present(SOUTH);
    expect(tile.incoming).toBe(SOUTH);
  });

  it('is tried by the short backoff when there is nothing else to show', () => {
    const tile = withUnplayableStandby();
    for (let trial = 0; trial < 6; trial += 1) {
      untilTried(tile, SOUTH);
      tile.failPlayer(SOUTH, 'decode');
    }
    tile.pass(10_000);
    tile.fail(NORTH);
    tile.pass(1000);
    expect(tile.phase).toBe('holding');
    expect(untilTried(tile, SOUTH)).toBeLessThanOrEqual(15_000);
    tile.present(SOUTH);
    expect(tile.shown).toBe(SOUTH);
    expect(tile.standing(SOUTH)).toBe('healthy');
  });

  it('does not include one whose picture stopped: this machine may have been too busy', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe({ type: 'picture-stalls', playerId: tile.playerOf(NORTH), sinceMs: tile.nowMs });
    tile.present(SOUTH);
    expect(tile.shown).toBe(SOUTH);
    tile.pass(2000);
    expect(tile.standing(NORTH)).toBe('validating');
  });

  it('keeps the time of its loss, and the cause that says more', () => {
    const tile = withUnplayableStandby();
    const { standing } = tile.stream(SOUTH);
    untilTried(tile, SOUTH);
    tile.failPlayer(SOUTH, 'no-picture');
    expect(tile.stream(SOUTH).standing).toMatchObject({
      cause: 'decode',
      firstEvidenceAtMs: standing.kind === 'lost' ? standing.firstEvidenceAtMs : null,
    });
    tile.accuse(SOUTH, 'codec-h265', 'media');
    expect(tile.stream(SOUTH).standing).toMatchObject({ cause: 'codec-h265' });
  });
});

describe('a standby whose attempts fail', () => {
  it('is lost by the second failure, though only its own loads found a fault', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { stableMs: 10_000 } });
    tile.goLive([NORTH]);
    const attempts: number[] = [];
    for (let second = 0; second < 60; second += 1) {
      tile.pass(1000);
      if (tile.incoming !== NORTH) continue;
      attempts.push(tile.nowMs);
      tile.complain(NORTH, 'not-media');
      expect(tile.playing()).toEqual([SOUTH]);
    }
    expect(attempts).toHaveLength(2);
    expect(tile.standing(NORTH)).toBe('lost');
    expect(redundancyOf(tile.state)).toBe('none');
  });

  it('is not lost by failures that its watch explains', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.observe({ type: 'hot-allowance', allowed: true });
    for (let outage = 0; outage < 5; outage += 1) {
      untilTried(tile, SOUTH);
      tile.complain(SOUTH, 'http-503');
      tile.fail(SOUTH, 'http-503');
      tile.pass(1000);
      expect(tile.standing(SOUTH)).toBe('lost');
      tile.pass(2000);
      tile.goLive([SOUTH]);
      expect(tile.standing(SOUTH)).toBe('validating');
    }
  });

  it('is tried ever more rarely while its own loads are refused and its watch is answered', () => {
    const tile = onBackup([NORTH, SOUTH], { failback: { stableMs: 0 } });
    tile.goLive([NORTH]);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      waits.push(untilTried(tile, NORTH) / 1000);
      tile.complain(NORTH, 'http-401');
      expect(tile.playing()).toEqual([SOUTH]);
      tile.goLive([NORTH]);
    }
    expect(waits).toEqual([0, 1, 2, 4, 8, 15]);
  });

  it('is lost by the second failure without a picture, but not by being slow on a starved machine', () => {
    for (const machine of ['free', 'starved'] as const) {
      const tile = showingFirst([NORTH, SOUTH]);
      tile.observe({ type: 'machine', machine });
      tile.observe({ type: 'hot-allowance', allowed: true });
      for (let attempt = 0; attempt < 2; attempt += 1) {
        untilTried(tile, SOUTH);
        tile.failPlayer(SOUTH, 'no-picture');
      }
      expect(tile.standing(SOUTH)).toBe(machine === 'free' ? 'lost' : 'healthy');
    }
  });
});

describe('a stream that cannot be shown on this workstation', () => {
  it.each(['codec-h265', 'encryption', 'no-video'] as const)('is not tried at the start for %s', (cause) => {
    const tile = new FakeTile([NORTH, SOUTH, WEST]);
    tile.observe({ type: 'tick', localHour: 12 });
    tile.accuse(SOUTH, cause, 'media');
    tile.accuse(NORTH, 'http-503');
    expect(tile.playing()).toEqual([NORTH, WEST]);
    tile.failPlayer(WEST, 'refused');
    tile.failPlayer(NORTH, 'refused');
    tile.pass(60_000);
    expect(tile.playing()).toEqual([]);
  });

  it('does not take the place of a failing one', () => {
    const tile = showingFirst([NORTH, SOUTH, WEST]);
    tile.accuse(SOUTH, 'codec-h265', 'media');
    tile.fail(NORTH);
    expect(tile.incoming).toBe(WEST);
    tile.fail(WEST);
    expect(tile.playing()).toEqual([NORTH, WEST]);
  });

  it('is no redundancy for as long as its watch says so, and comes back when that finds another format', () => {
    const tile = showingFirst([NORTH, SOUTH]);
    tile.goSilent(SOUTH);
    tile.accuse(SOUTH, 'codec-h265', 'media');
    tile.pass(1000);
    for (let second = 0; second < 60; second += 1) {
      tile.pass(1000);
      tile.prove(SOUTH, 'playlist');
      tile.accuse(SOUTH, 'codec-h265', 'media');
      expect(redundancyOf(tile.state)).toBe('none');
      expect(tile.playing()).toEqual([NORTH]);
    }
    tile.goLive([SOUTH]);
    expect(tile.standing(SOUTH)).toBe('validating');
  });

  it('is tried rarely where only its player says so and there is nothing else', () => {
    const tile = new FakeTile([NORTH]);
    tile.goLive([NORTH]);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      waits.push(untilTried(tile, NORTH) / 1000);
      tile.failPlayer(NORTH, 'codec-h265');
    }
    expect(waits).toEqual([0, 0, 6, 12, 24, 48]);
  });
});

describe('a site that is watched lightly', () => {
  const light = (ids: readonly string[]) =>
    planned(ids).map((stream) =>
      stream.siteId === 'south' ? { ...stream, watch: 'light' as const } : stream,
    );

  it('has redundancy without its unused quality, which is unknown', () => {
    const tile = showingFirst([NORTH]);
    tile.observe({ type: 'plan', streams: light([NORTH, SOUTH, 'south/sub']), cause: 'priority-changed' });
    expect(redundancyOf(tile.state)).toBe('unknown');
    tile.goLive([SOUTH]);
    expect(redundancyOf(tile.state)).toBe('ok');
    tile.fail(SOUTH);
    tile.pass(1000);
    // Now the other quality is watched as well.
    expect(redundancyOf(tile.state)).toBe('unknown');
    tile.fail('south/sub');
    tile.pass(1000);
    expect(redundancyOf(tile.state)).toBe('none');
  });

  it('forgets what is known about the quality that it no longer needs', () => {
    const tile = showingFirst([NORTH]);
    tile.observe({ type: 'plan', streams: light([NORTH, SOUTH, 'south/sub']), cause: 'priority-changed' });
    tile.goLive([SOUTH]);
    expect(tile.standing(SOUTH)).toBe('healthy');
    tile.goSilent(SOUTH);
    tile.observe({ type: 'plan', streams: light([NORTH, 'south/sub', SOUTH]), cause: 'quality' });
    expect(tile.standing(SOUTH)).toBe('unknown');
  });

  it('is tried in that quality when nothing else is left', () => {
    const tile = showingFirst([NORTH]);
    tile.observe({ type: 'plan', streams: light([NORTH, SOUTH, 'south/sub']), cause: 'priority-changed' });
    for (const id of [SOUTH, NORTH]) tile.fail(id);
    tile.pass(1000);
    expect(tile.playing()).toContain('south/sub');
  });
});
