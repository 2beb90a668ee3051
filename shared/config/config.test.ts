import { describe, expect, it } from 'vitest';
import { sitePathname } from '../gateway/gateway-contract.ts';
import {
  type Camera,
  type Config,
  configSchema,
  MAX_FURTHER_ADDRESSES,
  publicConfig,
  type Quality,
  streamsOf,
} from './config.ts';

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

  it('puts a camera’s own order first, and the sites that it omits after it', () => {
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

  it('takes a camera’s own path before the site’s template, also where the site has none', () => {
    const camera = { ...CAMERA, streams: { north: { main: 'own.m3u8' }, east: { sub: 'other.m3u8' } } };
    expect(streamsOf({ sites: SITES }, camera, 'main').map(({ id, path }) => `${id} ${path}`)).toEqual([
      'north/main own.m3u8',
      'south/main gate/main.m3u8',
      'south/sub gate/sub.m3u8',
      'east/sub other.m3u8',
    ]);
  });

  it('contains the poll interval of a site where watching has a cost', () => {
    const intervals = streamsOf({ sites: SITES }, CAMERA, 'main').map((stream) => stream.watchIntervalMs);
    expect(intervals).toEqual([undefined, 5000, 5000]);
  });
});

/** The issues of the one site with these settings, as `path: message`. */
function siteIssues(change: Readonly<Record<string, unknown>>): string[] {
  const result = configSchema.safeParse({
    version: 1,
    sites: [{ ...SITES[0], ...change }],
    cameras: [],
    views: [],
  });
  return result.error?.issues.map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`) ?? [];
}

describe('the id of a camera', () => {
  const ids = ['site/cam 1', 'Tor 3 (Süd)', 'カメラ', '__proto__', 'constructor', 'gate'];

  it('is the name at its server, and each view shows the camera that it names', () => {
    const config = configSchema.parse({
      version: 1,
      sites: SITES,
      cameras: ids.map((id, index) => ({ id, number: index, name: id })),
      views: [{ id: 'wall', name: 'Wall', columns: 3, rows: 2, cells: ids }],
    });
    expect(config.views[0]?.cells).toEqual(ids);
    expect(config.cameras.map((camera) => streamsOf(config, camera, 'main')[0]?.path)).toEqual([
      'site/cam%201/main.m3u8',
      'Tor%203%20(S%C3%BCd)/main.m3u8',
      '%E3%82%AB%E3%83%A1%E3%83%A9/main.m3u8',
      '__proto__/main.m3u8',
      'constructor/main.m3u8',
      'gate/main.m3u8',
    ]);
  });

  it('must differ between cameras, and exist where a view names it', () => {
    const result = configSchema.safeParse({
      version: 1,
      sites: SITES,
      cameras: ['__proto__', '__proto__'].map((id) => ({ ...CAMERA, id })),
      views: [{ id: 'wall', name: 'Wall', columns: 1, rows: 1, cells: ['constructor'] }],
    });
    expect(result.error?.issues.map(({ path }) => path.join('.'))).toEqual([
      'cameras.1.id',
      'views.0.cells.0',
    ]);
  });
});

describe('a path below a site', () => {
  it.each([
    'api/stream.m3u8?src={camera}',
    'api/stream.m3u8?src=../cam1',
    'api/stream.m3u8?next=http://other/\\x',
    'ngrp:cam1_all/playlist.m3u8',
    'ts:master.m3u8',
    'live/smil:cam1.smil/playlist.m3u8',
    './index.m3u8',
    '..a/index.m3u8',
  ])('may be %j, and stays below the site', (mainPath) => {
    expect(siteIssues({ mainPath })).toEqual([]);
    const url = new URL(sitePathname('north', mainPath), 'http://holdfast/');
    expect(url.href).toMatch(/^http:\/\/holdfast\/sites\/north\/./);
  });

  it.each([
    ['http://other/x.m3u8', 'must be a path below the site, not an address'],
    ['rtsp://other/x', 'must be a path below the site, not an address'],
    ['HTTPS:x.m3u8', 'must be a path below the site, not an address'],
    ['javascript:alert(1)', 'must be a path below the site, not an address'],
    ['data:text/html,x', 'must be a path below the site, not an address'],
    ['//other/x.m3u8', 'must be a path below the site'],
    ['a\\..\\b', 'must be a path below the site'],
    ['a/../../b', 'must not contain ".."'],
    ['a/%2E%2e/b?x=1', 'must not contain ".."'],
    ['%252e%252e/b', 'must not contain ".."'],
    ['..%2fb', 'must not contain ".."'],
    ['a/..;b/c', 'must not contain ".."'],
    ['a%5c..%5cb', 'must not contain a backslash, percent-encoded or not'],
    ['a%00b', 'must not contain control characters, percent-encoded or not'],
    ['a/.\t./b', 'must not contain control characters'],
  ])('must not be %j: it %s', (mainPath, problem) => {
    expect(siteIssues({ mainPath })).toEqual([`mainPath: ${problem}`]);
  });
});

describe('further addresses', () => {
  const at = (...baseUrls: string[]): unknown => baseUrls.map((baseUrl) => ({ baseUrl }));

  it('get no login by default', () => {
    const { sites } = configSchema.parse({
      version: 1,
      sites: [{ ...SITES[0], furtherAddresses: at('http://node-2/') }],
      cameras: [],
      views: [],
    });
    expect(sites[0]?.furtherAddresses).toEqual([{ baseUrl: 'http://node-2/', sendLogin: false }]);
  });

  it.each(['http://north', 'HTTP://NORTH:80/'])('must not repeat the base address, as %s', (address) => {
    expect(siteIssues({ furtherAddresses: at('http://node-2/', address) })).toEqual([
      'furtherAddresses.1.baseUrl: is the same as "baseUrl"',
    ]);
  });

  it('must not repeat one another, and may differ by port, scheme and folder', () => {
    expect(siteIssues({ furtherAddresses: at('http://a/x', 'http://a/x/') })).toEqual([
      'furtherAddresses.1.baseUrl: is in the list already',
    ]);
    const different = at('http://a/x', 'http://a/X', 'http://a:81/x', 'https://a/x');
    expect(siteIssues({ furtherAddresses: different })).toEqual([]);
  });

  it.each([
    ['node-2', 'must be an http:// or https:// address'],
    ['http://a:b@node-2/', 'must not hold a login: put it into "credentials"'],
    ['http://node-2/?x=1', 'must not have a query: put it into a path, and a token into "credentials"'],
  ])('must be valid like a base address: not %s', (address, problem) => {
    expect(siteIssues({ furtherAddresses: at(address) })).toEqual([`furtherAddresses.0.baseUrl: ${problem}`]);
  });

  it('are limited in number', () => {
    const many = Array.from({ length: MAX_FURTHER_ADDRESSES + 1 }, (_, index) => `http://node-${index}/`);
    expect(siteIssues({ furtherAddresses: at(...many) })).toHaveLength(1);
  });
});

describe('publicConfig', () => {
  it('tells a page how a site is watched, and contains no address, login or pin of it', () => {
    const config = configSchema.parse({
      version: 1,
      sites: [
        {
          id: 'north',
          name: 'North',
          baseUrl: 'https://hidden-base/',
          furtherAddresses: [{ baseUrl: 'https://hidden-node/', sendLogin: true }],
          credentials: { type: 'bearer', token: 'hidden-token' },
          tlsPin: 'ab'.repeat(32),
          mainPath: '{camera}.m3u8',
          watch: 'light',
        },
      ],
      cameras: [CAMERA],
      views: [],
    });
    const publicPart = publicConfig(config, (siteId) => `${siteId}~2`);
    expect(publicPart.sites).toEqual([
      { id: 'north', name: 'North', mainPath: '{camera}.m3u8', watch: 'light', route: 'north~2' },
    ]);
    expect(JSON.stringify(publicPart)).not.toMatch(/hidden|abab/);
  });
});

describe('configSchema', () => {
  it('refuses allowed hours without any hour', () => {
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
