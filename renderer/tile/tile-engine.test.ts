import { describe, expect, it } from 'vitest';
import { journalEntrySchema } from '../../shared/journal/journal-entry.ts';
import type { StreamLine } from '../stores/tile-snapshot.ts';
import { FakePlayer } from '../testing/fake-player.ts';
import { FAKE_FRAME_MS, type FakeFault } from '../testing/fake-site.ts';
import { FakeWall } from '../testing/fake-wall.ts';
import { FakeWindow } from '../testing/fake-window.ts';

const STABLE = { failback: { mode: 'automatic', stableMs: 10_000, allowedLagMs: 3000 } } as const;

async function playing(...args: ConstructorParameters<typeof FakeWall>): Promise<FakeWall> {
  const wall = new FakeWall(...args);
  wall.start();
  await wall.clock.advance(5000);
  expect(wall.engine.snapshot()).toMatchObject({ phase: 'showing', site: { id: args[1]?.[0] ?? 'main' } });
  return wall;
}

describe('TileEngine', () => {
  it('shows the first site, quietly, and says LIVE', async () => {
    const wall = await playing();
    expect(wall.engine.snapshot()).toMatchObject({
      live: true,
      hasPicture: true,
      redundancy: 'ok',
      words: null,
      lastPictureAgeS: null,
      site: { id: 'main', rank: 0 },
    });
    expect(wall.changes()).toMatchObject([{ from: null, to: 'main/main', cause: 'start', gapMs: null }]);
    wall.stop();
  });

  it.each<[string, FakeFault | 'freeze', string]>([
    ['refuses', { kind: 'fails', cause: 'refused' }, 'refused'],
    ['hangs', { kind: 'hang' }, 'timeout'],
    ['answers 503', { kind: 'fails', cause: 'http-503' }, 'http-503'],
    ['stops moving', 'freeze', 'stalled'],
    ['loses its segments', { kind: 'fails', cause: 'http-404', only: 'media' }, 'http-404'],
  ])('changes over without a gap when the shown site %s', async (_words, fault, cause) => {
    const wall = await playing();
    if (fault === 'freeze') wall.site('main').freeze();
    else wall.site('main').fault = fault;
    await wall.clock.advance(8000);
    expect(wall.engine.snapshot()).toMatchObject({
      phase: 'showing',
      site: { id: 'backup', rank: 1 },
      live: true,
    });
    const change = wall.changes().at(-1);
    expect(change).toMatchObject({ from: 'main/main', to: 'backup/main', cause });
    expect(change?.gapMs).toBeLessThanOrEqual(3 * FAKE_FRAME_MS);
    expect(wall.engine.snapshot().words).toContain('On Backup: Main');
    wall.stop();
  });

  it('has a standby ready before a silent stream is even suspect, and does not show that', async () => {
    const wall = await playing();
    await wall.clock.advance(10_000);
    wall.site('main').fault = { kind: 'hang' };
    while (wall.running().length < 2) await wall.clock.advance(50);
    const { phase, words, site, streams } = wall.engine.snapshot();
    expect({ phase, words, site: site?.id, states: streams.map(({ state }) => state) }).toEqual({
      phase: 'showing',
      words: null,
      site: 'main',
      states: ['healthy', 'healthy'],
    });
    await wall.clock.advance(3000);
    expect(wall.engine.snapshot().site?.id).toBe('backup');
    expect(wall.changes().at(-1)?.gapMs).toBeLessThanOrEqual(3 * FAKE_FRAME_MS);
    wall.stop();
  });

  it('returns by itself once the first site was steady for the stable time, not before', async () => {
    const wall = await playing(STABLE);
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    await wall.clock.advance(8000);
    wall.site('main').fault = { kind: 'none' };
    const restoredMs = wall.clock.now();
    await wall.clock.advance(10_000);
    expect(wall.engine.snapshot().site?.id).toBe('backup');
    await wall.clock.advance(30_000);
    expect(wall.engine.snapshot()).toMatchObject({ site: { id: 'main' }, words: null });
    const change = wall.changes().at(-1);
    expect(change).toMatchObject({ from: 'backup/main', to: 'main/main', cause: 'failback' });
    expect(Date.parse(change?.time ?? '') - (Date.now() - wall.clock.now() + restoredMs)).toBeGreaterThan(
      10_000 - 100,
    );
    expect(change?.gapMs).toBeLessThanOrEqual(3 * FAKE_FRAME_MS);
    wall.stop();
  });

  it('offers the return where Failback is manual, and returns on request', async () => {
    const wall = await playing({ failback: { ...STABLE.failback, mode: 'manual' } });
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    await wall.clock.advance(8000);
    expect(wall.engine.snapshot().offerReturn).toBeNull();
    wall.site('main').fault = { kind: 'none' };
    await wall.clock.advance(120_000);
    expect(wall.engine.snapshot()).toMatchObject({
      site: { id: 'backup' },
      offerReturn: { siteName: 'Main' },
    });
    wall.engine.returnToPreferred();
    await wall.clock.advance(3000);
    expect(wall.engine.snapshot()).toMatchObject({ site: { id: 'main' }, offerReturn: null });
    expect(wall.changes().at(-1)).toMatchObject({ cause: 'manual' });
    wall.stop();
  });

  it('holds the last picture with its age when every site is lost, and continues when one is back', async () => {
    const wall = await playing();
    for (const id of ['main', 'backup']) wall.site(id).fault = { kind: 'fails', cause: 'http-503' };
    await wall.clock.advance(37_000);
    const held = wall.engine.snapshot();
    expect(held).toMatchObject({ phase: 'holding', hasPicture: true, live: false });
    expect(held.lastPictureAgeS).toBeGreaterThanOrEqual(30);
    expect(held.words).toBe('No video: Main and Backup answered 503');
    expect(wall.pictures.top).toBe('still');
    expect(wall.alarms()).toContain('no-video');
    wall.site('backup').fault = { kind: 'none' };
    await wall.clock.advance(5000);
    expect(wall.engine.snapshot()).toMatchObject({ phase: 'showing', site: { id: 'backup' }, live: true });
    expect(wall.pictures.top).toBeInstanceOf(FakePlayer);
    expect(wall.alarms()).toContain('video-restored');
    const change = wall.changes().at(-1);
    expect(change).toMatchObject({ from: 'main/main', to: 'backup/main', cause: 'http-503' });
    expect(change?.gapMs).toBeGreaterThan(30_000);
    wall.stop();
  });

  it('says that every stream is lost, but not that there is no video, while the picture still moves', async () => {
    const wall = await playing({ reactionTimeMs: 250 }, ['main']);
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    let running = 0;
    while (wall.engine.snapshot().phase === 'showing') {
      const { words, live } = wall.engine.snapshot();
      if (words === 'Every stream lost: Main refused the connection' && live) running += 1;
      expect(wall.alarms()).toEqual([]);
      await wall.clock.advance(50);
    }
    expect(running).toBeGreaterThan(5);
    expect(wall.engine.snapshot()).toMatchObject({ phase: 'holding', live: false });
    await wall.clock.advance(2000);
    expect(wall.alarms()).toEqual(['no-video']);
    wall.stop();
  });

  it('shows in its details what the gateway says of a stream now', async () => {
    const wall = await playing();
    const detailsOfMain = (): string | undefined =>
      wall.engine.snapshot().streams.find(({ streamId }) => streamId === 'main/main')?.words;
    const words = 'the login at Main was refused (401); the next try is in 30 s';
    wall.site('main').fault = { kind: 'fails', cause: 'no-login', words };
    await wall.clock.advance(5000);
    expect(detailsOfMain()).toContain(`: needs a login, and none can be had as configured`);
    expect(detailsOfMain()?.endsWith(`; ${words}`)).toBe(true);
    wall.site('main').fault = {
      kind: 'fails',
      cause: 'timeout',
      words: 'Main did not answer in full within 1.5 s',
    };
    await wall.clock.advance(20_000);
    expect(detailsOfMain()?.endsWith('; now: Main did not answer in full within 1.5 s')).toBe(true);
    wall.site('main').fault = { kind: 'fails', cause: 'refused', words: 'Main refused the connection' };
    await wall.clock.advance(20_000);
    expect(detailsOfMain()).not.toContain(';');
    wall.site('main').fault = { kind: 'none' };
    await wall.clock.advance(60_000);
    expect(detailsOfMain()).toBe('answers, live edge moving');
    wall.stop();
  });

  it('does not show the gateway’s words for a failure that is over', async () => {
    const wall = await playing(STABLE);
    wall.site('main').fault = { kind: 'fails', cause: 'timeout', words: 'Main did not answer within 1.5 s' };
    await wall.clock.advance(5000);
    wall.site('main').fault = { kind: 'none' };
    await wall.clock.advance(40_000);
    expect(wall.engine.snapshot().site?.id).toBe('main');
    const detailsOfMain = (): StreamLine | undefined =>
      wall.engine.snapshot().streams.find(({ streamId }) => streamId === 'main/main');
    for (const player of wall.running()) player.frozen = true;
    while (detailsOfMain()?.state === 'healthy') await wall.clock.advance(50);
    expect(detailsOfMain()?.state).toBe('suspect');
    expect(detailsOfMain()?.words).not.toContain('did not answer');
    wall.stop();
  });

  it('still knows the age of a held picture after the window was hidden', async () => {
    const wall = await playing();
    for (const id of ['main', 'backup']) wall.site(id).fault = { kind: 'fails', cause: 'refused' };
    await wall.clock.advance(20_000);
    const beforeS = wall.engine.snapshot().lastPictureAgeS ?? 0;
    wall.setSuspended(true);
    await wall.clock.advance(60_000);
    wall.setSuspended(false);
    await wall.clock.advance(1000);
    expect(wall.engine.snapshot().phase).toBe('holding');
    expect(wall.engine.snapshot().lastPictureAgeS).toBe(beforeS + 61);
    wall.stop();
  });

  it('says that no standby is left while the picture is fine', async () => {
    const wall = await playing();
    wall.site('backup').fault = { kind: 'fails', cause: 'http-503' };
    await wall.clock.advance(4000);
    expect(wall.engine.snapshot()).toMatchObject({
      site: { id: 'main' },
      live: true,
      redundancy: 'none',
      words: 'No standby: Backup answered 503',
    });
    expect(wall.alarms()).toEqual(['no-redundancy']);
    wall.site('backup').fault = { kind: 'none' };
    await wall.clock.advance(20_000);
    expect(wall.alarms()).toEqual(['no-redundancy', 'redundancy-restored']);
    wall.stop();
  });

  it('leaves a stalled picture, though its stream is alive', async () => {
    const wall = await playing();
    for (const player of wall.running()) player.frozen = true;
    await wall.clock.advance(3000);
    expect(wall.changes().at(-1)).toMatchObject({ to: 'backup/main', cause: 'picture-stall' });
    wall.stop();
  });

  it('stays with a picture that moves though the page does not see its frames, and does not show LIVE', async () => {
    const wall = await playing();
    for (const player of wall.running()) player.hidesFrames = true;
    await wall.clock.advance(10_000);
    expect(wall.changes()).toHaveLength(1);
    expect(wall.engine.snapshot()).toMatchObject({ phase: 'showing', live: false });
    for (const player of wall.running()) player.frozen = true;
    await wall.clock.advance(3500);
    expect(wall.changes().at(-1)).toMatchObject({ to: 'backup/main', cause: 'picture-stall' });
    wall.stop();
  });

  it('gives a stalled picture on a starved machine more time, but not for ever', async () => {
    const wall = await playing();
    wall.allotted = { ...wall.allotted, machine: 'starved' };
    await wall.clock.advance(3000);
    for (const player of wall.running()) player.frozen = true;
    await wall.clock.advance(5000);
    expect(wall.changes()).toHaveLength(1);
    await wall.clock.advance(3000);
    expect(wall.changes().at(-1)).toMatchObject({ to: 'backup/main', cause: 'picture-stall' });
    wall.stop();
  });

  it('does not call a player stuck that waits for the turn of its tile', async () => {
    const window = new FakeWindow(1);
    // The players of a large wall, each with its turn of 250 ms: this tile is the last one.
    for (let other = 0; other < 40; other += 1) window.startTurns.take(-1, () => {});
    const wall = new FakeWall({}, ['main', 'backup'], window);
    wall.start();
    await window.clock.advance(6000);
    expect(wall.players.map(({ stream }) => stream.id)).toEqual(['main/main']);
    expect(wall.engine.snapshot()).toMatchObject({ phase: 'showing', live: true });
    wall.stop();
  });

  it('does not call a picture with few frames stalled that follows one with many', async () => {
    const wall = new FakeWall({}, ['main', 'backup', 'third']);
    wall.site('backup').frameMs = 1000;
    wall.start();
    await wall.clock.advance(5000);
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    await wall.clock.advance(20_000);
    expect(wall.engine.snapshot()).toMatchObject({ phase: 'showing', site: { id: 'backup' }, live: true });
    expect(wall.changes()).toHaveLength(2);
    wall.stop();
  });

  it('journals a change whose new picture stalls at once with the whole gap', async () => {
    const wall = await playing();
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    while (wall.engine.snapshot().site?.id !== 'backup') await wall.clock.advance(10);
    for (const player of wall.running()) player.frozen = true;
    await wall.clock.advance(1400);
    for (const player of wall.running()) player.frozen = false;
    await wall.clock.advance(1500);
    const change = wall.changes().at(-1);
    expect(change).toMatchObject({ to: 'backup/main', cause: 'refused' });
    expect(change?.gapMs).toBeGreaterThanOrEqual(1400);
    wall.stop();
  });

  it('journals a change after which the tile is removed at once', async () => {
    const wall = await playing();
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    while (wall.engine.snapshot().site?.id !== 'backup') await wall.clock.advance(10);
    expect(wall.changes()).toHaveLength(1);
    wall.stop();
    const change = wall.changes().at(-1);
    expect(change).toMatchObject({ to: 'backup/main', cause: 'refused' });
    expect(journalEntrySchema.safeParse(change).error).toBeUndefined();
  });

  it('stops to show LIVE after something in the tile failed', async () => {
    const wall = await playing();
    const { journal } = wall;
    journal.push = (...entries) => {
      if (entries[0]?.kind !== 'change') return Array.prototype.push.apply(journal, entries);
      throw new Error('the journal is broken');
    };
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    await expect(wall.clock.advance(8000)).rejects.toThrow('the journal is broken');
    for (const player of wall.running()) player.frozen = true;
    await wall.clock.advance(1300);
    expect(wall.engine.snapshot()).toMatchObject({ site: { id: 'backup' }, live: false });
    wall.stop();
  });

  it('jumps to the live edge when it is too far behind to be LIVE, and changes nothing else', async () => {
    const wall = await playing();
    for (const player of wall.running()) player.lagMs = 3500;
    await wall.clock.advance(1000);
    expect(wall.engine.snapshot().live).toBe(false);
    await wall.clock.advance(3500);
    expect(wall.engine.snapshot()).toMatchObject({ live: true, phase: 'showing', site: { id: 'main' } });
    expect(wall.changes()).toHaveLength(1);
    wall.stop();
  });

  it('does not jump on a starved machine, and does not show LIVE, until the machine has time again', async () => {
    const wall = await playing();
    wall.allotted = { ...wall.allotted, machine: 'starved' };
    await wall.clock.advance(3000);
    for (const player of wall.running()) player.lagMs = 3500;
    await wall.clock.advance(20_000);
    expect(wall.engine.snapshot()).toMatchObject({ live: false, phase: 'showing', site: { id: 'main' } });
    wall.allotted = { ...wall.allotted, machine: 'free' };
    await wall.clock.advance(6000);
    expect(wall.engine.snapshot().live).toBe(true);
    expect(wall.changes()).toHaveLength(1);
    wall.stop();
  });

  it('does not call a stalled picture LIVE', async () => {
    const wall = await playing({}, ['main']);
    for (const player of wall.running()) player.frozen = true;
    await wall.clock.advance(1300);
    expect(wall.engine.snapshot()).toMatchObject({ live: false, redundancy: 'single' });
    wall.stop();
  });

  it('begins with the second site at once when the first one refuses', async () => {
    const wall = new FakeWall();
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    wall.start();
    await wall.clock.advance(900);
    expect(wall.engine.snapshot()).toMatchObject({ site: { id: 'backup' }, hasPicture: true });
    wall.stop();
  });

  it('says why it is dark when no site answers from the start', async () => {
    const wall = new FakeWall();
    for (const id of ['main', 'backup']) wall.site(id).fault = { kind: 'fails', cause: 'http-503' };
    wall.start();
    await wall.clock.advance(5000);
    expect(wall.engine.snapshot()).toMatchObject({
      phase: 'starting',
      hasPicture: false,
      words: 'No picture yet: Main and Backup answered 503',
    });
    expect(wall.alarms()).toEqual(['no-video']);
    wall.site('backup').fault = { kind: 'none' };
    await wall.clock.advance(25_000);
    expect(wall.engine.snapshot()).toMatchObject({ site: { id: 'backup' }, live: true });
    expect(wall.alarms()).toContain('video-restored');
    wall.stop();
  });

  it('keeps a picture that was raised a moment ago and is the last of all', async () => {
    const wall = await playing({ reactionTimeMs: 250 });
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    while (wall.pictures.top === wall.players[0]) await wall.clock.advance(10);
    const [, raised] = wall.players;
    expect(wall.pictures.top).toBe(raised);
    if (raised !== undefined) raised.frozen = true;
    wall.site('backup').fault = { kind: 'fails', cause: 'refused' };
    while (wall.pictures.top === raised) await wall.clock.advance(10);
    expect(wall.pictures.top).toBe('still');
    await wall.clock.advance(2000);
    expect(wall.pictures.top).toBe('still');
    wall.stop();
  });

  it('does not count hidden time in the gap of a change just before', async () => {
    const wall = await playing({ reactionTimeMs: 250 });
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    while (wall.pictures.top === wall.players[0]) await wall.clock.advance(10);
    await wall.clock.advance(200);
    wall.setSuspended(true);
    for (const player of wall.running()) player.frozen = true;
    await wall.clock.advance(60_000);
    expect(wall.changes().at(-1)).toMatchObject({ to: 'backup/main' });
    expect(wall.changes().at(-1)?.gapMs).toBeLessThan(1000);
    wall.stop();
  });

  it('changes nothing while the window is hidden', async () => {
    const wall = await playing();
    wall.setSuspended(true);
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    await wall.clock.advance(60_000);
    expect(wall.engine.snapshot().phase).toBe('suspended');
    expect(wall.changes()).toHaveLength(1);
    wall.setSuspended(false);
    await wall.clock.advance(5000);
    expect(wall.engine.snapshot()).toMatchObject({ phase: 'showing', site: { id: 'backup' } });
    wall.stop();
  });

  it('says why it is paused: the window is hidden, or this workstation is blocked', async () => {
    const wall = await playing();
    wall.setSuspended(true);
    expect(wall.engine.snapshot()).toMatchObject({ words: 'Paused with this window', isHeldUp: false });
    wall.setSuspended(true, 'host-blocked');
    await wall.clock.advance(1000);
    expect(wall.engine.snapshot()).toMatchObject({ words: 'Held up by this workstation', isHeldUp: true });
    wall.stop();
  });

  it('starts no player in a turn that another tile’s suspension gave it before it knows of its own', async () => {
    const window = new FakeWindow(1);
    const walls = [1, 2, 3].map(() => new FakeWall({}, ['main', 'backup'], window));
    const [, , last] = walls;
    for (const wall of walls) wall.start();
    await window.clock.advance(1);
    expect(walls.map(({ players }) => players.length)).toEqual([1, 1, 0]);
    window.setSuspended(true);
    await window.clock.advance(1000);
    expect(last?.players).toHaveLength(0);
    window.setSuspended(false);
    await window.clock.advance(2000);
    expect(last?.engine.snapshot()).toMatchObject({ phase: 'showing', live: true });
    for (const wall of walls) wall.stop();
  });

  it('leaves a player that stays dead after the window was hidden', async () => {
    const wall = await playing();
    wall.setSuspended(true);
    await wall.clock.advance(5000);
    for (const player of wall.running()) player.frozen = true;
    wall.setSuspended(false);
    await wall.clock.advance(3000);
    expect(wall.changes().at(-1)).toMatchObject({ to: 'backup/main', cause: 'picture-stall' });
    wall.stop();
  });

  it('has at most two players, writes valid journal lines, and leaves nothing behind', async () => {
    const wall = await playing(STABLE);
    for (let round = 0; round < 6; round += 1) {
      wall.site('main').fault = round % 2 === 0 ? { kind: 'hang' } : { kind: 'fails', cause: 'reset' };
      await wall.clock.advance(9000);
      wall.site('main').fault = { kind: 'none' };
      await wall.clock.advance(40_000);
    }
    // Each undone failback doubles the stable time, so that the last rounds find the tile on its backup.
    expect(wall.changes().length).toBe(6);
    for (const entry of wall.journal) expect(journalEntrySchema.safeParse(entry).error).toBeUndefined();
    wall.stop();
    await wall.clock.advance(60_000);
    expect(wall.running()).toEqual([]);
    expect(wall.clock.pending()).toBe(0);
    expect(Object.values(wall.sites).map(({ open }) => open)).toEqual([0, 0]);
  });

  it('keeps a hot standby as long as the host allots one, and shows it at once when the shown site stops', async () => {
    const wall = new FakeWall();
    wall.start();
    await wall.clock.advance(10_000);
    expect(wall.running().map(({ stream }) => stream.siteId)).toEqual(['main']);
    wall.allotted = { allowed: { backup: 1 }, machine: 'free', latency: 'low' };
    await wall.clock.advance(5000);
    expect(wall.running().map(({ stream }) => stream.siteId)).toEqual(['main', 'backup']);
    wall.allotted = { allowed: {}, machine: 'free', latency: 'low' };
    await wall.clock.advance(5000);
    expect(wall.running().map(({ stream }) => stream.siteId)).toEqual(['main']);
    wall.allotted = { allowed: { backup: 1 }, machine: 'free', latency: 'low' };
    await wall.clock.advance(5000);
    const [, hot] = wall.running();
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    await wall.clock.advance(3000);
    expect(wall.pictures.top).toBe(hot);
    expect(wall.changes().at(-1)).toMatchObject({ to: 'backup/main', cause: 'refused' });
    wall.stop();
  });

  it('plays all its players, later ones too, at the latency that the host chose, and shows it', async () => {
    const wall = await playing();
    expect(wall.engine.snapshot().isRelaxed).toBe(false);
    wall.allotted = { allowed: { backup: 1 }, machine: 'starved', latency: 'relaxed' };
    await wall.clock.advance(10_000);
    expect(wall.engine.snapshot().isRelaxed).toBe(true);
    wall.allotted = { allowed: { backup: 1 }, machine: 'free', latency: 'relaxed' };
    await wall.clock.advance(10_000);
    expect(wall.running().map(({ latency }) => latency)).toEqual(['relaxed', 'relaxed']);
    expect(wall.running()[1]?.options.latency).toBe('relaxed');
    wall.allotted = { allowed: { backup: 1 }, machine: 'free', latency: 'low' };
    await wall.clock.advance(5000);
    expect(wall.running().map(({ latency }) => latency)).toEqual(['low', 'low']);
    wall.stop();
  });
});
