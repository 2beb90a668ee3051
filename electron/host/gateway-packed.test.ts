import zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SITE_HEADER } from '../../shared/gateway/gateway-contract.ts';
import { ask, GatewayRig } from './testing/gateway-rig.ts';
import { type Answer, type TestSite, transportStream } from './testing/test-site.ts';

let rig: GatewayRig;
beforeEach(() => {
  rig = new GatewayRig();
});
afterEach(() => rig.end());

const PLAYLIST = '#EXTM3U\n#EXTINF:1,\n1.ts\n';
const SEGMENT = transportStream(2000);

function packed(encoding: string, body: Buffer, type = 'application/vnd.apple.mpegurl'): Answer {
  return (_request, response) => {
    response.writeHead(200, {
      'content-type': type,
      'content-encoding': encoding,
      'content-length': body.length,
    });
    response.end(body);
  };
}

const WAYS: [string, (bytes: Buffer | string) => Buffer][] = [
  ['gzip', zlib.gzipSync],
  ['x-gzip', zlib.gzipSync],
  ['GZip', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['deflate', zlib.deflateRawSync],
  ['br', zlib.brotliCompressSync],
  ['identity', (bytes) => Buffer.from(bytes)],
  ['utf-8', (bytes) => Buffer.from(bytes)],
  ['gzip, identity', zlib.gzipSync],
  ['deflate, gzip', (bytes) => zlib.gzipSync(zlib.deflateRawSync(bytes))],
  ['aws-chunked, br', zlib.brotliCompressSync],
];

describe('a compressed answer', () => {
  it.each(WAYS)('as %s is decompressed (%#)', async (encoding, pack) => {
    const playlists = rig.open(await rig.startSite(packed(encoding, pack(PLAYLIST))));
    expect(await ask(playlists, 'a.m3u8')).toMatchObject({ status: 200, text: PLAYLIST });
    const segments = rig.open(await rig.startSite(packed(encoding, pack(SEGMENT), 'video/mp2t')));
    const { bytes, headers } = await ask(segments, '1.ts', { expects: 'media' });
    expect(bytes.equals(SEGMENT)).toBe(true);
    expect(headers['content-length']).toBe(
      pack(SEGMENT).equals(SEGMENT) ? String(SEGMENT.length) : undefined,
    );
    expect(headers['content-encoding']).toBeUndefined();
  });

  it('is judged by its decompressed bytes, not by its content type', async () => {
    const pages = rig.open(await rig.startSite(packed('gzip', zlib.gzipSync('<html></html>'), 'video/mp2t')));
    expect(await ask(pages, '1.ts')).toMatchObject({ reason: 'not-media', words: 'North sent a web page' });
    const media = rig.open(await rig.startSite(packed('br', zlib.brotliCompressSync(SEGMENT), 'text/html')));
    expect((await ask(media, '1.ts')).headers['content-type']).toBe('video/mp2t');
  });

  it('may lack its end, if there is any content', async () => {
    const cut = zlib.gzipSync(PLAYLIST).subarray(0, -8);
    const gateway = rig.open(await rig.startSite(packed('gzip', cut)));
    expect((await ask(gateway, 'a.m3u8')).text).toBe(PLAYLIST);
  });

  it.each(['gzip', 'deflate', 'br', 'br, gzip'])('as %s may be empty', async (encoding) => {
    const gateway = rig.open(await rig.startSite(packed(encoding, Buffer.alloc(0))));
    expect(await ask(gateway, 'a.m3u8')).toMatchObject({ status: 200, text: '' });
  });

  it.each([
    ['gzip', PLAYLIST, 'North sent something that it calls gzip and is not'],
    ['br', PLAYLIST, 'North sent something that it calls br and is not'],
    ['zstd', PLAYLIST, 'North packed its answer in a way that Holdfast does not know (zstd)'],
    ['gzip, gzip, gzip', PLAYLIST, 'North packed its answer 3 times over'],
    ['deflate, gzip', zlib.gzipSync(PLAYLIST), 'North sent something that it calls deflate and is not'],
  ])('as %s is refused where it cannot be decompressed', async (encoding, body, words) => {
    const site = await rig.startSite(packed(encoding, Buffer.from(body)));
    const gateway = rig.open(site);
    expect(await ask(gateway, 'a.m3u8')).toMatchObject({ status: 502, reason: 'not-media', words });
    expect(gateway.stats().north?.openRequests).toBe(0);
  });

  it('reports that its connection broke', async () => {
    const site: TestSite = await rig.startSite((_request, response) => {
      const body = zlib.gzipSync(PLAYLIST);
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length });
      response.write(body.subarray(0, 15), () => {
        for (const socket of site.sockets) socket.destroy();
      });
    });
    expect(await ask(rig.open(site), 'a.m3u8')).toMatchObject({
      reason: 'reset',
      words: 'North closed the connection before its answer was complete',
    });
  });

  it('ends with the request', async () => {
    const site = await rig.startSite((_request, response) => {
      const body = zlib.gzipSync(SEGMENT, { level: 0 });
      response.writeHead(200, { 'content-type': 'video/mp2t', 'content-encoding': 'gzip' });
      response.write(body.subarray(0, 100_000));
    });
    const gateway = rig.open(site);
    const response = await gateway.handle(
      new Request('app://holdfast/sites/north/1.ts', { headers: { [SITE_HEADER]: 'north' } }),
    );
    await response.body?.cancel();
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
    expect(gateway.stats().north?.openRequests).toBe(0);
  });
});

describe('an answer that grows a thousandfold', () => {
  /** 2 MB that decompress to 2 GB. */
  const bomb = (beginning: Buffer | string): Buffer => {
    const piece = zlib.gzipSync(Buffer.alloc(10_000_000), { level: 9 });
    return Buffer.concat([zlib.gzipSync(beginning), ...Array.from({ length: 200 }, () => piece)]);
  };

  it('is decompressed no further than the page reads, and ends at the limit', async () => {
    const site = await rig.startSite(packed('gzip', bomb(SEGMENT), 'video/mp2t'));
    const gateway = rig.open(site);
    const response = await gateway.handle(
      new Request('app://holdfast/sites/north/1.ts', { headers: { [SITE_HEADER]: 'north' } }),
    );
    const reader = response.body?.getReader();
    let taken = (await reader?.read())?.value?.length ?? 0;
    // The site cannot send: the buffers of both sides are full.
    const sent = (): number =>
      [...site.sockets].reduce(
        (sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength,
        0,
      );
    let before = -1;
    await vi.waitFor(
      () => {
        const now = sent();
        const still = now === before;
        before = now;
        expect(still).toBe(true);
      },
      { interval: 200 },
    );
    expect(gateway.stats().north?.receivedBytes).toBeLessThan(500_000);
    const readOn = async (): Promise<void> => {
      for (let step = await reader?.read(); step?.done === false; step = await reader?.read())
        taken += step.value.length;
    };
    await expect(readOn()).rejects.toThrow('North sent more than the 64 MB that a segment may have');
    expect(taken).toBeGreaterThan(63_900_000);
    expect(taken).toBeLessThanOrEqual(64_000_000);
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
  });

  it.each([
    ['a playlist', '#EXTM3U\n', undefined, 'North sent more than the 16 MB that a playlist may have'],
    ['a key', '', 'key', 'North sent more than the 1 KB that a key may have'],
  ] as const)('ends at the limit of %s', async (_name, beginning, expects, words) => {
    const site = await rig.startSite(packed('gzip, gzip', zlib.gzipSync(bomb(beginning))));
    const gateway = rig.open(site);
    const answer = await ask(gateway, 'a', expects === undefined ? {} : { expects });
    expect(answer).toMatchObject({ reason: 'too-large', words });
    expect(gateway.stats().north?.openRequests).toBe(0);
  });
});
