import { describe, expect, it } from 'vitest';
import { type Camera, type Config, configSchema, type Quality, streamsOf } from './config.ts';

const SITES: Config['sites'] = [
  { id: 'north', name: 'North', baseUrl: 'http://north/', mainPath: '{camera}/main.m3u8' },
  {
    id: 'south',
    name: 'South',
    baseUrl: 'http://south/',
    mainPath: '{camera}/main.m3u8',
    subPath: '{camera}/sub.m3u8',
    watchIntervalMs: 5000,
  },
  { id: 'east', name: 'East', baseUrl: 'http://east/' },
];
const CAMERA: Camera = { id: 'gate', number: 1, name: 'Gate' };

function ids(camera: Partial<Camera>, wanted: Quality): string[] {
  return streamsOf({ sites: SITES }, { ...CAMERA, ...camera }, wanted).map(({ id }) => id);
}

describe('streamsOf', () => {
  it('follows the order of the sites, and within a site the wanted quality first', () => {
    expect(ids({}, 'main')).toEqual(['north/main', 'south/main', 'south/sub']);
    expect(ids({}, 'sub')).toEqual(['north/main', 'south/sub', 'south/main']);
  });

  it("lets a camera's own order come first, and the sites that it leaves out after it", () => {
    expect(ids({ siteOrder: ['south'] }, 'main')).toEqual(['south/main', 'south/sub', 'north/main']);
  });

  it("ranks a site in maintenance last, whatever a camera's own order says", () => {
    const sites = SITES.map((site) => (site.id === 'north' ? { ...site, maintenance: true } : site));
    const streams = streamsOf({ sites }, { ...CAMERA, siteOrder: ['north'] }, 'main');
    expect(streams.map(({ id, maintenance }) => [id, maintenance])).toEqual([
      ['south/main', undefined],
      ['south/sub', undefined],
      ['north/main', true],
    ]);
  });

  it("takes a camera's own path before the site's template, also where the site has none", () => {
    const camera = { ...CAMERA, streams: { north: { main: 'own.m3u8' }, east: { sub: 'other.m3u8' } } };
    expect(streamsOf({ sites: SITES }, camera, 'main').map(({ id, path }) => `${id} ${path}`)).toEqual([
      'north/main own.m3u8',
      'south/main gate/main.m3u8',
      'south/sub gate/sub.m3u8',
      'east/sub other.m3u8',
    ]);
  });

  it('says how often a site that pays for being watched may be asked', () => {
    const intervals = streamsOf({ sites: SITES }, CAMERA, 'main').map((stream) => stream.watchIntervalMs);
    expect(intervals).toEqual([undefined, 5000, 5000]);
  });
});

describe('configSchema', () => {
  it('refuses allowed hours that no hour is in', () => {
    const parse = (from: number, to: number): boolean =>
      configSchema.safeParse({
        version: 1,
        sites: SITES,
        cameras: [CAMERA],
        views: [{ id: 'wall', name: 'Wall', columns: 1, rows: 1, cells: ['gate'] }],
        policies: { failback: { allowedHours: { from, to } } },
      }).success;
    expect([parse(8, 8), parse(8, 9), parse(22, 5), parse(0, 24)]).toEqual([false, true, true, true]);
  });
});
