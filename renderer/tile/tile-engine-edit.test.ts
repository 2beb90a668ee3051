import { describe, expect, it } from 'vitest';
import type { PublicConfig, PublicSite } from '../../shared/config/config.ts';
import { FakePlayer } from '../testing/fake-player.ts';
import { FakeWall } from '../testing/fake-wall.ts';

/** Frame interval of the fake players, ms. */
const FAKE_FRAME_MS = 66;

async function playing(...args: ConstructorParameters<typeof FakeWall>): Promise<FakeWall> {
  const wall = new FakeWall(...args);
  wall.start();
  await wall.clock.advance(10_000);
  expect(wall.engine.snapshot()).toMatchObject({ phase: 'showing', live: true, site: { id: 'main' } });
  return wall;
}

const withSite = (siteId: string, patch: Partial<PublicSite>) => (config: PublicConfig) => ({
  ...config,
  sites: config.sites.map((site) => (site.id === siteId ? { ...site, ...patch } : site)),
});

const without = (siteId: string) => (config: PublicConfig) => ({
  ...config,
  sites: config.sites.filter(({ id }) => id !== siteId),
});

const requests = (wall: FakeWall): number[] =>
  Object.values(wall.sites).map((site) => site.playlistRequests + site.mediaRequests);

/** Advances the clock by `byMs`, and checks at each frame that a picture is on top of the tile. */
async function advanceSeeing(wall: FakeWall, byMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < byMs; passedMs += FAKE_FRAME_MS) {
    await wall.clock.advance(FAKE_FRAME_MS);
    const { top } = wall.pictures;
    expect(top).toBeInstanceOf(FakePlayer);
    if (top instanceof FakePlayer) expect(top.disposed).toBe(false);
    expect(wall.engine.snapshot()).toMatchObject({ hasPicture: true, live: true });
  }
}

describe('a tile that an edit does not affect', () => {
  it.each<[string, (config: PublicConfig) => PublicConfig]>([
    ['the same configuration', (config) => structuredClone(config)],
    [
      'another camera and view',
      (config) => ({
        ...config,
        cameras: [...config.cameras, { id: 'hall', number: 2, name: 'Hall' }],
        views: [...config.views, { id: 'second', name: 'Second', columns: 1, rows: 1, cells: ['hall'] }],
      }),
    ],
  ])('requests nothing and starts nothing: %s', async (_words, edit) => {
    const wall = await playing();
    const before = requests(wall);
    const { top } = wall.pictures;
    wall.edit(edit);
    await wall.clock.advance(0);
    expect(requests(wall)).toEqual(before);
    await wall.clock.advance(20_000);
    expect(wall.pictures.top === top).toBe(true);
    expect(wall.changes()).toHaveLength(1);
    wall.stop();
  });

  it('only changes its words when a site is renamed', async () => {
    const wall = await playing();
    const before = requests(wall);
    const { top } = wall.pictures;
    wall.edit(withSite('main', { name: 'Harbour' }));
    await wall.clock.advance(0);
    expect(wall.engine.snapshot().site).toMatchObject({ id: 'main', name: 'Harbour' });
    expect(requests(wall)).toEqual(before);
    expect(wall.pictures.top === top).toBe(true);
    wall.stop();
  });

  it('keeps its player when only the interval of its watch changes', async () => {
    const wall = await playing();
    const { top } = wall.pictures;
    wall.edit(withSite('main', { watchIntervalMs: 4000 }));
    await advanceSeeing(wall, 20_000);
    expect(wall.pictures.top === top).toBe(true);
    wall.stop();
  });
});

describe('a stream with a new address', () => {
  it.each<[string, { mainPath?: string; route?: string }]>([
    ['under another path', { mainPath: 'new/{camera}.m3u8' }],
    ['at another address of its site', { route: 'main~2' }],
  ])('is changed over to directly, make before break: %s', async (_words, patch) => {
    const wall = await playing();
    wall.edit(withSite('main', patch));
    await advanceSeeing(wall, 8000);
    expect(wall.changes().slice(1)).toMatchObject([
      { from: 'main/main', to: 'main/main', cause: 'priority-changed' },
    ]);
    expect(wall.changes().at(-1)?.gapMs).toBeLessThanOrEqual(3 * FAKE_FRAME_MS);
    const { top } = wall.pictures;
    expect(top instanceof FakePlayer && top.stream).toMatchObject({
      path: patch.mainPath === undefined ? 'gate/index.m3u8' : 'new/gate.m3u8',
      route: patch.route ?? 'main',
    });
    expect(wall.engine.snapshot()).toMatchObject({
      site: { id: 'main', rank: 0 },
      redundancy: 'ok',
      words: null,
    });
    expect(wall.running()).toHaveLength(1);
    wall.stop();
  });

  it('is watched anew without a change of the picture where it is only a standby', async () => {
    const wall = await playing();
    const { top } = wall.pictures;
    wall.edit(withSite('backup', { mainPath: 'new/{camera}.m3u8' }));
    await advanceSeeing(wall, 8000);
    expect(wall.pictures.top === top).toBe(true);
    expect(wall.engine.snapshot()).toMatchObject({ redundancy: 'ok', streams: [{}, { state: 'healthy' }] });
    wall.stop();
  });
});

describe('a site that is removed', () => {
  it('is watched until its picture was left, and not after that', async () => {
    const wall = await playing();
    wall.edit(without('main'));
    expect(wall.engine.snapshot()).toMatchObject({ site: { id: 'main' }, hasPicture: true });
    await advanceSeeing(wall, 8000);
    expect(wall.engine.snapshot()).toMatchObject({ site: { id: 'backup', rank: 0 }, redundancy: 'single' });
    expect(wall.changes().at(-1)).toMatchObject({ from: 'main/main', to: 'backup/main' });
    expect(wall.engine.snapshot().lastChange?.words).toContain('Main to Backup');
    const { playlistRequests } = wall.site('main');
    await wall.clock.advance(20_000);
    expect(wall.site('main').playlistRequests).toBe(playlistRequests);
    wall.stop();
  });

  it('still reports its fault when it dies before its picture was left', async () => {
    const wall = await playing();
    wall.site('backup').fault = { kind: 'fails', cause: 'http-503' };
    await wall.clock.advance(4000);
    wall.edit(without('main'));
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    await wall.clock.advance(10_000);
    expect(wall.engine.snapshot()).toMatchObject({ phase: 'holding', hasPicture: true });
    wall.site('backup').fault = { kind: 'none' };
    await wall.clock.advance(20_000);
    expect(wall.engine.snapshot()).toMatchObject({ phase: 'showing', site: { id: 'backup' }, live: true });
    wall.stop();
  });
});

describe('an edited order of priority', () => {
  it('is followed without a gap, whatever Failback says', async () => {
    const wall = await playing({ failback: { mode: 'never', stableMs: 30_000, allowedLagMs: 3000 } });
    wall.edit((config) => ({ ...config, sites: config.sites.toReversed() }));
    await advanceSeeing(wall, 8000);
    expect(wall.engine.snapshot()).toMatchObject({ site: { id: 'backup', rank: 0 }, words: null });
    expect(wall.changes().at(-1)).toMatchObject({ cause: 'priority-changed' });
    wall.edit((config) => ({
      ...config,
      cameras: config.cameras.map((camera) => ({ ...camera, siteOrder: ['main'] })),
    }));
    await advanceSeeing(wall, 5000);
    expect(wall.engine.snapshot().site).toMatchObject({ id: 'main', rank: 0 });
    wall.stop();
  });
});

describe('edited policies', () => {
  it('apply from the next fault on', async () => {
    const wall = await playing();
    const failback = { mode: 'manual', stableMs: 1000, allowedLagMs: 3000 } as const;
    wall.edit((config) => ({ ...config, policies: { ...config.policies, failback } }));
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    await wall.clock.advance(6000);
    wall.site('main').fault = { kind: 'none' };
    await wall.clock.advance(60_000);
    expect(wall.engine.snapshot()).toMatchObject({
      site: { id: 'backup' },
      offerReturn: { siteName: 'Main' },
    });
    wall.stop();
  });
});

it('a tile that was edited often leaves nothing behind', async () => {
  const wall = await playing();
  for (let round = 0; round < 10; round += 1) {
    wall.edit(withSite('main', { mainPath: `${round}/{camera}.m3u8` }));
    await wall.clock.advance(round * 300);
    wall.edit((config) => ({ ...config, sites: config.sites.toReversed() }));
    await advanceSeeing(wall, round * 500);
  }
  wall.stop();
  await wall.clock.advance(60_000);
  expect(wall.running()).toEqual([]);
  expect(wall.clock.pending()).toBe(0);
  expect(Object.values(wall.sites).map(({ open }) => open)).toEqual([0, 0]);
});
