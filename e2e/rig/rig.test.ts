import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configSchema } from '../../shared/config/config.ts';
import { type Rig, startRig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({
    sites: [
      { id: 'main', name: 'Main' },
      { id: 'backup', name: 'Backup', login: { type: 'query', name: 'token', value: 'first' } },
      { id: 'third', name: 'Third', tls: 'pinned', login: { type: 'bearer', token: 'first' } },
    ],
    cameras: 11,
    stream: { segmentMs: 2000 },
  });
});
afterAll(() => rig?.close());

function url(site: number, file: string): string {
  return `${rig.sites[site]?.baseUrl}/${file}`;
}

async function status(site: number, file: string): Promise<number> {
  const response = await fetch(url(site, file));
  await response.arrayBuffer();
  return response.status;
}

async function newestSegment(camera: string): Promise<Buffer> {
  const playlist = await (await fetch(url(0, `${camera}/index.m3u8`))).text();
  const segment = /(\d+\.m4s)\n$/.exec(playlist)?.[1];
  return Buffer.from(await (await fetch(url(0, `${camera}/${segment}`))).arrayBuffer());
}

test('it serves the stream that was asked for', async () => {
  const playlist = await (await fetch(url(0, 'quay/index.m3u8'))).text();
  expect(playlist).toContain('#EXT-X-TARGETDURATION:2\n');
});

test('a camera after the ninth shows a clip once more, in another phase', async () => {
  const [one, other] = [await newestSegment('car-park'), await newestSegment('car-park-2')];
  expect(one.subarray(-500).equals(other.subarray(-500))).toBe(false);
});

test('its configuration is valid and shows all cameras in one view', () => {
  const config = configSchema.parse(
    JSON.parse(readFileSync(rig.configFile({ columns: 6, rows: 2 }), 'utf8')),
  );
  expect(config.sites).toEqual([
    expect.objectContaining({ id: 'main', baseUrl: rig.sites[0]?.baseUrl }),
    expect.objectContaining({ id: 'backup', credentials: { type: 'query', name: 'token', value: 'first' } }),
    expect.objectContaining({
      id: 'third',
      credentials: { type: 'bearer', token: 'first' },
      tlsPin: expect.stringMatching(/^[0-9a-f]{64}$/),
    }),
  ]);
  expect(config.views).toMatchObject([{ columns: 6, rows: 2, cells: config.cameras.map(({ id }) => id) }]);
  expect(config.cameras).toHaveLength(11);
});

test('a fault of some cameras leaves the others alone, and clearing the site ends it', async () => {
  await rig.setFault('main', '503', { cameras: ['quay', 'car-park-2'] });
  expect(await status(0, 'quay/index.m3u8')).toBe(503);
  expect(await status(0, 'car-park-2/index.m3u8')).toBe(503);
  expect(await status(0, 'hall/index.m3u8')).toBe(200);
  await rig.clear('main');
  expect(await status(0, 'quay/index.m3u8')).toBe(200);
});

test('a schedule runs by itself, each step not before its time', async () => {
  const startedMs = Date.now();
  const inForceMs = await rig.run([
    { kind: 'fault', atMs: 40, siteId: 'main', faults: [] },
    { kind: 'fault', atMs: 0, siteId: 'main', faults: ['stop'] },
  ]);
  expect(inForceMs).toHaveLength(2);
  expect((inForceMs[1] ?? 0) - startedMs).toBeGreaterThanOrEqual(40);
  expect(await status(0, 'quay/index.m3u8')).toBe(200);
});

test('a login that ran out is refused until a fresh one is used, which the configuration then has', async () => {
  expect(await status(1, 'quay/index.m3u8?token=first')).toBe(200);
  await rig.setFault('backup', { kind: 'login-expired', status: 403 });
  expect(await status(1, 'quay/index.m3u8?token=first')).toBe(403);
  await rig.renewLogin('backup');
  const { credentials } = rig.config().sites[1] ?? {};
  if (credentials?.type !== 'query') throw new Error('no token');
  expect(await status(1, `quay/index.m3u8?token=${credentials.value}`)).toBe(200);
  expect(await status(1, 'quay/index.m3u8?token=first')).toBe(403);
  await rig.clear('backup');
  expect(await status(1, 'quay/index.m3u8?token=first')).toBe(401);
});

test('it tells what each site was asked', async () => {
  const before = (await rig.stats())[0]?.requests.platform?.playlist ?? 0;
  await status(0, 'platform/index.m3u8');
  await status(0, 'platform/init.mp4');
  const [main] = await rig.stats();
  expect(main?.requests.platform).toEqual({ login: 0, playlist: before + 1, init: 1, media: 0 });
  expect(main?.openConnections).toBeGreaterThan(0);
});

test('each camera has a stream of its own at each site, which may send its clients to a second port', async () => {
  await using own = await startRig({
    sites: [
      {
        id: 'main',
        name: 'Main',
        further: true,
        streams: {
          'car-park': { server: 'go2rtc' },
          'main-gate': { stream: { container: 'mpegts' }, oddities: [{ kind: 'elsewhere', by: 'redirect' }] },
        },
      },
      { id: 'backup', name: 'Backup', streams: { 'main-gate': { server: 'mediamtx' } } },
    ],
    cameras: 3,
  });
  const playlist = async (site: number, camera: string): Promise<{ url: URL; text: string }> => {
    const response = await fetch(`${own.sites[site]?.baseUrl}/${camera}/index.m3u8`);
    return { url: new URL(response.url), text: await response.text() };
  };
  expect((await playlist(0, 'car-park')).text).toContain('hls/playlist.m3u8?id=');
  expect((await playlist(0, 'quay')).text).toContain('#EXT-X-MAP:URI="init.mp4"');
  const [main] = own.config().sites;
  const elsewhere = await playlist(0, 'main-gate');
  expect(main?.furtherAddresses).toEqual([{ baseUrl: elsewhere.url.origin, sendLogin: false }]);
  expect(elsewhere.url.origin).not.toBe(own.sites[0]?.baseUrl);
  expect(elsewhere.text).toMatch(/\d+\.ts\n$/);
  const backup = await playlist(1, 'main-gate');
  expect(backup.url.search).toBe('?cookieCheck=1');
  expect(backup.text).toContain('main_stream.m3u8?session=');
  const stats = await own.stats();
  expect(stats.map(({ sessions }) => sessions)).toEqual([
    { 'car-park': { made: 1, open: 1 } },
    { 'main-gate': { made: 1, open: 1 } },
  ]);
  expect(stats[0]?.requests['main-gate']?.playlist, 'the redirect and what it led to').toBe(2);
  expect(stats[0]?.mostPollsPerS).toEqual({ 'car-park': 1, quay: 1, 'main-gate': 1 });

  await own.setFault('main', 'stop');
  await expect(fetch(elsewhere.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await own.clear('main');
  expect((await playlist(0, 'main-gate')).text).toMatch(/\d+\.ts\n$/);
  expect((await own.stats())[0]?.sessions['car-park']?.made).toBe(1);
});

describe('an impossible request is reported, and the rig goes on', () => {
  test.each([
    ['a site that it has not', () => rig.setFault('moon', 'stop'), 'no site "moon", only "main"'],
    [
      'a camera that it has not, beside one that it has',
      () => rig.setFault('main', 'stop', { cameras: ['quay', 'hall-2'] }),
      'no camera "hall-2"',
    ],
    ['conditions that cannot be', () => rig.setConditions('main', { loss: 2 }), 'loss'],
    ['a certificate without TLS', () => rig.setFault('main', 'certificate-changed'), 'has no TLS'],
    ['a login where none is asked for', () => rig.renewLogin('main'), 'asks for no login'],
  ])('%s', async (_name, act, words) => {
    await expect(act()).rejects.toThrow(words);
    expect(await status(0, 'quay/index.m3u8')).toBe(200);
  });

  test('sites that cannot be', async () => {
    await expect(startRig({ sites: [], cameras: 1 })).rejects.toThrow('sites');
    const streams = { 'car-park': { oddities: [{ kind: 'elsewhere', by: 'redirect' } as const] } };
    await expect(startRig({ sites: [{ id: 'main', name: 'Main', streams }], cameras: 1 })).rejects.toThrow(
      'no further address',
    );
  });
});

test('closed, it leaves no site and no file, and says so', async () => {
  let file: string;
  let address: string;
  let closed: Rig;
  {
    await using own = await startRig({ sites: [{ id: 'main', name: 'Main', tls: 'trusted' }], cameras: 1 });
    file = own.configFile();
    expect(own.environment()).toEqual({ NODE_EXTRA_CA_CERTS: expect.stringMatching(/trusted\.pem$/) });
    address = own.sites[0]?.baseUrl ?? '';
    closed = own;
  }
  expect(existsSync(file)).toBe(false);
  await expect(fetch(address)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await expect(closed.stats()).rejects.toThrow("The rig's process ended with SIGKILL");
});
