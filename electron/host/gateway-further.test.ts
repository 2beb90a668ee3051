import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Credentials, Site } from '../../shared/config/config.ts';
import { DEADLINE_HEADER } from '../../shared/gateway/gateway-contract.ts';
import { resolveUri } from '../../shared/playlist/resolve-uri.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { ask, GatewayRig, north } from './testing/gateway-rig.ts';
import { sha256OfDer, TestAuthority } from './testing/test-certificates.ts';
import { type Answer, type TestSite, transportStream } from './testing/test-site.ts';

let rig: GatewayRig;
beforeEach(() => {
  rig = new GatewayRig();
});
afterEach(() => rig.end());

const SEGMENT = transportStream(10);
const segment: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'video/mp2t' }).end(SEGMENT);
};

function redirectTo(location: () => string): Answer {
  return (_request, response) => response.writeHead(302, { location: location() }).end();
}

function furtherAt(...sites: TestSite[]): Pick<Site, 'furtherAddresses'> {
  return {
    furtherAddresses: sites.map(({ port }) => ({
      baseUrl: `http://127.0.0.1:${port}/hls/`,
      sendLogin: false,
    })),
  };
}

function withLogin({
  furtherAddresses = [],
}: Pick<Site, 'furtherAddresses'>): Pick<Site, 'furtherAddresses'> {
  return { furtherAddresses: furtherAddresses.map((one) => ({ ...one, sendLogin: true })) };
}

describe('a redirect to a further address', () => {
  it('is followed, with its query', async () => {
    const node = await rig.startSite(segment);
    const site = await rig.startSite(
      redirectTo(() => `http://127.0.0.1:${node.port}/hls/1.ts?session=a%2Fb`),
    );
    expect(await ask(rig.open(site, furtherAt(node)), '1.ts')).toMatchObject({ status: 200, bytes: SEGMENT });
    expect(node.requests.map(({ url }) => url)).toEqual(['/hls/1.ts?session=a%2Fb']);
    expect(node.requests[0]?.headers.host).toBe(`127.0.0.1:${node.port}`);
  });

  it('is followed without a login that is written into it, and so are the addresses in its playlist', async () => {
    const node = await rig.startSite((_request, response) => {
      response.writeHead(200).end('#EXTM3U\n#EXTINF:1,\n1.ts\n');
    });
    const site = await rig.startSite(redirectTo(() => `http://user:pw@127.0.0.1:${node.port}/hls/x.m3u8`));
    const { status, text } = await ask(rig.open(site, furtherAt(node)), 'x.m3u8');
    expect([status, text.split('\n')[2]]).toEqual([200, '/sites/north/%5Cfurther-1/1.ts']);
    expect(node.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('counts together with all other redirects, five at most', async () => {
    const hop: Answer = ({ url }, response) => {
      const left = Number(url?.split('/').at(-1));
      const next =
        left % 2 === 0 ? `http://127.0.0.1:${node.port}/hls` : `http://127.0.0.1:${site.port}/live`;
      if (left === 0) response.writeHead(200, { 'content-type': 'video/mp2t' }).end(SEGMENT);
      else response.writeHead(307, { location: `${next}/${left - 1}` }).end();
    };
    const node: TestSite = await rig.startSite(hop);
    const site: TestSite = await rig.startSite(hop);
    const gateway = rig.open(site, furtherAt(node));
    expect((await ask(gateway, '5')).status).toBe(200);
    expect((await ask(gateway, '6')).words).toMatch(/^North( at [\d.:]+)? redirected more than 5 times$/);
  });

  it('to a neighbouring address is refused, and the message says which one to add', async () => {
    const node = await rig.startSite(segment);
    const site = await rig.startSite(redirectTo(() => `http://127.0.0.1:${node.port}/admin/1.ts`));
    expect(await ask(rig.open(site, furtherAt(node)), '1.ts')).toMatchObject({
      reason: 'redirect-refused',
      words: `North redirected to http://127.0.0.1:${node.port}/admin/: add that address to the site's further addresses, or have its server send relative ones where that does not answer here`,
    });
    expect(node.requests).toHaveLength(0);
  });

  it('corrects the relative addresses of its playlist, though the path is the same', async () => {
    const node = await rig.startSite((_request, response) => {
      response.writeHead(200).end('#EXTM3U\n#EXTINF:1,\n1.ts\n#EXTINF:1,\n../b/2.ts?c=1\n');
    });
    const site = await rig.startSite(redirectTo(() => `http://127.0.0.1:${node.port}/live/a/index.m3u8`));
    const further = [{ baseUrl: `http://127.0.0.1:${node.port}/live/`, sendLogin: false }];
    const { text } = await ask(rig.open(site, { furtherAddresses: further }), 'a/index.m3u8');
    expect(text.split('\n').filter((line) => !line.startsWith('#'))).toEqual([
      '/sites/north/%5Cfurther-1/a/1.ts',
      '/sites/north/%5Cfurther-1/b/2.ts?c=1',
      '',
    ]);
  });
});

describe('an address of a playlist below a further address', () => {
  it('is asked for there, and so are addresses relative to it', async () => {
    const node = await rig.startSite((request, response) => {
      if (request.url?.endsWith('.ts')) segment(request, response);
      else response.writeHead(200).end('#EXTM3U\n#EXTINF:1,\n1.ts\n#EXTINF:1,\n../low/2.ts\n');
    });
    const site = await rig.startSite((_request, response) => {
      response
        .writeHead(200)
        .end(
          `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://127.0.0.1:${node.port}/hls/cam/high/x.m3u8?s=1\n`,
        );
    });
    const gateway = rig.open(site, furtherAt(node));
    const variant = (await ask(gateway, 'cam.m3u8')).text.split('\n')[2] ?? '';
    expect(variant).toBe('/sites/north/%5Cfurther-1/cam/high/x.m3u8?s=1');
    const lines = (await ask(gateway, variant)).text.split('\n');
    for (const line of [lines[2], lines[4]]) {
      const pathname = resolveUri(variant, line ?? '') ?? '';
      expect(await ask(gateway, pathname)).toMatchObject({ status: 200, bytes: SEGMENT });
    }
    expect(node.requests.map(({ url }) => url)).toEqual([
      '/hls/cam/high/x.m3u8?s=1',
      '/hls/cam/high/1.ts',
      '/hls/cam/low/2.ts',
    ]);
  });

  it('cannot be left by any spelling of ..', async () => {
    const node = await rig.startSite(segment);
    const gateway = rig.open(await rig.startSite(segment), furtherAt(node));
    for (const path of ['..%2fadmin', '%252e%252e/admin', 'a/..%2f..%2fadmin', '..%5cadmin', '..;x/a'])
      expect(await ask(gateway, `/sites/north/%5Cfurther-1/${path}`)).toMatchObject({
        reason: 'not-allowed',
      });
    for (const path of ['%5Cfurther-2/a', '%5Cfurther-0/a', '%5Cfurther-1', '%5Cfurther-/a', '%5Cother/a'])
      expect(await ask(gateway, `/sites/north/${path}`)).toMatchObject({ reason: 'not-allowed' });
    expect(node.requests).toHaveLength(0);
  });
});

describe('the login', () => {
  const bearer: Credentials = { type: 'bearer', token: 's3cret-t0ken' };
  const query: Credentials = { type: 'query', name: 'key', value: 's3cret-t0ken' };

  it.each([
    ['bearer', bearer, 'Bearer s3cret-t0ken', '/hls/1.ts?key=s3cret-t0ken', '/hls/1.ts?key=s3cret-t0ken'],
    ['query', query, undefined, '/hls/1.ts', '/hls/1.ts?key=s3cret-t0ken'],
  ] as const)(
    'by %s goes to a further address only where the admin allows it',
    async (_name, credentials, authorization, bareUrl, fullUrl) => {
      const node = await rig.startSite(segment);
      // A load balancer does this: it redirects the request unchanged.
      const site = await rig.startSite((request, response) =>
        response
          .writeHead(302, { location: `http://127.0.0.1:${node.port}/hls/1.ts?key=s3cret-t0ken` })
          .end(request.url),
      );
      await ask(rig.open(site, { ...furtherAt(node), credentials }), '1.ts');
      await ask(rig.open(site, { ...withLogin(furtherAt(node)), credentials }), '1.ts');
      expect(node.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, authorization]);
      expect(node.requests.map(({ url }) => url)).toEqual([bareUrl, fullUrl]);
    },
  );

  it('goes to the base address again when a further address leads back', async () => {
    const node: TestSite = await rig.startSite(redirectTo(() => `http://127.0.0.1:${site.port}/live/2.ts`));
    const site: TestSite = await rig.startSite((request, response) => {
      if (request.url === '/live/2.ts') segment(request, response);
      else redirectTo(() => `http://127.0.0.1:${node.port}/hls/1.ts`)(request, response);
    });
    expect(await ask(rig.open(site, { ...furtherAt(node), credentials: bearer }), '1.ts')).toMatchObject({
      status: 200,
    });
    expect(site.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer s3cret-t0ken',
      'Bearer s3cret-t0ken',
    ]);
    expect(node.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('goes to the base address alone where a further address is another folder of it', async () => {
    const site: TestSite = await rig.startSite((request, response) => {
      if (request.url === '/node-2/1.ts') segment(request, response);
      else redirectTo(() => '/node-2/1.ts')(request, response);
    });
    const further = [{ baseUrl: `http://127.0.0.1:${site.port}/node-2`, sendLogin: false }];
    expect(
      await ask(rig.open(site, { furtherAddresses: further, credentials: bearer }), '1.ts'),
    ).toMatchObject({
      status: 200,
    });
    expect(site.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/live/1.ts', 'Bearer s3cret-t0ken'],
      ['/node-2/1.ts', undefined],
    ]);
  });

  it('is not shown to the page by an address that does not get it', async () => {
    const node = await rig.startSite((_request, response) => {
      response.writeHead(200).end('#EXTM3U\n#EXTINF:1,\n1.ts?key=s3cret-t0ken\ns3cret-t0ken/2.ts\n');
    });
    const site = await rig.startSite(redirectTo(() => `http://127.0.0.1:${node.port}/hls/a.m3u8`));
    const { text } = await ask(rig.open(site, { ...furtherAt(node), credentials: query }), 'a.m3u8');
    expect(text).toBe(
      '#EXTM3U\n#EXTINF:1,\n/sites/north/%5Cfurther-1/1.ts\n/sites/north/%5Cfurther-1/removed/2.ts\n',
    );
  });

  it('is not shown in the message of a refusal', async () => {
    const site = await rig.startSite(
      redirectTo(() => 'http://cdn.test/s3cret-t0ken/a.m3u8?key=s3cret-t0ken'),
    );
    expect((await ask(rig.open(site, { credentials: query }), 'a.m3u8')).words).toBe(
      "North redirected to http://cdn.test/removed/: add that address to the site's further addresses, or have its server send relative ones where that does not answer here",
    );
  });

  it('is not required by a further address that gets none', async () => {
    const node = await rig.startSite(segment);
    const credentials: Credentials = { type: 'bearer', token: { env: 'NORTH_TOKEN' } };
    const changes = { ...furtherAt(node), credentials };
    const gateway = rig.open(await rig.startSite(segment), changes, { environment: {} });
    expect((await ask(gateway, '/sites/north/%5Cfurther-1/1.ts')).status).toBe(200);
    expect(await ask(gateway, '1.ts')).toMatchObject({ reason: 'no-login' });
  });

  describe('by a session', () => {
    const session: Credentials = {
      type: 'session',
      loginPath: 'login',
      username: 'wall',
      password: 'secret',
      request: 'json',
      sendAs: 'bearer',
    };

    it('is not renewed when an address that gets no token refuses', async () => {
      let logins = 0;
      const node = await rig.startSite((_request, response) => response.writeHead(403).end());
      const site = await rig.startSite((request, response) => {
        if (request.url !== '/live/login')
          redirectTo(() => `http://127.0.0.1:${node.port}/hls/1.ts`)(request, response);
        else {
          logins += 1;
          response.writeHead(200).end('{"token":"t"}');
        }
      });
      const clock = new VirtualClock();
      const gateway = rig.open(site, { ...furtherAt(node), credentials: session }, { clock });
      for (let count = 0; count < 3; count += 1) {
        expect((await ask(gateway, '1.ts')).status).toBe(403);
        clock.tick(10_000);
      }
      expect(logins).toBe(1);
      expect(node.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    });

    it('is not waited for by a further address that gets no token, even if the login fails', async () => {
      const node = await rig.startSite(segment);
      const site = await rig.startSite((_request, response) => response.writeHead(503).end());
      const gateway = rig.open(site, { ...furtherAt(node), credentials: session });
      expect((await ask(gateway, '/sites/north/%5Cfurther-1/1.ts')).status).toBe(200);
      expect(site.requests).toHaveLength(0);
      expect(await ask(gateway, '1.ts')).toMatchObject({ reason: 'no-login' });
    });

    it('is fetched where such an address leads to one that gets it', async () => {
      const node = await rig.startSite(redirectTo(() => `http://127.0.0.1:${site.port}/live/1.ts`));
      const site: TestSite = await rig.startSite((request, response) => {
        if (request.url === '/live/login') response.writeHead(200).end('{"token":"t"}');
        else if (request.headers.authorization === 'Bearer t') segment(request, response);
        else response.writeHead(401).end();
      });
      const gateway = rig.open(site, { ...furtherAt(node), credentials: session });
      expect((await ask(gateway, '/sites/north/%5Cfurther-1/1.ts')).status).toBe(200);
      expect(site.requests.map(({ url }) => url)).toEqual(['/live/login', '/live/1.ts']);
      expect(node.requests[0]?.headers.authorization).toBeUndefined();
    });

    it('is what a request waits for after a redirect, where the login is not answered', async () => {
      const node = await rig.startSite(redirectTo(() => `http://127.0.0.1:${site.port}/live/1.ts`));
      const site: TestSite = await rig.startSite(() => undefined);
      const clock = new VirtualClock();
      const gateway = rig.open(site, { ...furtherAt(node), credentials: session }, { clock });
      const headers = { [DEADLINE_HEADER]: '2000' };
      const pending = ask(gateway, '/sites/north/%5Cfurther-1/1.ts', { headers });
      await vi.waitFor(() => expect(site.requests).toHaveLength(1));
      clock.tick(2000);
      expect(await pending).toMatchObject({
        reason: 'timeout',
        words: 'the login at North was not answered within 2.0 s',
      });
    });

    it('is renewed where an address that gets the token refuses', async () => {
      let logins = 0;
      const node = await rig.startSite((request, response) => {
        if (request.headers.authorization === 'Bearer t2') segment(request, response);
        else response.writeHead(401).end();
      });
      const site = await rig.startSite((request, response) => {
        if (request.url !== '/live/login')
          redirectTo(() => `http://127.0.0.1:${node.port}/hls/1.ts`)(request, response);
        else {
          logins += 1;
          response.writeHead(200).end(`{"token":"t${logins}"}`);
        }
      });
      const clock = new VirtualClock();
      const gateway = rig.open(site, { ...withLogin(furtherAt(node)), credentials: session }, { clock });
      expect((await ask(gateway, '1.ts')).status).toBe(401);
      clock.tick(30_000);
      expect((await ask(gateway, '1.ts')).status).toBe(200);
      expect(logins).toBe(2);
    });
  });
});

describe('the connections to further addresses', () => {
  it('are kept, counted with the site and closed with it', async () => {
    const node = await rig.startSite(segment);
    const site = await rig.startSite(redirectTo(() => `http://127.0.0.1:${node.port}/hls/1.ts`));
    const gateway = rig.open(site, furtherAt(node));
    for (let count = 0; count < 3; count += 1) await ask(gateway, '1.ts');
    expect([site.connections, node.connections]).toEqual([1, 1]);
    const { openSockets, receivedBytes } = gateway.stats().north ?? {};
    expect(openSockets).toBe(2);
    expect(receivedBytes).toBeGreaterThan(3 * SEGMENT.length);
    gateway.update([]);
    await vi.waitFor(() => expect(site.sockets.size + node.sockets.size).toBe(0));
  });

  it('are closed, and their requests cancelled, when the address is removed from the site', async () => {
    const node = await rig.startSite(() => undefined);
    const site = await rig.startSite(redirectTo(() => `http://127.0.0.1:${node.port}/hls/1.ts`));
    const gateway = rig.open(site, furtherAt(node));
    const hung = ask(gateway, '1.ts');
    await vi.waitFor(() => expect(node.requests).toHaveLength(1));
    gateway.update([north(site)]);
    expect(await hung).toMatchObject({ reason: 'cancelled' });
    await vi.waitFor(() => expect(node.sockets.size).toBe(0));
    expect(await ask(gateway, '1.ts')).toMatchObject({ reason: 'redirect-refused' });
  });

  it('fail with messages that name them', async () => {
    const node = await rig.startSite(segment);
    const { port } = node;
    const site = await rig.startSite(redirectTo(() => `http://127.0.0.1:${port}/hls/1.ts`));
    const gateway = rig.open(site, furtherAt(node));
    await node.close();
    expect(await ask(gateway, '1.ts')).toMatchObject({
      reason: 'refused',
      words: `North at 127.0.0.1:${port} refused the connection`,
    });
  });

  it('have a look-up of their own, which the message names when it hangs', async () => {
    const site = await rig.startSite(redirectTo(() => 'http://cdn.test/hls/1.ts'));
    const clock = new VirtualClock();
    const lookup = vi.fn(() => new Promise<never>(() => undefined));
    const further = [{ baseUrl: 'http://cdn.test/hls/', sendLogin: false }];
    const gateway = rig.open(site, { furtherAddresses: further }, { clock, lookup });
    const pending = ask(gateway, '1.ts', { headers: { [DEADLINE_HEADER]: '2000' } });
    await vi.waitFor(() => expect(lookup).toHaveBeenCalledOnce());
    clock.tick(2000);
    expect(await pending).toMatchObject({
      reason: 'dns',
      words: 'the host name of North at cdn.test was not looked up within 2.0 s',
    });
  });
});

describe('the certificates', () => {
  it('of the base address is the pinned one, and that of a further address one of an authority', async () => {
    const authority = await TestAuthority.create();
    const pinned = await authority.selfSigned(['127.0.0.1']);
    const node = await rig.startSite(segment, await authority.issue('Node', ['127.0.0.1']));
    const imposter = await rig.startSite(segment, await authority.selfSigned(['127.0.0.1']));
    let port = node.port;
    const site = await rig.startSite(
      redirectTo(() => `https://127.0.0.1:${port}/hls/1.ts`),
      pinned,
    );
    const further = [node, imposter].map(({ port: at }) => ({
      baseUrl: `https://127.0.0.1:${at}/hls/`,
      sendLogin: true,
    }));
    const gateway = rig.open(
      site,
      {
        baseUrl: `https://127.0.0.1:${site.port}/live/`,
        tlsPin: sha256OfDer(pinned),
        furtherAddresses: further,
        credentials: { type: 'bearer', token: 'secret' },
      },
      { authorities: [authority.cert] },
    );
    expect(await ask(gateway, '1.ts')).toMatchObject({ status: 200, bytes: SEGMENT });
    port = imposter.port;
    expect(await ask(gateway, '1.ts')).toMatchObject({ reason: 'tls-untrusted' });
    expect(imposter.requests).toHaveLength(0);
  });
});
