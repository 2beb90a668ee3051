import { beforeEach, describe, expect, test } from 'vitest';
import { EPOCH_MS } from '../../../electron/demo/live-timeline.ts';
import { PACKET } from '../../../electron/demo/transport-stream.ts';
import { ASKED_MS, AskedStream, addressesIn } from '../asked-stream.ts';

const mpegts = { container: 'mpegts' } as const;

/** The address that a multivariant playlist names. */
const variantOf = (stream: AskedStream, address: string, nowMs?: number): string =>
  addressesIn(stream.playlist(address, nowMs))[0] ?? '';

/** Number of pictures that begin in media of the rig. A flag in a packet of the video marks the beginning of each. */
function picturesIn(media: Uint8Array): number {
  const bytes = Buffer.from(media);
  const heads = Array.from({ length: bytes.length / PACKET }, (_, index) =>
    bytes.readUInt16BE(PACKET * index + 1),
  );
  return heads.filter((head) => head === 0x4100).length;
}

/** Whether a segment's first packet is a table of the program. */
function beginsWithTables(media: Uint8Array): boolean {
  return Buffer.from(media).readUInt16BE(1) === 0x4000;
}

describe('MediaMTX', () => {
  const master = 'index.m3u8?cookieCheck=1';
  let stream: AskedStream;
  beforeEach(async () => {
    stream = await AskedStream.of({ server: 'mediamtx', stream: { partMs: 200 } });
  });

  const secureOnly = 'HttpOnly; Secure; SameSite=None; Partitioned';

  test.each([
    ['mediamtx', ['cookieCheck=1', `cookieCheck=1; ${secureOnly}`]],
    ['mediamtx-1.20.1', [`cookieCheck=1; ${secureOnly}`]],
  ] as const)('of %s redirects once with a cookie, and then names its playlist', async (server, cookies) => {
    const asked = await AskedStream.of({ server });
    expect(asked.ask('index.m3u8')).toEqual({
      kind: 'redirect',
      location: master,
      headers: { 'set-cookie': cookies },
    });
    expect(asked.playlist(master)).toMatch(/CODECS="avc1[^\n]*\nmain_stream\.m3u8\?session=\S+\n$/);
  });

  test('gives a client that keeps cookies its session as one, which counts more than the query', () => {
    const begun = stream.ask(master, ASKED_MS, {}, 'cookieCheck=1');
    expect(begun).toMatchObject({ body: expect.stringMatching(/\nmain_stream\.m3u8\n$/) });
    const { 'set-cookie': set } = (begun.kind === 'file' && begun.headers) || {};
    const [session = ''] = set ?? [];
    expect(set).toEqual([expect.stringMatching(/^hlsSession=[\w-]+$/), `${session}; ${secureOnly}`]);
    const media = stream.playlist('main_stream.m3u8', ASKED_MS, {}, `a=1; ${session}`);
    expect(media).not.toContain('session');
    const inQuery = variantOf(stream, master);
    expect(stream.ask(inQuery, ASKED_MS, {}, 'hlsSession=of-before')).toMatchObject({ kind: 'refused' });
    expect(stream.ask(`${inQuery}-of-before`, ASKED_MS, {}, session)).toMatchObject({ kind: 'file' });
  });

  test('hands the rest of a query on to all addresses', () => {
    const [address = ''] = addressesIn(stream.playlist(`${master}&login=a`));
    expect(address).toMatch(/^main_stream\.m3u8\?login=a&session=\S+$/);
    const [, search] = address.split('?');
    for (const listed of addressesIn(stream.playlist(`${address}&_HLS_msn=0`)))
      expect(listed.split('?')[1]).toBe(search);
  });

  test.each([
    ['mediamtx', 2000],
    ['mediamtx-1.20.1', 0],
  ] as const)('of %s takes %i ms to refuse', async (server, afterMs) => {
    const asked = await AskedStream.of({ server });
    expect(asked.ask('main_stream.m3u8')).toMatchObject({ kind: 'refused', status: 401, afterMs });
  });

  test('has the session in all addresses, and serves what they name', () => {
    const media = stream.playlist(variantOf(stream, master));
    const session = /\?session=[\w-]+/.exec(media)?.[0] ?? 'none';
    const addresses = [
      ...addressesIn(media),
      ...[...media.matchAll(/URI="([^"]+)"/g)].map(([, uri = '']) => uri),
    ];
    expect(addresses.filter((address) => !address.endsWith(session))).toEqual([]);
    const listed = addresses.filter((address) => !media.includes(`PRELOAD-HINT:TYPE=PART,URI="${address}"`));
    for (const address of listed) expect(stream.media(address).length).toBeGreaterThan(500);
  });

  test('refuses what has no session, and one that nobody used for 30 s', () => {
    const refused = { kind: 'refused', status: 401 };
    expect(stream.ask('main_stream.m3u8')).toMatchObject(refused);
    expect(stream.ask('init.mp4?session=of-another')).toMatchObject(refused);
    const variant = variantOf(stream, master);
    expect(stream.ask(variant, ASKED_MS + 30_000)).toMatchObject({ kind: 'file' });
    expect(stream.ask(variant, ASKED_MS + 60_000)).toMatchObject({ kind: 'file' });
    expect(stream.ask(variant, ASKED_MS + 90_001)).toMatchObject(refused);
  });

  test('knows no session of before its start', () => {
    const variant = variantOf(stream, master);
    const later = ASKED_MS + 5000;
    expect(stream.ask(variant, later, { serverStartedMs: ASKED_MS + 1 })).toMatchObject({ kind: 'refused' });
    const again = variantOf(stream, master);
    expect(stream.ask(again, later, { restartedAtMs: ASKED_MS + 1 })).toMatchObject({ kind: 'refused' });
  });

  test('without a publisher has no playlist, and its sessions are over', () => {
    const variant = variantOf(stream, master);
    const gone = { sourceGoneSinceMs: ASKED_MS };
    expect(stream.ask(master, ASKED_MS, gone)).toMatchObject({ kind: 'missing' });
    expect(stream.ask(variant, ASKED_MS, gone)).toMatchObject({ kind: 'refused', status: 401 });
    expect(stream.ask(variant)).toMatchObject({ kind: 'refused', status: 401 });
  });

  test('counts its sessions', async () => {
    const counted = await AskedStream.of({ server: 'mediamtx' });
    variantOf(counted, master);
    variantOf(counted, master, ASKED_MS + 20_000);
    expect(counted.files.sessions?.(ASKED_MS + 31_000)).toEqual({ made: 2, open: 1 });
  });
});

describe('SRS', () => {
  test('answers its one address by the session: known with media, unknown with another session', async () => {
    const stream = await AskedStream.of({ server: 'srs', stream: mpegts });
    expect(stream.playlist()).toMatch(
      /^#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,AVERAGE-BANDWIDTH=1\n\/quay\/index\.m3u8\?hls_ctx=\w+\n$/,
    );
    const variant = variantOf(stream, 'index.m3u8').replace('/quay/', '');
    const media = stream.playlist(variant);
    const [segment = ''] = addressesIn(media);
    expect(segment).toMatch(/^\d+\.ts\?hls_ctx=/);
    expect(stream.media(segment).length).toBeGreaterThan(1000);
    expect(variantOf(stream, 'index.m3u8?login=a')).toMatch(/\?hls_ctx=\w+&login=a$/);
  });

  test('makes a session that it does not know alive again, and one that was not used for two windows', async () => {
    const stream = await AskedStream.of({ server: 'srs', stream: { ...mpegts, windowSegments: 7 } });
    for (const nowMs of [ASKED_MS, ASKED_MS + 14_001]) {
      expect(variantOf(stream, 'index.m3u8?hls_ctx=of-before', nowMs)).toBe(
        '/quay/index.m3u8?hls_ctx=of-before',
      );
      expect(stream.playlist('index.m3u8?hls_ctx=of-before', nowMs)).toContain('#EXTINF');
    }
    expect(stream.files.sessions?.(ASKED_MS + 14_001)).toEqual({ made: 2, open: 1 });
  });
});

describe('go2rtc', () => {
  const open = async () => {
    const stream = await AskedStream.of({ server: 'go2rtc' });
    const list = variantOf(stream, 'index.m3u8');
    const segments = (nowMs?: number): string[] =>
      addressesIn(stream.playlist(list, nowMs)).map((address) => `hls/${address}`);
    return { stream, list, segments };
  };

  test('lists two segments, and others only when one was taken', async () => {
    const { stream, list, segments } = await open();
    expect(stream.playlist(list)).toContain(
      '#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:0.500,',
    );
    const [first = '', second = ''] = segments();
    expect(segments(ASKED_MS + 4000)).toEqual([first, second]);
    stream.media(first, ASKED_MS + 1000);
    expect(segments(ASKED_MS + 1000)[0]).toBe(second);
  });

  test('a segment is what has come since the last one of its session', async () => {
    const { stream, segments } = await open();
    const [first = ''] = segments();
    const other = `hls/segment.ts${new URL(variantOf(stream, 'index.m3u8'), 'http://site.test').search}&n=7`;
    const pictures = (address: string, afterMs: number): number =>
      picturesIn(stream.media(address, ASKED_MS + afterMs));
    expect([700, 2000, 2400].map((afterMs) => pictures(first, afterMs))).toEqual([11, 19, 6]);
    expect(pictures(other, 2400)).toBe(36);
  });

  test('the first segment is waited for, and missing after 3 s', async () => {
    const { stream, segments } = await open();
    const [address = ''] = segments();
    expect(stream.ask(address, ASKED_MS + 10)).toMatchObject({ kind: 'wait' });
    const gone = { sourceGoneSinceMs: ASKED_MS };
    expect(stream.ask(address, ASKED_MS + 3009, gone)).toMatchObject({ kind: 'wait' });
    expect(stream.ask(address, ASKED_MS + 3010, gone)).toMatchObject({ kind: 'missing' });
    expect(stream.ask(address, ASKED_MS + 3100)).toMatchObject({ kind: 'file' });
  });

  test('the first segment has no tables; each later one begins with them, and is they alone where nothing came', async () => {
    const { stream, list, segments } = await open();
    const [first = '', second = ''] = segments();
    expect(beginsWithTables(stream.media(first, ASKED_MS + 100))).toBe(false);
    const nothing = stream.media(second, ASKED_MS + 100);
    expect(beginsWithTables(nothing)).toBe(true);
    expect(nothing).toHaveLength(2 * PACKET);
    expect(stream.playlist(list, ASKED_MS + 100)).toContain('#EXT-X-MEDIA-SEQUENCE:2\n');
    const later = stream.media(second, ASKED_MS + 900);
    expect(later.subarray(0, 2 * PACKET)).toEqual(nothing);
    expect(picturesIn(later)).toBeGreaterThan(10);
  });

  test('a session ends 5 s after its last segment, whatever is asked for beside', async () => {
    const { stream, list, segments } = await open();
    stream.media(segments()[0] ?? '', ASKED_MS + 4000);
    expect(stream.ask(list, ASKED_MS + 9000)).toMatchObject({ kind: 'file' });
    expect(stream.ask(list, ASKED_MS + 9001)).toMatchObject({ kind: 'missing' });
    expect(stream.ask('hls/segment.ts?id=of-another')).toMatchObject({ kind: 'missing' });
  });

  test('a camera that cannot be reached is an empty answer', async () => {
    const { stream } = await open();
    expect(stream.playlist('index.m3u8', ASKED_MS, { sourceGoneSinceMs: EPOCH_MS })).toBe('');
  });

  test('each request for its address makes a session', async () => {
    const { stream } = await open();
    variantOf(stream, 'index.m3u8');
    expect(stream.files.sessions?.(ASKED_MS)).toEqual({ made: 2, open: 2 });
    expect(stream.files.sessions?.(ASKED_MS + 5001)).toEqual({ made: 2, open: 0 });
  });
});
