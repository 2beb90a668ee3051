import { afterEach, describe, expect, it, vi } from 'vitest';
import { createGateway, type Gateway } from '../gateway.ts';
import { type Answer, TestSite, transportStream } from '../testing/test-site.ts';
import { answerPlaylist, MediaAnswers } from './bridge-answer.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function gatewayTo(answer: Answer): Promise<{ readonly gateway: Gateway; readonly site: TestSite }> {
  const site = await TestSite.start(answer);
  const baseUrl = `http://127.0.0.1:${site.port}/live/`;
  const gateway = createGateway({ sites: [{ id: 'main', name: 'Main', baseUrl }] });
  cleanUps.push(
    () => site.close(),
    () => gateway.dispose(),
  );
  return { gateway, site };
}

const REQUEST = {
  site: 'main',
  pathname: '/sites/main/gate.m3u8?part=2',
  requestId: 'one',
  deadlineMs: 5000,
};

describe('a playlist over the bridge', () => {
  it('is the site’s, with addresses that lead to the gateway', async () => {
    const { gateway, site } = await gatewayTo((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/x-mpegurl' })
        .end('#EXTM3U\n#EXTINF:1,\n/live/1.ts\n');
    });
    const answer = await answerPlaylist(gateway, REQUEST);
    expect(answer).toEqual({ kind: 'text', text: '#EXTM3U\n#EXTINF:1,\n/sites/main/1.ts\n' });
    expect(site.requests.map(({ url }) => url)).toEqual(['/live/gate.m3u8?part=2']);
  });

  it('that the site refuses has the site’s status and no reason', async () => {
    const { gateway } = await gatewayTo((_request, response) => response.writeHead(503).end());
    expect(await answerPlaylist(gateway, REQUEST)).toEqual({
      kind: 'failed',
      status: 503,
      reason: null,
      words: null,
    });
  });

  it('without a site has a reason, in words with any letters', async () => {
    const { gateway } = await gatewayTo(() => undefined);
    expect(
      await answerPlaylist(gateway, { ...REQUEST, site: 'süd', pathname: '/sites/süd/gate.m3u8' }),
    ).toEqual({
      kind: 'failed',
      status: 404,
      reason: 'unknown-site',
      words: expect.stringContaining('"süd"'),
    });
  });

  it('that is media is not accepted as a playlist, and is not read to its end', async () => {
    const { gateway, site } = await gatewayTo((_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t' }).write(transportStream(10));
    });
    expect(await answerPlaylist(gateway, REQUEST)).toEqual({ kind: 'text', text: 'media' });
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
  });

  it('that is empty is passed on empty, whatever its name', async () => {
    const { gateway } = await gatewayTo((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end();
    });
    expect(await answerPlaylist(gateway, REQUEST)).toEqual({ kind: 'text', text: '' });
  });

  it('ends when it is cancelled by its id', async () => {
    const { gateway, site } = await gatewayTo(() => undefined);
    const answer = answerPlaylist(gateway, REQUEST);
    await vi.waitFor(() => expect(site.requests).toHaveLength(1));
    gateway.cancel('one');
    expect(await answer).toMatchObject({ kind: 'failed', reason: 'cancelled' });
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
  });
});

describe('media over the bridge', () => {
  const MEDIA = {
    ...REQUEST,
    pathname: '/sites/main/1.ts',
    firstByteMs: 2000,
    range: null,
    expects: 'media' as const,
  };
  const SEGMENT = transportStream(10);

  it('is the site’s bytes, and says how long they were waited for', async () => {
    const { gateway } = await gatewayTo((_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t' }).end(SEGMENT);
    });
    const answer = await new MediaAnswers(gateway).begin(MEDIA);
    expect(answer).toMatchObject({ kind: 'bytes', waitedMs: expect.any(Number) });
    expect(answer.kind === 'bytes' && Buffer.from(answer.bytes)).toEqual(Buffer.from(SEGMENT));
  });

  it('says how long connecting took, and nothing over an existing connection', async () => {
    const { gateway } = await gatewayTo((_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t' }).end(SEGMENT);
    });
    const answers = new MediaAnswers(gateway);
    expect(await answers.begin(MEDIA)).toHaveProperty('connectMs');
    expect(await answers.begin(MEDIA)).not.toHaveProperty('connectMs');
  });

  it('may be a byte range of a file', async () => {
    const { gateway, site } = await gatewayTo((_request, response) => {
      response.writeHead(206, { 'content-type': 'video/mp2t' }).end(SEGMENT.subarray(0, 188));
    });
    const answer = await new MediaAnswers(gateway).begin({
      ...MEDIA,
      range: { offset: 376, length: 188 },
      expects: 'media',
    });
    expect(answer.kind === 'bytes' && answer.bytes).toHaveLength(188);
    expect(site.requests[0]?.headers.range).toBe('bytes=376-563');
  });

  it('that the site refuses has the site’s status', async () => {
    const { gateway } = await gatewayTo((_request, response) => response.writeHead(404).end());
    expect(await new MediaAnswers(gateway).begin(MEDIA)).toMatchObject({
      kind: 'failed',
      status: 404,
      reason: null,
    });
  });

  it('that does not begin in time is given up, even if its whole deadline is longer', async () => {
    const { gateway, site } = await gatewayTo(() => undefined);
    const answer = new MediaAnswers(gateway).begin({ ...MEDIA, firstByteMs: 40 });
    expect(await answer).toMatchObject({ kind: 'failed', status: 504, reason: 'timeout' });
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
  });

  it('that broke off has a reason', async () => {
    const { gateway, site } = await gatewayTo((_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t', 'content-length': '100000' }).write(SEGMENT);
    });
    const answer = new MediaAnswers(gateway).begin(MEDIA);
    await vi.waitFor(() => expect(site.requests).toHaveLength(1));
    for (const socket of site.sockets) socket.destroy();
    expect(await answer).toMatchObject({ kind: 'failed', reason: 'reset' });
  });

  it('is ciphertext or a key where that is expected; nothing else is passed on', async () => {
    const { gateway } = await gatewayTo(({ url }, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.end(Buffer.alloc(url?.endsWith('.key') === true ? 16 : 1600, 7));
    });
    const lengthOf = async (pathname: string, expects: 'media' | 'encrypted-media' | 'key') => {
      const answer = await new MediaAnswers(gateway).begin({ ...MEDIA, pathname, expects });
      return answer.kind === 'bytes' ? answer.bytes.length : answer.reason;
    };
    expect(await lengthOf('/sites/main/1.ts', 'encrypted-media')).toBe(1600);
    expect(await lengthOf('/sites/main/1.ts', 'media')).toBe('not-media');
    expect(await lengthOf('/sites/main/1.ts', 'key')).toBe('too-large');
    expect(await lengthOf('/sites/main/enc.key', 'key')).toBe(16);
  });

  it('ends in the middle when it is cancelled by its id', async () => {
    const { gateway, site } = await gatewayTo((_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t' }).write(SEGMENT);
    });
    const answer = new MediaAnswers(gateway).begin(MEDIA);
    await vi.waitFor(() => expect(site.requests).toHaveLength(1));
    gateway.cancel('one');
    expect(await answer).toMatchObject({ kind: 'failed', reason: 'cancelled' });
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
  });

  describe('that is large', () => {
    /** 5.6 MB of null packets, which have equal bytes except for a number in each. */
    const LARGE = transportStream(30_000);
    for (let at = 0; at < LARGE.length; at += 188) LARGE.writeUInt32BE(at, at + 4);

    it('comes in pieces of a megabyte as they are asked for, and the site is not read ahead of them', async () => {
      const { gateway, site } = await gatewayTo((_request, response) => {
        response.writeHead(200, { 'content-type': 'video/mp2t' });
        const send = (): void => {
          while (response.write(LARGE)) {}
        };
        response.on('drain', send);
        send();
      });
      const answers = new MediaAnswers(gateway);
      expect(await answers.begin(MEDIA)).toMatchObject({ bytes: new Uint8Array(0), hasMore: true });
      let received = Buffer.alloc(0);
      while (received.length < LARGE.length) {
        const piece = await answers.rest('one');
        if (piece.kind === 'failed') throw new Error(piece.words ?? 'no words');
        expect(piece.bytes.length).toBeGreaterThanOrEqual(1_000_000);
        expect(piece.bytes.length).toBeLessThan(1_100_000);
        received = Buffer.concat([received, piece.bytes]);
      }
      expect(received.subarray(0, LARGE.length).equals(LARGE)).toBe(true);
      expect(gateway.stats().main?.receivedBytes).toBeLessThan(received.length + 2_000_000);
      expect(site.sockets.size).toBe(1);
    });

    it('ends with its last byte', async () => {
      const { gateway } = await gatewayTo((_request, response) => {
        response.writeHead(200, { 'content-type': 'video/mp2t' }).end(LARGE);
      });
      const answers = new MediaAnswers(gateway);
      await answers.begin(MEDIA);
      const pieces: Uint8Array[] = [];
      for (let hasMore = true; hasMore; ) {
        const piece = await answers.rest('one');
        if (piece.kind === 'failed') throw new Error(piece.words ?? 'no words');
        pieces.push(piece.bytes);
        hasMore = piece.hasMore;
      }
      expect(Buffer.concat(pieces).equals(LARGE)).toBe(true);
      expect(gateway.stats().main?.openRequests).toBe(0);
      expect(await answers.rest('one')).toMatchObject({ kind: 'failed', reason: 'cancelled' });
    });

    it.each(['cancelled', 'timeout'] as const)(
      'and is %s ends, and the request for its next piece says so',
      async (reason) => {
        const { gateway, site } = await gatewayTo((_request, response) => {
          response.writeHead(200, { 'content-type': 'video/mp2t' }).write(LARGE);
        });
        const answers = new MediaAnswers(gateway);
        await answers.begin({ ...MEDIA, deadlineMs: reason === 'timeout' ? 500 : 5000 });
        let piece = answers.rest('one');
        if (reason === 'cancelled') gateway.cancel('one');
        while ((await piece).kind === 'bytes') piece = answers.rest('one');
        expect(await piece).toMatchObject({ kind: 'failed', reason });
        await vi.waitFor(() => expect(site.sockets.size).toBe(0));
      },
    );

    it('and takes too much work to read from its beginning on is given up, and not read to its end', async () => {
      const { gateway, site } = await gatewayTo((_request, response) => {
        const units = transportStream(30_000);
        for (let at = 0; at < units.length; at += 188) units[at + 1] = 0x5f;
        response.writeHead(200, { 'content-type': 'video/mp2t' }).write(units);
      });
      expect(await new MediaAnswers(gateway).begin(MEDIA)).toMatchObject({
        kind: 'failed',
        reason: 'not-media',
      });
      await vi.waitFor(() => expect(site.sockets.size).toBe(0));
    });
  });
});
