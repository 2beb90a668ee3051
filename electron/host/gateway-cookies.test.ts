import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Credentials } from '../../shared/config/config.ts';
import { ask, GatewayRig, north } from './testing/gateway-rig.ts';
import { type Answer, type TestSite, transportStream } from './testing/test-site.ts';

let rig: GatewayRig;
beforeEach(() => {
  rig = new GatewayRig();
});
afterEach(() => rig.end());

const COOKIE = 'nvr_session=6f1c8a2b';
const SET_COOKIE = `${COOKIE}; HttpOnly; Path=/live/; Max-Age=7200`;

/** Its playlist sets a cookie, and its media requires it. */
const nvr: Answer = ({ url, headers }, response) => {
  if (url?.includes('.m3u8'))
    response.writeHead(200, { 'set-cookie': SET_COOKIE }).end('#EXTM3U\n#EXTINF:1,\n1.ts\n');
  else if (headers.cookie?.includes(COOKIE) === true)
    response.writeHead(200, { 'content-type': 'video/mp2t' }).end(transportStream(1));
  else response.writeHead(403).end();
};

function cookiesAskedWith(site: TestSite): (string | undefined)[] {
  return site.requests.map(({ headers }) => headers.cookie);
}

describe('a cookie', () => {
  it('that a playlist sets is sent with the media requests, and no page sees it', async () => {
    const site = await rig.startSite(nvr);
    const gateway = rig.open(site);
    expect((await ask(gateway, 'cam/1.ts')).status).toBe(403);
    const playlist = await ask(gateway, 'cam/index.m3u8');
    expect((await ask(gateway, 'cam/1.ts', { headers: { cookie: 'page=1' } })).status).toBe(200);
    expect(cookiesAskedWith(site)).toEqual([undefined, undefined, COOKIE]);
    expect(JSON.stringify(playlist)).not.toContain('6f1c8a2b');
    expect(playlist.headers['set-cookie']).toBeUndefined();
  });

  it('that a redirect sets is sent with the request that follows', async () => {
    const site = await rig.startSite((request, response) => {
      if (request.url === '/live/a.m3u8?cookieCheck=1') response.writeHead(200).end('#EXTM3U\n');
      else
        response
          .writeHead(302, { location: '/live/a.m3u8?cookieCheck=1', 'set-cookie': 'cookieCheck=1' })
          .end();
    });
    expect((await ask(rig.open(site), 'a.m3u8')).status).toBe(200);
    expect(cookiesAskedWith(site)).toEqual([undefined, 'cookieCheck=1']);
  });

  it('that comes with a refusal is kept', async () => {
    const site = await rig.startSite((request, response) => {
      if (request.headers.cookie === undefined)
        response.writeHead(401, { 'set-cookie': ['a=1; Path=/', 'b=2; Path=/'] }).end();
      else response.writeHead(200).end('#EXTM3U\n');
    });
    const gateway = rig.open(site);
    expect((await ask(gateway, 'a.m3u8')).status).toBe(401);
    expect((await ask(gateway, 'a.m3u8')).status).toBe(200);
    expect(cookiesAskedWith(site)).toEqual([undefined, 'a=1; b=2']);
  });

  it('that a login sets is sent together with the token', async () => {
    const site = await rig.startSite((request, response) => {
      if (request.url === '/live/api/login')
        response.writeHead(200, { 'set-cookie': 'csrf=x; Path=/' }).end('{"token":"t"}');
      else response.writeHead(200).end('#EXTM3U\n');
    });
    const credentials: Credentials = {
      type: 'session',
      loginPath: 'api/login',
      username: 'wall',
      password: 'secret',
      request: 'json',
      sendAs: 'bearer',
    };
    await ask(rig.open(site, { credentials }), 'a.m3u8');
    expect(cookiesAskedWith(site)).toEqual([undefined, 'csrf=x']);
  });

  it('of one site is not sent to another', async () => {
    const site = await rig.startSite(nvr);
    const gateway = rig.open(site);
    gateway.update([north(site), north(site, { id: 'south', name: 'South' })]);
    await ask(gateway, 'cam/index.m3u8');
    expect((await ask(gateway, '/sites/south/cam/1.ts')).status).toBe(403);
    expect((await ask(gateway, '/sites/north/cam/1.ts')).status).toBe(200);
  });

  it('is not shared with a further address that takes no login, in either direction', async () => {
    // Both are on one host: by the rules of cookies alone each would get the other's.
    const node = await rig.startSite((_request, response) => {
      response.writeHead(200, { 'set-cookie': `nvr_session=evil; Path=/` }).end('#EXTM3U\n');
    });
    const site = await rig.startSite(nvr);
    const further = [{ baseUrl: `http://127.0.0.1:${node.port}/live/`, sendLogin: false }];
    const gateway = rig.open(site, { furtherAddresses: further });
    await ask(gateway, 'cam/index.m3u8');
    await ask(gateway, '/sites/north/%5Cfurther-1/cam/index.m3u8');
    await ask(gateway, '/sites/north/%5Cfurther-1/cam/index.m3u8');
    await ask(gateway, 'cam/1.ts');
    expect(cookiesAskedWith(node)).toEqual([undefined, 'nvr_session=evil']);
    expect(cookiesAskedWith(site)).toEqual([undefined, COOKIE]);
  });

  it('is sent to a further address that takes the login, by the rules of cookies', async () => {
    const node = await rig.startSite(nvr);
    const site = await rig.startSite(nvr);
    const further = [{ baseUrl: `http://localhost:${node.port}/live/`, sendLogin: true }];
    const gateway = rig.open(site, { furtherAddresses: further });
    await ask(gateway, 'cam/index.m3u8');
    // It is on another host, so that it has a cookie of its own.
    expect((await ask(gateway, '/sites/north/%5Cfurther-1/cam/1.ts')).status).toBe(403);
    await ask(gateway, '/sites/north/%5Cfurther-1/cam/index.m3u8');
    expect((await ask(gateway, '/sites/north/%5Cfurther-1/cam/1.ts')).status).toBe(200);
    expect(cookiesAskedWith(node)).toEqual([undefined, undefined, COOKIE]);
  });

  it('is forgotten with the credentials and with the address, and with nothing else', async () => {
    const site = await rig.startSite(nvr);
    const gateway = rig.open(site);
    const mediaStatus = async (): Promise<number> => (await ask(gateway, 'cam/1.ts')).status;
    await ask(gateway, 'cam/index.m3u8');
    gateway.update([north(site, { name: 'New', watchIntervalMs: 2000 })]);
    expect(await mediaStatus()).toBe(200);
    gateway.update([north(site, { credentials: { type: 'bearer', token: 'new' } })]);
    expect(await mediaStatus()).toBe(403);
    await ask(gateway, 'cam/index.m3u8');
    gateway.update([north(site, { furtherAddresses: [{ baseUrl: 'http://cdn.test/', sendLogin: false }] })]);
    expect(await mediaStatus()).toBe(403);
  });
});
