import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Site } from '../../shared/config/config.ts';
import {
  CONNECT_HEADER,
  DEADLINE_HEADER,
  MAX_DEADLINE_MS,
  MAX_PLAYLIST_BYTES,
  MAX_SEGMENT_BYTES,
  REASON_HEADER,
  REASON_TEXT_HEADER,
  REQUEST_ID_HEADER,
  SITE_HEADER,
} from '../../shared/gateway/gateway-contract.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
import { type Answer, TestSite, transportStream } from './testing/test-site.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function startSite(answer: Answer): Promise<TestSite> {
  const site = await TestSite.start(answer);
  cleanUps.push(() => site.close());
  return site;
}

function gatewayTo(sites: Site | Site[], options: Partial<GatewayOptions> = {}): Gateway {
  const gateway = createGateway({ ...options, sites: [sites].flat() });
  cleanUps.push(() => gateway.dispose());
  return gateway;
}

function siteAt(where: { port: number }, changes: Partial<Site> = {}): Site {
  return { id: 'main', name: 'Main', baseUrl: `http://127.0.0.1:${where.port}/live/`, ...changes };
}

/** Names the site that the path begins with in the header, unless `headers` names another one. */
function asRequest(path: string, { headers, ...more }: RequestInit = {}): Request {
  const all = { [SITE_HEADER]: path.split('/')[0] ?? '', ...headers };
  return new Request(`app://holdfast/sites/${path}`, { headers: all, ...more });
}

function ask(gateway: Gateway, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return gateway.handle(asRequest(path, { headers }));
}

function reasonOf(response: Response): string | null {
  return response.headers.get(REASON_HEADER);
}

function wordsOf(response: Response): string {
  return decodeURIComponent(response.headers.get(REASON_TEXT_HEADER) ?? '');
}

const segment: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'video/mp2t' }).end(transportStream(10));
};
const hang: Answer = () => undefined;

/** A raw server: `serve` handles each connection; connections are counted from 1. */
async function startRaw(serve: (socket: net.Socket, count: number) => void): Promise<{ port: number }> {
  const sockets = new Set<net.Socket>();
  let count = 0;
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    count += 1;
    serve(socket, count);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port };
}

const RAW_SEGMENT = Buffer.concat([
  Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: video/mp2t\r\ncontent-length: 1880\r\n\r\n'),
  transportStream(10),
]);

describe('the way to a site', () => {
  it('gives the body of a path below the base, with its query', async () => {
    const site = await startSite(segment);
    const response = await ask(gatewayTo(siteAt(site)), 'main/cam%201/seg.ts?_HLS_msn=4&b=%2F');
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(transportStream(10));
    expect(site.requests[0]?.url).toBe('/live/cam%201/seg.ts?_HLS_msn=4&b=%2F');
  });

  it('passes on only the headers that matter', async () => {
    const site = await startSite(segment);
    const response = await ask(gatewayTo(siteAt(site)), 'main/seg.ts', {
      range: 'bytes=0-9',
      'if-none-match': '"1"',
      accept: 'video/mp2t',
      authorization: 'Basic cGFnZQ==',
      'x-other': '1',
      [DEADLINE_HEADER]: '5000',
      [REQUEST_ID_HEADER]: 'a',
    });
    await response.arrayBuffer();
    expect(site.requests[0]?.headers).toEqual({
      accept: 'video/mp2t',
      'accept-encoding': 'identity',
      connection: 'keep-alive',
      host: `127.0.0.1:${site.port}`,
      'if-none-match': '"1"',
      range: 'bytes=0-9',
    });
  });

  it('keeps connections for the next request', async () => {
    const site = await startSite(segment);
    const gateway = gatewayTo(siteAt(site));
    for (let count = 0; count < 3; count += 1) await (await ask(gateway, 'main/seg.ts')).arrayBuffer();
    expect(site.connections).toBe(1);
  });

  it('keeps the connection after an error status with a body', async () => {
    const site = await startSite((_request, response) => response.writeHead(404).end('no such camera'));
    const gateway = gatewayTo(siteAt(site));
    for (let count = 0; count < 2; count += 1) {
      expect((await ask(gateway, 'main/seg.ts')).status).toBe(404);
      await vi.waitFor(() => expect(gateway.stats().main?.openRequests).toBe(0));
    }
    expect(site.connections).toBe(1);
  });

  it.each([401, 403, 404, 500, 503])(
    'passes status %d on without a reason and without its body',
    async (status) => {
      const site = await startSite((_request, response) =>
        response.writeHead(status, { 'www-authenticate': 'Basic' }).end('<h1>no</h1>'),
      );
      const response = await ask(gatewayTo(siteAt(site)), 'main/live.m3u8');
      expect(response.status).toBe(status);
      expect(reasonOf(response)).toBeNull();
      expect(response.headers.get('www-authenticate')).toBeNull();
      expect(await response.text()).toBe('');
    },
  );

  it('passes on a byte range with its position', async () => {
    const site = await startSite((_request, response) =>
      response
        .writeHead(206, { 'content-type': 'video/mp4', 'content-range': 'bytes 0-3/10' })
        .end(Buffer.from('moof')),
    );
    const response = await ask(gatewayTo(siteAt(site)), 'main/a.mp4', { range: 'bytes=0-3' });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe('bytes 0-3/10');
  });

  it('answers HEAD without a body', async () => {
    const site = await startSite((request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': '5000' });
      response.end(request.method === 'HEAD' ? undefined : Buffer.alloc(5000));
    });
    const gateway = gatewayTo(siteAt(site));
    const response = await gateway.handle(asRequest('main/a.mp4', { method: 'HEAD' }));
    expect(response.headers.get('content-length')).toBe('5000');
    expect(response.body).toBeNull();
    await vi.waitFor(() => expect(gateway.stats().main?.openRequests).toBe(0));
  });

  it('asks no site for an address that belongs to another site’s stream', async () => {
    const site = await startSite(segment);
    const gateway = gatewayTo([siteAt(site), siteAt(site, { id: 'north', name: 'North' })]);
    const refusal = async (headers: Record<string, string>): Promise<string> => {
      const response = await ask(gateway, 'main/ptz?move=left', headers);
      return `${reasonOf(response)}: ${wordsOf(response)}`;
    };
    expect(await refusal({ [SITE_HEADER]: 'north' })).toBe(
      'not-allowed: a playlist of North points to another site',
    );
    expect(await refusal({ [SITE_HEADER]: '' })).toBe(
      'not-allowed: a playlist of no known site points to another site',
    );
    expect(site.requests).toHaveLength(0);
  });

  it('refuses to write', async () => {
    const site = await startSite(segment);
    const request = asRequest('main/a', { method: 'POST', body: 'x' });
    const response = await gatewayTo(siteAt(site)).handle(request);
    expect(reasonOf(response)).toBe('not-allowed');
    expect(site.requests).toHaveLength(0);
  });

  it('knows only the configured sites, and the new ones after an update', async () => {
    const site = await startSite(segment);
    const gateway = gatewayTo(siteAt(site));
    const unknown = await ask(gateway, 'other/seg.ts');
    expect([unknown.status, reasonOf(unknown), wordsOf(unknown)]).toEqual([
      404,
      'unknown-site',
      'there is no site "other" in the configuration',
    ]);
    gateway.update([siteAt(site, { id: 'other' })]);
    expect((await ask(gateway, 'other/seg.ts')).status).toBe(200);
    expect(reasonOf(await ask(gateway, 'main/seg.ts'))).toBe('unknown-site');
  });

  it('keeps the connections of a site that an update does not move, and cancels those of one that is gone', async () => {
    const site = await startSite((request, response) => {
      if (request.url === '/live/seg.ts') segment(request, response);
    });
    const gateway = gatewayTo([siteAt(site), siteAt(site, { id: 'gone' })]);
    await (await ask(gateway, 'main/seg.ts')).arrayBuffer();
    const hung = ask(gateway, 'gone/hang');
    await vi.waitFor(() => expect(site.requests).toHaveLength(2));
    gateway.update([siteAt(site, { credentials: { type: 'bearer', token: 'new' } })]);
    expect(reasonOf(await hung)).toBe('cancelled');
    await (await ask(gateway, 'main/seg.ts')).arrayBuffer();
    expect(site.requests[2]?.headers.authorization).toBe('Bearer new');
    expect(site.connections).toBe(2);
  });
});

describe('failed connections', () => {
  it('says that a connection was refused', async () => {
    const site = await startSite(segment);
    const { port } = site;
    await site.close();
    const response = await ask(gatewayTo(siteAt({ port })), 'main/live.m3u8');
    expect([response.status, reasonOf(response), wordsOf(response)]).toEqual([
      502,
      'refused',
      'Main refused the connection',
    ]);
  });

  it('says that a fresh connection was reset, without another attempt', async () => {
    let connections = 0;
    const site = await startRaw((socket, count) => {
      connections = count;
      socket.once('data', () => socket.resetAndDestroy());
    });
    expect(reasonOf(await ask(gatewayTo(siteAt(site)), 'main/live.m3u8'))).toBe('reset');
    expect(connections).toBe(1);
  });

  it('tries once more where a reused idle connection was closed (the keep-alive race)', async () => {
    let connections = 0;
    // The first connection answers one request and resets at the next one; all others answer.
    const site = await startRaw((socket, count) => {
      connections = count;
      let requests = 0;
      socket.on('data', () => {
        requests += 1;
        if (count === 1 && requests === 2) socket.resetAndDestroy();
        else socket.write(RAW_SEGMENT);
      });
    });
    const gateway = gatewayTo(siteAt(site));
    await (await ask(gateway, 'main/1.ts')).arrayBuffer();
    const second = await ask(gateway, 'main/2.ts');
    expect(reasonOf(second)).toBeNull();
    expect((await second.arrayBuffer()).byteLength).toBe(1880);
    expect(connections).toBe(2);
  });

  it('reports a reset of the second attempt, which has a fresh connection', async () => {
    let connections = 0;
    const site = await startRaw((socket, count) => {
      connections = count;
      let requests = 0;
      socket.on('data', () => {
        requests += 1;
        if (requests === 1 && count <= 2) socket.write(RAW_SEGMENT);
        else socket.resetAndDestroy();
      });
    });
    const gateway = gatewayTo(siteAt(site));
    // Two idle connections: the second attempt must use neither.
    const [a, b] = await Promise.all([ask(gateway, 'main/1.ts'), ask(gateway, 'main/2.ts')]);
    await Promise.all([a.arrayBuffer(), b.arrayBuffer()]);
    expect(reasonOf(await ask(gateway, 'main/3.ts'))).toBe('reset');
    expect(connections).toBe(3);
  });

  it('does not try again after the first byte of an answer', async () => {
    let requests = 0;
    const site = await startRaw((socket) => {
      socket.on('data', () => {
        requests += 1;
        if (requests === 1) socket.write(RAW_SEGMENT);
        else socket.write('HTTP/1.1 200 OK\r\n', () => socket.resetAndDestroy());
      });
    });
    const gateway = gatewayTo(siteAt(site));
    await (await ask(gateway, 'main/1.ts')).arrayBuffer();
    expect(reasonOf(await ask(gateway, 'main/2.ts'))).toBe('reset');
    expect(requests).toBe(2);
  });

  it('says that a site does not speak HTTP', async () => {
    const site = await startRaw((socket) => {
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
    });
    const response = await ask(gatewayTo(siteAt(site)), 'main/live.m3u8');
    expect(reasonOf(response)).toBe('not-media');
    expect(wordsOf(response)).toContain('not HTTP');
  });

  it('fails the body where the connection is lost in the middle of it', async () => {
    const site = await startRaw((socket) => {
      socket.once('data', () => socket.write(RAW_SEGMENT.subarray(0, 1000), () => socket.destroy()));
    });
    const gateway = gatewayTo(siteAt(site));
    const response = await ask(gateway, 'main/1.ts');
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow(
      'Main closed the connection before its answer was complete',
    );
    expect(gateway.stats().main?.openRequests).toBe(0);
  });

  it('answers with the reason where a playlist breaks off', async () => {
    const site = await startRaw((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n#EXTM3U\n'));
    });
    expect(reasonOf(await ask(gatewayTo(siteAt(site)), 'main/live.m3u8'))).toBe('reset');
  });
});

describe('deadlines and cancellation', () => {
  it('ends a request without an answer at its deadline and leaves no socket', async () => {
    const site = await startSite(hang);
    const clock = new VirtualClock();
    const gateway = gatewayTo(siteAt(site), { clock });
    const pending = ask(gateway, 'main/live.m3u8', { [DEADLINE_HEADER]: '2000' });
    await vi.waitFor(() => expect(site.requests).toHaveLength(1));
    clock.tick(1999);
    expect(gateway.stats().main?.openRequests).toBe(1);
    clock.tick(1);
    const response = await pending;
    expect([response.status, reasonOf(response), wordsOf(response)]).toEqual([
      504,
      'timeout',
      'Main did not answer within 2.0 s',
    ]);
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
    expect(gateway.stats().main).toMatchObject({ openSockets: 0, openRequests: 0 });
  });

  it('ends a body at the deadline and leaves no socket', async () => {
    const site = await startSite((_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t' }).write(transportStream(10));
    });
    const clock = new VirtualClock();
    const gateway = gatewayTo(siteAt(site), { clock });
    const body = (await ask(gateway, 'main/1.ts', { [DEADLINE_HEADER]: '2000' })).arrayBuffer();
    clock.tick(2000);
    await expect(body).rejects.toThrow('Main answered, but not in full within 2.0 s');
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
  });

  it('ends the rest of an error page at the deadline', async () => {
    const site = await startSite((_request, response) => {
      response.writeHead(503).write('wait');
    });
    const clock = new VirtualClock();
    const gateway = gatewayTo(siteAt(site), { clock });
    expect((await ask(gateway, 'main/live.m3u8', { [DEADLINE_HEADER]: '2000' })).status).toBe(503);
    clock.tick(2000);
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
  });

  it('limits a deadline to the longest one allowed', async () => {
    const site = await startSite(hang);
    const clock = new VirtualClock();
    const pending = ask(gatewayTo(siteAt(site), { clock }), 'main/a', { [DEADLINE_HEADER]: '999999' });
    await vi.waitFor(() => expect(site.requests).toHaveLength(1));
    clock.tick(MAX_DEADLINE_MS);
    expect(reasonOf(await pending)).toBe('timeout');
  });

  it('leaves no timer behind after an answer', async () => {
    const site = await startSite(segment);
    const clock = new VirtualClock();
    await (await ask(gatewayTo(siteAt(site), { clock }), 'main/1.ts')).arrayBuffer();
    expect(clock.pending()).toBe(0);
  });

  it('cancels by id before the answer has begun, and only that request', async () => {
    const site = await startSite(hang);
    const gateway = gatewayTo(siteAt(site));
    const first = ask(gateway, 'main/1', { [REQUEST_ID_HEADER]: 'first' });
    const second = ask(gateway, 'main/2', { [REQUEST_ID_HEADER]: 'second' });
    await vi.waitFor(() => expect(site.requests).toHaveLength(2));
    gateway.cancel('first');
    const response = await first;
    expect([response.status, reasonOf(response)]).toEqual([503, 'cancelled']);
    await vi.waitFor(() => expect(site.sockets.size).toBe(1));
    gateway.cancel('second');
    expect(reasonOf(await second)).toBe('cancelled');
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
  });

  it('cancels by id after the answer has begun', async () => {
    const site = await startSite((_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t' }).write(transportStream(10));
    });
    const gateway = gatewayTo(siteAt(site));
    const body = (await ask(gateway, 'main/1', { [REQUEST_ID_HEADER]: 'first' })).arrayBuffer();
    gateway.cancel('first');
    await expect(body).rejects.toThrow('cancelled');
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
  });

  it('closes the connection when the page cancels the body', async () => {
    const site = await startSite((_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t' }).write(transportStream(10));
    });
    const gateway = gatewayTo(siteAt(site));
    const response = await ask(gateway, 'main/1');
    await response.body?.cancel();
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
    expect(gateway.stats().main?.openRequests).toBe(0);
  });

  it('closes the connection when the signal of the request fires', async () => {
    const site = await startSite(hang);
    const controller = new AbortController();
    const request = asRequest('main/1', { signal: controller.signal });
    const pending = gatewayTo(siteAt(site)).handle(request);
    await vi.waitFor(() => expect(site.requests).toHaveLength(1));
    controller.abort();
    expect(reasonOf(await pending)).toBe('cancelled');
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
  });

  it('answers others while 12 requests to the same site hang', async () => {
    const site = await startSite((request, response) => {
      if (!request.url?.includes('hang')) segment(request, response);
    });
    const gateway = gatewayTo(siteAt(site));
    const hung = Array.from({ length: 12 }, (_, index) =>
      ask(gateway, `main/hang${index}`, { [REQUEST_ID_HEADER]: 'hung' }),
    );
    await vi.waitFor(() => expect(site.requests).toHaveLength(12));
    for (let count = 0; count < 3; count += 1)
      expect((await (await ask(gateway, 'main/1.ts')).arrayBuffer()).byteLength).toBe(1880);
    gateway.cancel('hung');
    expect((await Promise.all(hung)).map(reasonOf)).toEqual(Array(12).fill('cancelled'));
  });

  it('closes everything when disposed', async () => {
    const site = await startSite((request, response) => {
      if (request.url === '/live/1.ts') segment(request, response);
    });
    const gateway = gatewayTo(siteAt(site));
    await (await ask(gateway, 'main/1.ts')).arrayBuffer();
    const pending = [ask(gateway, 'main/a'), ask(gateway, 'main/b')];
    await vi.waitFor(() => expect(site.requests).toHaveLength(3));
    gateway.dispose();
    expect((await Promise.all(pending)).map(reasonOf)).toEqual(['cancelled', 'cancelled']);
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
    expect(reasonOf(await ask(gateway, 'main/1.ts'))).toBe('cancelled');
  });
});

describe('look-ups', () => {
  it('answers one site while the look-up of another hangs', async () => {
    const site = await startSite(segment);
    const clock = new VirtualClock();
    const gateway = gatewayTo(
      [
        siteAt(site, { id: 'slow', name: 'Slow', baseUrl: `http://slow.test:${site.port}/live/` }),
        siteAt(site, { baseUrl: `http://quick.test:${site.port}/live/` }),
      ],
      {
        clock,
        lookup: (hostname) =>
          hostname === 'slow.test'
            ? new Promise(() => undefined)
            : Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
      },
    );
    const slow = ask(gateway, 'slow/1.ts', { [DEADLINE_HEADER]: '3000' });
    expect((await (await ask(gateway, 'main/1.ts')).arrayBuffer()).byteLength).toBe(1880);
    clock.tick(3000);
    const response = await slow;
    expect([reasonOf(response), wordsOf(response)]).toEqual([
      'dns',
      'the host name of Slow was not looked up within 3.0 s',
    ]);
    await vi.waitFor(() => expect(gateway.stats().slow).toMatchObject({ openSockets: 0, openRequests: 0 }));
  });

  it('says that a name is unknown, without the address', async () => {
    const site = siteAt({ port: 80 }, { baseUrl: 'http://nowhere.test/' });
    const lookup = () => Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
    const response = await ask(gatewayTo(site, { lookup }), 'main/1.ts');
    expect([reasonOf(response), wordsOf(response)]).toEqual([
      'dns',
      'the host name of Main could not be looked up (ENOTFOUND)',
    ]);
  });

  it('uses the computer’s own look-up', async () => {
    const site = await startSite(segment);
    const gateway = gatewayTo(siteAt(site, { baseUrl: `http://localhost:${site.port}/` }));
    expect((await (await ask(gateway, 'main/1.ts')).arrayBuffer()).byteLength).toBe(1880);
  });

  it('sends the host name of the base address', async () => {
    const site = await startSite(segment);
    const lookup = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const gateway = gatewayTo(siteAt(site, { baseUrl: `http://cams.test:${site.port}/` }), { lookup });
    await (await ask(gateway, 'main/1.ts')).arrayBuffer();
    expect(site.requests[0]?.headers.host).toBe(`cams.test:${site.port}`);
  });
});

describe('credentials', () => {
  it.each<[string, Site['credentials'], string | undefined, string]>([
    ['none', undefined, undefined, '/live/a.ts?b=1'],
    ['basic', { type: 'basic', username: 'op', password: 'käse' }, 'Basic b3A6a8Okc2U=', '/live/a.ts?b=1'],
    ['bearer', { type: 'bearer', token: { env: 'TOKEN' } }, 'Bearer from-outside', '/live/a.ts?b=1'],
    ['query', { type: 'query', name: 'key', value: 'a&b' }, undefined, '/live/a.ts?b=1&key=a%26b'],
  ])('sends %s', async (_name, credentials, authorization, url) => {
    const site = await startSite(segment);
    const options = { environment: { TOKEN: 'from-outside' } };
    const gateway = gatewayTo(siteAt(site, credentials === undefined ? {} : { credentials }), options);
    await (await ask(gateway, 'main/a.ts?b=1')).arrayBuffer();
    expect(site.requests[0]?.headers.authorization).toBe(authorization);
    expect(site.requests[0]?.url).toBe(url);
  });

  it('names the environment variable that is missing, and sends nothing to the site', async () => {
    const site = await startSite(segment);
    const credentials = { type: 'bearer', token: { env: 'MAIN_TOKEN' } } as const;
    const response = await ask(gatewayTo(siteAt(site, { credentials }), { environment: {} }), 'main/a.ts');
    expect(reasonOf(response)).toBe('no-login');
    expect(wordsOf(response)).toBe('the environment variable MAIN_TOKEN, the token of Main, is not set');
    expect(site.requests).toHaveLength(0);
  });
});

describe('redirects', () => {
  it('follows one below the base, and corrects the relative addresses of the playlist', async () => {
    const site = await startSite((request, response) => {
      if (request.url === '/live/cam.m3u8')
        response.writeHead(302, { location: '/live/v2/cam/x.m3u8' }).end();
      else response.writeHead(200).end('#EXTM3U\n#EXTINF:1,\n1.ts\n');
    });
    const response = await ask(gatewayTo(siteAt(site)), 'main/cam.m3u8');
    expect(await response.text()).toBe('#EXTM3U\n#EXTINF:1,\n/sites/main/v2/cam/1.ts\n');
  });

  it.each([
    [
      'another host',
      'https://cdn.example.com:8443/live/a?key=1',
      "Main redirected to https://cdn.example.com:8443/live/: add that address to the site's further addresses, or have its server send relative ones where that does not answer here",
    ],
    [
      'another host, for this camera',
      'http://node-7.test/hls/gate/index.m3u8',
      "Main redirected to http://node-7.test/hls/: add that address to the site's further addresses, or have its server send relative ones where that does not answer here",
    ],
    [
      'another folder',
      '/admin/a',
      "Main redirected to http://127.0.0.1:PORT/admin/: add that address to the site's further addresses, or have its server send relative ones where that does not answer here",
    ],
    [
      'out of the folder',
      '../../admin/a',
      "Main redirected to http://127.0.0.1:PORT/admin/: add that address to the site's further addresses, or have its server send relative ones where that does not answer here",
    ],
    [
      'encoded dots',
      '/live/%252e%252e/admin',
      'Main redirected to http://127.0.0.1:PORT/live/%252e%252e/, which Holdfast does not follow',
    ],
    ['another protocol', 'rtsp://cams.test/gate', 'Main redirected to rtsp:, which Holdfast does not follow'],
    ['no address', 'http://', 'Main redirected without saying where to'],
  ])('refuses one to %s', async (_name, location, words) => {
    const site = await startSite((_request, response) => response.writeHead(302, { location }).end());
    const response = await ask(gatewayTo(siteAt(site)), 'main/gate/index.m3u8');
    expect([response.status, reasonOf(response), wordsOf(response)]).toEqual([
      502,
      'redirect-refused',
      words.replace('PORT', String(site.port)),
    ]);
    expect(site.requests).toHaveLength(1);
  });

  it('follows five and no more', async () => {
    const site = await startSite((request, response) => {
      const hop = Number(request.url?.split('/').at(-1));
      if (hop === 0) segment(request, response);
      else response.writeHead(307, { location: String(hop - 1) }).end();
    });
    const gateway = gatewayTo(siteAt(site));
    expect((await ask(gateway, 'main/5')).status).toBe(200);
    expect(wordsOf(await ask(gateway, 'main/6'))).toBe('Main redirected more than 5 times');
  });

  it.each([
    ['followed', '/live/b.ts', 200],
    ['refused', '/admin/b.ts', 502],
  ])(
    'leave no connection behind when they are %s and their own body never ends',
    async (_kind, location, status) => {
      const site = await startSite((request, response) => {
        if (request.url === '/live/b.ts') segment(request, response);
        else response.writeHead(302, { location }).write('moved, and more to come');
      });
      const gateway = gatewayTo(siteAt(site));
      const response = await ask(gateway, 'main/a.ts');
      expect(response.status).toBe(status);
      await response.arrayBuffer();
      const open = status === 200 ? 1 : 0;
      await vi.waitFor(() => expect(gateway.stats().main?.openSockets).toBe(open));
    },
  );
});

describe('paths', () => {
  // Written as on the wire: a page's URL parser would have resolved the forms that it knows.
  it.each([
    '..%2fadmin',
    '%2e%2e%2fadmin',
    'a/..%2f..%2fadmin',
    '%252e%252e/admin',
    '%25252e%25252e%25252fadmin',
    '..%5cadmin',
    'a%5c..%5c..%5cadmin',
    '..;x/admin',
    'a%00b',
    'a%0d%0ax',
  ])('refuses %s', async (path) => {
    const site = await startSite(segment);
    const response = await ask(gatewayTo(siteAt(site)), `main/${path}`);
    expect([response.status, reasonOf(response)]).toEqual([403, 'not-allowed']);
    expect(site.requests).toHaveLength(0);
  });

  it('keeps a path that looks like a host below the base', async () => {
    const site = await startSite(segment);
    await (await ask(gatewayTo(siteAt(site)), 'main//evil.test/a.ts')).arrayBuffer();
    expect(site.requests[0]?.url).toBe('/live//evil.test/a.ts');
  });

  it('keeps dots that are part of a name', async () => {
    const site = await startSite(segment);
    await (await ask(gatewayTo(siteAt(site)), 'main/a..b/..c/d..ts')).arrayBuffer();
    expect(site.requests[0]?.url).toBe('/live/a..b/..c/d..ts');
  });
});

describe('the answer to a page', () => {
  it('has the safe headers and none of the site’s', async () => {
    const site = await startSite((_request, response) => {
      response.writeHead(200, {
        'content-type': 'Video/MP2T; charset=x',
        'set-cookie': 'a=b',
        'content-security-policy': "script-src 'unsafe-inline'",
        'access-control-allow-origin': '*',
        etag: '"1"',
      });
      response.end(transportStream(1));
    });
    const response = await ask(gatewayTo(siteAt(site)), 'main/1.ts');
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'no-store',
      'content-security-policy': 'sandbox',
      'content-type': 'video/mp2t',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      [CONNECT_HEADER]: expect.stringMatching(/^\d+$/),
    });
  });

  it.each([
    'text/html',
    'text/javascript',
    'application/x-typescript',
    'image/svg+xml',
    'application/wasm',
    'text/css',
  ])('never has the type of %s: the bytes of media decide its content type', async (type) => {
    const site = await startSite((_request, response) =>
      response.writeHead(200, { 'content-type': type }).end(transportStream(10)),
    );
    const response = await ask(gatewayTo(siteAt(site)), 'main/1.ts');
    expect(response.headers.get('content-type')).toBe('video/mp2t');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await response.arrayBuffer()).byteLength).toBe(1880);
  });

  it.each(['text/html', 'video/mp2t', 'application/vnd.apple.mpegurl', 'application/octet-stream'])(
    'never is a web page, whatever its type (%s)',
    async (type) => {
      const site = await startSite((_request, response) =>
        response.writeHead(200, { 'content-type': type }).end('<!doctype html><script>alert(1)</script>'),
      );
      const gateway = gatewayTo(siteAt(site));
      const response = await ask(gateway, 'main/live.m3u8');
      expect([response.status, reasonOf(response), wordsOf(response)]).toEqual([
        502,
        'not-media',
        'Main sent a web page',
      ]);
      expect(gateway.stats().main?.openRequests).toBe(0);
    },
  );

  it('is not a script that claims to be bytes', async () => {
    const site = await startSite((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end('alert(1)'),
    );
    expect(reasonOf(await ask(gatewayTo(siteAt(site)), 'main/1.ts'))).toBe('not-media');
  });

  it('is a playlist with the gateway’s addresses, also without a usable content type', async () => {
    const site: TestSite = await startSite((_request, response) =>
      response
        .writeHead(200, { 'content-type': 'text/plain' })
        .end(`#EXTM3U\n/live/1.ts\nhttp://127.0.0.1:${site.port}/live/2.ts\n3.ts\nhttp://evil.test/4.ts\n`),
    );
    const gateway = gatewayTo(siteAt(site));
    const response = await ask(gateway, 'main/playlist?camera=1');
    expect(response.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
    const [, first, second, third, fourth = ''] = (await response.text()).split('\n');
    expect([first, second, third]).toEqual(['/sites/main/1.ts', '/sites/main/2.ts', '3.ts']);
    const refused = await ask(gateway, fourth.replace('/sites/', ''));
    expect([reasonOf(refused), wordsOf(refused)]).toEqual([
      'not-allowed',
      "a playlist of Main points to http://evil.test/: add that address to the site's further addresses, or have its server send relative ones where that does not answer here",
    ]);
    expect(site.requests).toHaveLength(1);
  });

  it('never contains the token of the query string', async () => {
    const site = await startSite((request, response) =>
      response
        .writeHead(200)
        .end(`#EXTM3U\n${request.url}/0.ts\n1.ts?token=s3cret-t0ken&a=1\n/live/2.ts?token=s3cret-t0ken\n`),
    );
    const credentials = { type: 'query', name: 'token', value: 's3cret-t0ken' } as const;
    const text = await (await ask(gatewayTo(siteAt(site, { credentials })), 'main/a.m3u8')).text();
    expect(site.requests[0]?.url).toContain('s3cret-t0ken');
    expect(text).toBe('#EXTM3U\n/sites/main/a.m3u8?token=removed/0.ts\n1.ts?a=1\n/sites/main/2.ts\n');
  });

  it.each([
    { type: 'bearer', token: 's3cret-t0ken' },
    { type: 'basic', username: 'wall', password: 's3cret' },
  ] as const)(
    'never contains the header of a $type login, though the site repeats it',
    async (credentials) => {
      const site = await startSite(({ headers: { authorization = '' } }, response) => {
        const [, repeated] = authorization.split(' ');
        response.writeHead(200).end(`#EXTM3U\n${repeated}/1.ts?t=${encodeURIComponent(`${repeated}`)}\n`);
      });
      const text = await (await ask(gatewayTo(siteAt(site, { credentials })), 'main/a.m3u8')).text();
      expect(site.requests[0]?.headers.authorization).toMatch(/^(Bearer|Basic) \S+$/);
      expect(text).toBe('#EXTM3U\nremoved/1.ts?t=removed\n');
    },
  );
});

describe('limits', () => {
  it.each([
    [
      'a playlist that says so',
      MAX_PLAYLIST_BYTES + 1,
      '#EXTM3U\n',
      'announced',
      '16 MB that a playlist may have',
    ],
    [
      'a playlist that does not say so',
      MAX_PLAYLIST_BYTES + 1,
      '#EXTM3U\n',
      'sent',
      '16 MB that a playlist may have',
    ],
    ['a segment that says so', MAX_SEGMENT_BYTES + 1, 'GG', 'announced', '64 MB that a segment may have'],
  ])('refuses %s as too large', async (_name, bytes, filling, how, limit) => {
    const site = await startSite((_request, response) => {
      const length = how === 'announced' ? { 'content-length': bytes } : {};
      response.writeHead(200, { 'content-type': 'video/mp2t', ...length }).end(Buffer.alloc(bytes, filling));
    });
    const response = await ask(gatewayTo(siteAt(site)), 'main/a');
    expect([response.status, reasonOf(response), wordsOf(response)]).toEqual([
      502,
      'too-large',
      `Main sent more than the ${limit}`,
    ]);
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
  });

  it('breaks off a segment that grows too large, and closes its connection', async () => {
    const site = await startSite((_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t' });
      const chunk = Buffer.alloc(1_000_000, 0x47);
      const push = (): void => {
        if (!response.destroyed) response.write(chunk, push);
      };
      push();
    });
    const response = await ask(gatewayTo(siteAt(site)), 'main/a');
    await expect(response.arrayBuffer()).rejects.toThrow('Main sent more than the 64 MB');
    await vi.waitFor(() => expect(site.sockets.size).toBe(0));
  });

  it('reads little ahead of a page that stopped reading', async () => {
    const site = await startSite((_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t' }).end(Buffer.alloc(20_000_000, 0x47));
    });
    const gateway = gatewayTo(siteAt(site));
    const reader = (await ask(gateway, 'main/a')).body?.getReader();
    const taken = (await reader?.read())?.value?.length ?? 0;
    // The site is blocked when it could write nothing for a while: its and the gateway's TCP buffers are full.
    const written = (): number => [...site.sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0);
    const pending = (): number => [...site.sockets].reduce((sum, socket) => sum + socket.writableLength, 0);
    let before = -1;
    await vi.waitFor(
      () => {
        const sent = written() - pending();
        const still = sent === before;
        before = sent;
        expect(still).toBe(true);
      },
      { interval: 200 },
    );
    expect(gateway.stats().main?.receivedBytes).toBeLessThan(taken + 300_000);
    let rest = 0;
    for (let step = await reader?.read(); step?.done === false; step = await reader?.read())
      rest += step.value.length;
    expect(taken + rest).toBe(20_000_000);
  });
});
