import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Credentials } from '../../shared/config/config.ts';
import {
  DEADLINE_HEADER,
  type Expectation,
  type GatewayReason,
} from '../../shared/gateway/gateway-contract.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { ask, GatewayRig } from './testing/gateway-rig.ts';
import { type Answer, type TestSite, transportStream } from './testing/test-site.ts';

let rig: GatewayRig;
beforeEach(() => {
  rig = new GatewayRig();
});
afterEach(() => rig.end());

const DEADLINE = { headers: { [DEADLINE_HEADER]: '2000' } };

function sends(body: Buffer | string, type?: string): Answer {
  return (_request, response) =>
    response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(body);
}

const hang: Answer = () => undefined;
const PAGE = `<!DOCTYPE html>\n<html><head><title>Log in</title></head>${'<p>Please log in.</p>'.repeat(100)}`;
const CIPHERTEXT = Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 167 + 99) % 256));

interface Case {
  readonly what: string;
  readonly path?: string;
  readonly expects?: Expectation;
  readonly answer: Answer;
  readonly reason: GatewayReason;
  readonly words: string;
}

describe('what the gateway says about an answer', () => {
  it.each<Case>([
    {
      what: 'a login page in the place of a playlist',
      path: 'cam.m3u8',
      answer: sends(PAGE, 'text/html'),
      reason: 'not-media',
      words: 'North sent a web page',
    },
    {
      what: 'a login page in the place of media',
      expects: 'media',
      answer: sends(PAGE, 'video/mp2t'),
      reason: 'not-media',
      words: 'North sent a web page',
    },
    {
      what: 'a login page in the place of a key',
      expects: 'key',
      answer: sends(PAGE, 'application/octet-stream'),
      reason: 'not-media',
      words: 'North sent a page instead of a key',
    },
    {
      what: 'an error in the place of a key',
      expects: 'key',
      answer: sends('{"error":"no licence"}'),
      reason: 'not-media',
      words: 'North sent JSON instead of a key',
    },
    {
      what: 'a key of megabytes',
      expects: 'key',
      answer: sends(Buffer.alloc(3_000_000, 7)),
      reason: 'too-large',
      words: 'North sent more than the 1 KB that a key may have',
    },
    {
      what: 'an error in JSON, with status 200',
      path: 'cam.m3u8',
      answer: sends('{"error":"4","errorString":"encrypted archive"}', 'application/json'),
      reason: 'not-media',
      words: 'North sent JSON',
    },
    {
      what: 'an error in XML, with status 200',
      answer: sends('<?xml version="1.0"?><Error>AccessDenied</Error>', 'application/xml'),
      reason: 'not-media',
      words: 'North sent XML',
    },
    {
      what: 'nothing, in the place of media',
      expects: 'media',
      answer: sends('', 'video/mp2t'),
      reason: 'not-media',
      words: 'North sent an empty answer',
    },
    {
      what: 'ciphertext that nobody expects',
      expects: 'media',
      answer: sends(CIPHERTEXT, 'application/octet-stream'),
      reason: 'not-media',
      words: 'North sent neither a playlist nor media (application/octet-stream)',
    },
    {
      what: 'text in the place of ciphertext',
      expects: 'encrypted-media',
      answer: sends('File Not Found'),
      reason: 'not-media',
      words: 'North sent neither a playlist nor media (no content type)',
    },
  ])('$what', async ({ path = '1.ts', expects, answer, reason, words }) => {
    const gateway = rig.open(await rig.startSite(answer));
    expect(await ask(gateway, path, expects === undefined ? {} : { expects })).toMatchObject({
      status: 502,
      reason,
      words,
    });
    expect(gateway.stats().north?.openRequests).toBe(0);
  });
});

describe('what the gateway says when the deadline has passed', () => {
  async function late(answer: Answer, credentials?: Credentials) {
    const site: TestSite = await rig.startSite(answer);
    const clock = new VirtualClock();
    const gateway = rig.open(site, credentials === undefined ? {} : { credentials }, { clock });
    const pending = ask(gateway, 'cam.m3u8', DEADLINE);
    return { site, clock, pending, gateway };
  }

  const session: Credentials = {
    type: 'session',
    loginPath: 'login',
    username: 'wall',
    password: 'secret',
    request: 'json',
    sendAs: 'bearer',
  };

  it('is that the site did not answer, where no status came', async () => {
    const { site, clock, pending } = await late(hang);
    await vi.waitFor(() => expect(site.requests).toHaveLength(1));
    clock.tick(2000);
    expect(await pending).toMatchObject({ reason: 'timeout', words: 'North did not answer within 2.0 s' });
  });

  it('is that the answer is incomplete, where it began', async () => {
    const { site, clock, pending, gateway } = await late((_request, response) =>
      response.writeHead(200).write('#EXTM3U\n'),
    );
    await vi.waitFor(() => expect(gateway.stats().north?.receivedBytes).toBeGreaterThan(0));
    await vi.waitFor(() => expect(site.requests).toHaveLength(1));
    clock.tick(2000);
    expect(await pending).toMatchObject({
      reason: 'timeout',
      words: 'North answered, but not in full within 2.0 s',
    });
  });

  it('is that the login was not answered, where the request waits for it', async () => {
    const { site, clock, pending } = await late(hang, session);
    await vi.waitFor(() => expect(site.requests).toHaveLength(1));
    clock.tick(2000);
    expect(await pending).toMatchObject({
      reason: 'timeout',
      words: 'the login at North was not answered within 2.0 s',
    });
  });

  it('is that the host name was not looked up, for a login as well', async () => {
    const site = await rig.startSite(hang);
    const clock = new VirtualClock();
    const lookup = vi.fn(() => new Promise<never>(() => undefined));
    const changes = { baseUrl: 'http://nvr.test/live/', credentials: session };
    const pending = ask(rig.open(site, changes, { clock, lookup }), 'cam.m3u8', DEADLINE);
    await vi.waitFor(() => expect(lookup).toHaveBeenCalledOnce());
    clock.tick(2000);
    expect(await pending).toMatchObject({
      reason: 'dns',
      words: 'the host name of North was not looked up within 2.0 s',
    });
  });

  it('is the site’s refusal, where it refused a token and the new login takes long', async () => {
    let logins = 0;
    let refuses = false;
    const { clock, pending, gateway } = await late((request, response) => {
      if (request.url !== '/live/login') response.writeHead(refuses ? 401 : 200).end('#EXTM3U\n');
      else {
        logins += 1;
        if (logins === 1) response.writeHead(200).end('{"token":"t"}');
      }
    }, session);
    expect((await pending).status).toBe(200);
    refuses = true;
    const refused = ask(gateway, 'cam.m3u8', DEADLINE);
    await vi.waitFor(() => expect(logins).toBe(2));
    clock.tick(2000);
    expect(await refused).toMatchObject({ status: 401, reason: null });
  });

  it.each([401, 403, 404, 503])(
    'is not needed where status %i came: the body is not waited for',
    async (status) => {
      const site = await rig.startSite((_request, response) =>
        response.writeHead(status).write('please wait'),
      );
      expect(await ask(rig.open(site), 'cam.m3u8')).toMatchObject({ status, reason: null });
    },
  );
});

describe('encrypted media', () => {
  it.each(['video/mp2t', 'application/octet-stream', 'text/html', undefined])(
    'is passed on where the page expects it, with any type (%s)',
    async (type) => {
      const gateway = rig.open(await rig.startSite(sends(CIPHERTEXT, type)));
      const { status, bytes, headers } = await ask(gateway, '1.ts', { expects: 'encrypted-media' });
      expect([status, bytes]).toEqual([200, CIPHERTEXT]);
      expect(headers).toMatchObject({
        'content-type': type === 'video/mp2t' ? type : 'application/octet-stream',
        'content-security-policy': 'sandbox',
        'x-content-type-options': 'nosniff',
      });
    },
  );

  it.each(['application/octet-stream', 'text/html', 'application/pgp-keys', undefined])(
    'has its key passed on, with any bytes and any type (%s)',
    async (type) => {
      for (const key of [
        CIPHERTEXT.subarray(0, 16),
        Buffer.from('<html>0123456789'),
        Buffer.from('no key at all'),
      ]) {
        const gateway = rig.open(await rig.startSite(sends(key, type)));
        const { status, bytes, headers } = await ask(gateway, 'enc.key', { expects: 'key' });
        expect([status, bytes]).toEqual([200, key]);
        expect(headers).toMatchObject({
          'content-type': 'application/octet-stream',
          'content-security-policy': 'sandbox',
          'x-content-type-options': 'nosniff',
        });
      }
    },
  );

  it('whose key the site refuses has that refusal’s status', async () => {
    const gateway = rig.open(await rig.startSite((_request, response) => response.writeHead(403).end(PAGE)));
    expect(await ask(gateway, 'enc.key', { expects: 'key' })).toMatchObject({ status: 403, reason: null });
  });

  it('has the strict rules of clear media where the page expects clear media', async () => {
    const gateway = rig.open(await rig.startSite(sends(transportStream(10), 'text/html')));
    const { headers } = await ask(gateway, '1.ts', { expects: 'encrypted-media' });
    expect(headers['content-type']).toBe('video/mp2t');
  });
});

describe('an empty playlist', () => {
  it.each([
    ['application/vnd.apple.mpegurl', 'api/stream?src=cam'],
    [undefined, 'cam/index.m3u8'],
    ['text/html', 'cam'],
  ])('is passed on as one (%s): that camera is off', async (type, path) => {
    const gateway = rig.open(await rig.startSite(sends('', type)));
    expect(await ask(gateway, path)).toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-type': 'application/vnd.apple.mpegurl' },
    });
  });
});

describe('the names of cameras', () => {
  it.each([
    ['cam%201/index.m3u8', '/live/cam%201/index.m3u8'],
    ['cam 1/index.m3u8', '/live/cam%201/index.m3u8'],
    ['site/a..b/index.m3u8', '/live/site/a..b/index.m3u8'],
    ['a%2Fb/index.m3u8', '/live/a%2Fb/index.m3u8'],
    ['a%252Fb/index.m3u8', '/live/a%252Fb/index.m3u8'],
    ['Einfahrt%20S%C3%BCd/index.m3u8', '/live/Einfahrt%20S%C3%BCd/index.m3u8'],
    ['Einfahrt Süd/index.m3u8', '/live/Einfahrt%20S%C3%BCd/index.m3u8'],
    ['%E5%85%A5%E5%8F%A3/index.m3u8', '/live/%E5%85%A5%E5%8F%A3/index.m3u8'],
    ['gate;v=1,(2)/100%25/index.m3u8', '/live/gate;v=1,(2)/100%25/index.m3u8'],
    ['...three/..two/.one/index.m3u8', '/live/...three/..two/.one/index.m3u8'],
    ['cam?src=Einfahrt%20S%C3%BCd&mp4', '/live/cam?src=Einfahrt%20S%C3%BCd&mp4'],
    ['cam?src=..%2F..%2Fa&b=%5C', '/live/cam?src=..%2F..%2Fa&b=%5C'],
  ])('may be anything: %s', async (path, url) => {
    const site = await rig.startSite(sends('#EXTM3U\n'));
    expect((await ask(rig.open(site), `/sites/north/${path}`)).status).toBe(200);
    expect(site.requests.map((request) => request.url)).toEqual([url]);
  });

  it('come through a redirect that contains them unencoded, with a session in its query', async () => {
    const site = await rig.startSite((request, response) => {
      if (request.url?.includes('cookieCheck=1') === true)
        response
          .writeHead(200)
          .end(
            '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmain_stream.m3u8?session=0f-1\n#EXT-X-MAP:URI="/live/b?c=1"\n',
          );
      else {
        const location = Buffer.from('/live/Einfahrt Süd/index.m3u8?cookieCheck=1').toString('latin1');
        response.writeHead(302, { location }).end();
      }
    });
    const { text } = await ask(rig.open(site), 'Einfahrt%20S%C3%BCd/index.m3u8');
    expect(site.requests.map(({ url }) => url)).toEqual([
      '/live/Einfahrt%20S%C3%BCd/index.m3u8',
      '/live/Einfahrt%20S%C3%BCd/index.m3u8?cookieCheck=1',
    ]);
    expect(text).toContain('\nmain_stream.m3u8?session=0f-1\n');
    expect(text).toContain('"/sites/north/b?c=1"');
  });
});
