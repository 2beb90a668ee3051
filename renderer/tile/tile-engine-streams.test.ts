import { describe, expect, it } from 'vitest';
import type { PublicConfig, PublicSite } from '../../shared/config/config.ts';
import { lightWatchWords } from '../../shared/light-watch.ts';
import { FAKE_FRAME_MS, type FakeSite } from '../testing/fake-site.ts';
import { FakeWall } from '../testing/fake-wall.ts';

async function playing(...args: ConstructorParameters<typeof FakeWall>): Promise<FakeWall> {
  const wall = new FakeWall(...args);
  wall.start();
  await wall.clock.advance(5000);
  expect(wall.engine.snapshot()).toMatchObject({ phase: 'showing', live: true, site: { id: 'main' } });
  return wall;
}

const withSite = (siteId: string, patch: Partial<PublicSite>) => (config: PublicConfig) => ({
  ...config,
  sites: config.sites.map((site) => (site.id === siteId ? { ...site, ...patch } : site)),
});

const startsAt = (wall: FakeWall, siteId: string): number =>
  wall.players.filter(({ stream }) => stream.siteId === siteId).length;

describe('a stream of which only a player finds out that it cannot be shown', () => {
  it.each(['main', 'backup'])(
    'is no redundancy, reported once, and tried ever more rarely: %s',
    async (siteId) => {
      const wall = new FakeWall();
      wall.site(siteId).unplayable = 'decode';
      wall.allotted = { allowed: { main: 1, backup: 1 }, machine: 'free', latency: 'low' };
      wall.start();
      await wall.clock.advance(30_000);
      const other = siteId === 'main' ? 'backup' : 'main';
      const early = startsAt(wall, siteId);
      expect(early).toBeLessThanOrEqual(6);
      for (let minute = 0; minute < 30; minute += 1) {
        await wall.clock.advance(60_000);
        expect(wall.engine.snapshot()).toMatchObject({ redundancy: 'none', live: true, site: { id: other } });
      }
      expect(startsAt(wall, siteId) - early).toBeLessThanOrEqual(8);
      expect(wall.alarms().filter((alarm) => alarm.includes('redundancy'))).toEqual(['no-redundancy']);
      const words = siteId === 'main' ? 'On Backup: Main' : 'No standby: Backup';
      expect(wall.engine.snapshot().words).toContain(`${words} sent video that cannot be decoded`);
      wall.stop();
    },
  );

  it('counts again as soon as a player presents it', async () => {
    const wall = new FakeWall();
    wall.site('backup').unplayable = 'decode';
    wall.allotted = { allowed: { backup: 1 }, machine: 'free', latency: 'low' };
    wall.start();
    await wall.clock.advance(10_000);
    expect(wall.engine.snapshot().redundancy).toBe('none');
    wall.site('backup').unplayable = null;
    await wall.clock.advance(30_000);
    expect(wall.engine.snapshot()).toMatchObject({ redundancy: 'ok', words: null });
    expect(wall.alarms()).toEqual(['no-redundancy', 'redundancy-restored']);
    wall.stop();
  });
});

describe('a tile without a picture', () => {
  it.each<[string, Partial<FakeSite>, string]>([
    ['a site never answers', { fault: { kind: 'hang' } }, 'Main did not answer'],
    [
      'no player shows what a site sends',
      { unplayable: 'codec-h265' },
      'Main sends H.265, which this workstation cannot show',
    ],
    ['a site answers and gives no picture', { frameMs: 1e9 }, 'Main gave no picture'],
  ])('says why after the Reaction Time and 3 s, and has an alarm: %s', async (_words, harm, words) => {
    const wall = new FakeWall({}, ['main']);
    Object.assign(wall.site('main'), harm);
    wall.start();
    await wall.clock.advance(4300);
    expect(wall.engine.snapshot()).toMatchObject({
      missesPicture: true,
      words: `No picture yet: ${words}`,
      hasPicture: false,
    });
    expect(wall.alarms()).toEqual(['no-video']);
    await wall.clock.advance(120_000);
    expect(wall.engine.snapshot().words).toBe(`No picture yet: ${words}`);
    expect(wall.alarms()).toEqual(['no-video']);
    wall.stop();
  });

  it('shows "Connecting" before that, with all sites that it tries', async () => {
    const wall = new FakeWall({ reactionTimeMs: 5000 });
    for (const id of ['main', 'backup']) wall.site(id).fault = { kind: 'hang' };
    wall.start();
    await wall.clock.advance(500);
    expect(wall.engine.snapshot().words).toBe('Connecting to Main');
    await wall.clock.advance(5000);
    expect(wall.engine.snapshot().words).toBe('Connecting to Main and Backup');
    expect(wall.alarms()).not.toContain('no-video');
    await wall.clock.advance(5000);
    expect(wall.engine.snapshot().words).toBe('No picture yet: Main and Backup did not answer');
    wall.stop();
  });

  it('shows the gateway’s advice', async () => {
    const wall = new FakeWall();
    const words =
      "a playlist of Main points to http://inner/hls/: add that address to the site's further addresses";
    wall.site('main').fault = { kind: 'fails', cause: 'not-allowed', words, only: 'media' };
    wall.site('backup').fault = { kind: 'fails', cause: 'http-503', words: 'Backup said something' };
    wall.start();
    await wall.clock.advance(5000);
    expect(wall.engine.snapshot().words).toBe(`No picture yet: ${words}; Backup answered 503`);
    wall.stop();
  });

  it('still shows it when the picture that it had is gone', async () => {
    const wall = new FakeWall({}, ['main']);
    wall.start();
    await wall.clock.advance(10_000);
    const words = 'the certificate of Main has expired: give its server a new one';
    wall.site('main').fault = { kind: 'fails', cause: 'tls-expired', words };
    await wall.clock.advance(30_000);
    expect(wall.engine.snapshot().words).toBe(`No video: ${words}`);
    wall.stop();
  });

  it('shows what is known of each site', async () => {
    const wall = new FakeWall();
    wall.site('main').fault = { kind: 'fails', cause: 'no-media-yet' };
    wall.site('backup').fault = { kind: 'fails', cause: 'http-503' };
    wall.start();
    await wall.clock.advance(5000);
    expect(wall.engine.snapshot().words).toBe('No picture yet: Main has no media yet; Backup answered 503');
    wall.stop();
  });
});

describe('a player that ages', () => {
  it('is replaced by another player of its stream, without an alarm and with a line in the journal', async () => {
    const wall = await playing();
    const [old] = wall.running();
    old?.age();
    await wall.clock.advance(50);
    expect(wall.running()).toHaveLength(2);
    expect(wall.engine.snapshot()).toMatchObject({ phase: 'showing', words: null });
    await wall.clock.advance(3000);
    const [renewed] = wall.running();
    expect(wall.running()).toHaveLength(1);
    expect(renewed).not.toBe(old);
    expect(wall.pictures.top).toBe(renewed);
    const change = wall.changes().at(-1);
    expect(change).toMatchObject({
      from: 'main/main',
      to: 'main/main',
      cause: 'renewed',
      firstEvidenceAt: null,
    });
    expect(change?.gapMs).toBeLessThanOrEqual(3 * FAKE_FRAME_MS);
    expect(wall.engine.snapshot().lastChange?.words).toBe('Main was opened anew');
    expect(wall.alarms()).toEqual([]);
    wall.stop();
  });
});

describe('a site with one multivariant playlist for all sizes', () => {
  it('plays and watches the variant that fits the tile, with the same player', async () => {
    const wall = await playing();
    wall.engine.setWanted('sub');
    await wall.clock.advance(2000);
    expect(wall.players.map(({ variant }) => variant)).toEqual(['sub']);
    expect(wall.changes()).toHaveLength(1);
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    await wall.clock.advance(5000);
    expect(wall.players.at(-1)).toMatchObject({ variant: 'sub', stream: { siteId: 'backup' } });
    wall.stop();
  });
});

describe('LIVE after a standstill of this machine', () => {
  it('is shown only after a playlist came since then, though frames come out of the buffer', async () => {
    const wall = await playing({}, ['main']);
    const [player] = wall.running();
    wall.site('main').fault = { kind: 'hang' };
    wall.clock.block(45_000);
    const frames = player?.presentedFrames() ?? 0;
    for (let lookMs = 0; lookMs < 1000; lookMs += 20) {
      await wall.clock.advance(20);
      expect(wall.engine.snapshot().live).toBe(false);
    }
    expect(player?.presentedFrames()).toBeGreaterThan(frames + 5);
    wall.site('main').fault = { kind: 'none' };
    await wall.clock.advance(2500);
    expect(wall.engine.snapshot()).toMatchObject({ live: true, site: { id: 'main' } });
    expect(wall.changes()).toHaveLength(1);
    wall.stop();
  });

  it('is not shown for the old picture, whose age is shown', async () => {
    const wall = await playing({}, ['main']);
    for (const player of wall.running()) player.frozen = true;
    wall.clock.block(45_000);
    await wall.clock.advance(10);
    expect(wall.engine.snapshot()).toMatchObject({ live: false, lastPictureAgeS: 45 });
    wall.stop();
  });
});

describe('a site that is watched lightly', () => {
  it('says so in the details of its streams', async () => {
    const wall = await playing();
    wall.edit(withSite('backup', { watch: 'light' }));
    await wall.clock.advance(3000);
    const { streams } = wall.engine.snapshot();
    expect(streams.map(({ streamId, lightWatch }) => [streamId, lightWatch])).toEqual([
      ['main/main', null],
      ['backup/main', lightWatchWords()],
    ]);
    wall.stop();
  });
});

it.each([
  ['SAMPLE-AES', /in a way that Holdfast cannot play$/],
  ['AES-128', /did not give the key/],
])(
  'reports an encryption by its name, though a player finds only missing media: %s',
  async (method, words) => {
    const wall = new FakeWall({}, ['main']);
    const site = wall.site('main');
    site.tag = `#EXT-X-KEY:METHOD=${method},URI="enc.key"\n`;
    const fetchBytes = site.fetchBytes.bind(site);
    site.fetchBytes = async (pathname, options) => {
      if (pathname === '') return new Promise(() => {});
      return pathname.endsWith('enc.key')
        ? { kind: 'failed', cause: 'http-403' }
        : fetchBytes(pathname, options);
    };
    wall.start();
    await wall.clock.advance(5000);
    expect(wall.engine.snapshot().words).toMatch(words);
    wall.stop();
  },
);
