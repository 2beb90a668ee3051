import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import type { LiveAnswer, LiveFiles, StreamCondition } from './live-files.ts';
import { Origin, type OriginOptions } from './origin.ts';
import { OriginCertificates } from './origin-certificates.ts';

const START_MS = Date.UTC(2026, 2, 3, 4, 5, 6);
const MEDIA = Buffer.alloc(100_000, 'media');

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A camera that records its requests. */
class RecordingCamera implements LiveFiles {
  readonly asked: {
    readonly file: string;
    readonly nowMs: number;
    readonly condition: StreamCondition;
    readonly cookies: string;
  }[] = [];

  answer(
    file: string,
    query: URLSearchParams,
    nowMs: number,
    condition: StreamCondition,
    cookies = 'not told',
  ): LiveAnswer {
    this.asked.push({ file, nowMs, condition, cookies });
    const untilMs = Number(query.get('until'));
    if (nowMs < untilMs) return { kind: 'wait', untilMs };
    if (file === 'index.m3u8')
      return { kind: 'file', type: 'application/vnd.apple.mpegurl', body: `#EXTM3U ${nowMs}` };
    if (file === 'init.mp4' || file === '1.m4s') return { kind: 'file', type: 'video/mp4', body: MEDIA };
    if (file === 'moved')
      return {
        kind: 'redirect',
        location: 'index.m3u8?session=1',
        headers: { 'set-cookie': ['a=1', 'b=2'] },
      };
    if (file === 'locked') return { kind: 'refused', status: 401, words: 'Your session is over.' };
    if (file === 'slowly-locked') return { kind: 'refused', status: 401, words: 'Wait.', afterMs: 2000 };
    if (file === 'marked')
      return { kind: 'file', type: 'video/mp4', body: MEDIA, headers: { 'set-cookie': 'a=1' } };
    if (file === 'bad') return { kind: 'bad-request', words: 'Nobody can answer that.' };
    return { kind: 'missing', words: 'It is not there.' };
  }
}

async function openOrigin(options: Partial<OriginOptions> = {}) {
  const clock = new VirtualClock();
  const quay = new RecordingCamera();
  const origin = await Origin.open({
    cameras: new Map([
      ['quay', quay],
      ['hall', new RecordingCamera()],
    ]),
    now: () => START_MS + clock.now(),
    clock,
    random: () => 0.5,
    ...options,
  });
  cleanUps.push(() => origin.close());
  return { origin, clock, quay };
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function ask(origin: Origin, path: string, options: object = {}): Promise<Reply> {
  const send = origin.baseUrl.startsWith('https') ? httpsRequest : httpRequest;
  const request = send(`${origin.baseUrl}${path}`, { agent: false, ...options }).end();
  // The body reports what breaks the answer off.
  request.on('error', () => {});
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await buffer(response) };
}

function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no failure',
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
}

async function statusOf(origin: Origin, path: string): Promise<number> {
  return (await ask(origin, path)).status;
}

/** Advances the clock whenever something waits for it, until `promise` is settled. Returns the time that passed, ms. */
async function passTime(clock: VirtualClock, promise: Promise<unknown>, stepMs = 1): Promise<number> {
  const startMs = clock.now();
  let settled = false;
  const watched = promise.finally(() => {
    settled = true;
  });
  while (!settled) {
    if (clock.pending() > 0) clock.tick(stepMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await watched;
  return clock.now() - startMs;
}

async function waiting(clock: VirtualClock, timers = 1): Promise<void> {
  while (clock.pending() < timers) await new Promise((resolve) => setImmediate(resolve));
}

async function openSocket(origin: Origin): Promise<Socket> {
  const socket = connect(origin.port, '127.0.0.1');
  cleanUps.push(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function isSilent(socket: Socket): Promise<boolean> {
  socket.setTimeout(100);
  const first = await Promise.race([
    once(socket, 'timeout').then(() => true),
    once(socket, 'data').then(() => false),
    once(socket, 'close').then(() => false),
  ]);
  socket.setTimeout(0);
  return first;
}

describe('what the files answer', () => {
  test('is sent as it is', async () => {
    const { origin } = await openOrigin();
    const bad = await ask(origin, '/quay/bad');
    expect([bad.status, bad.body.toString()]).toEqual([400, 'Nobody can answer that.\n']);
    expect(await statusOf(origin, '/quay/gone')).toBe(404);
    const locked = await ask(origin, '/quay/locked');
    expect([locked.status, locked.body.toString()]).toEqual([401, 'Your session is over.\n']);
  });

  test('a refusal may come late', async () => {
    const { origin, clock } = await openOrigin();
    const refused = ask(origin, '/quay/slowly-locked');
    expect(await passTime(clock, refused, 10)).toBe(2000);
    expect((await refused).status).toBe(401);
  });

  test('may redirect a client, set a cookie, and read the cookies of requests', async () => {
    const { origin, quay } = await openOrigin();
    const moved = await ask(origin, '/quay/moved', { headers: { cookie: 'a=1; b=2' } });
    expect([moved.status, moved.headers.location]).toEqual([302, 'index.m3u8?session=1']);
    expect(moved.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect((await ask(origin, '/quay/marked')).headers['set-cookie']).toEqual(['a=1']);
    expect(quay.asked.map(({ cookies }) => cookies)).toEqual(['a=1; b=2', '']);
  });

  test('may depend on when the server was last started', async () => {
    const { origin, clock, quay } = await openOrigin();
    await ask(origin, '/quay/index.m3u8');
    clock.tick(700);
    await origin.setFault('stop');
    clock.tick(300);
    await origin.setFault('none');
    await ask(origin, '/quay/index.m3u8');
    expect(quay.asked.map(({ condition }) => condition.serverStartedMs)).toEqual([START_MS, START_MS + 1000]);
  });

  test('a waiting request is held until its time by the clock', async () => {
    const { origin, clock } = await openOrigin();
    const answer = ask(origin, `/quay/index.m3u8?until=${START_MS + 400}`);
    expect(await passTime(clock, answer)).toBe(400);
    expect((await answer).body.toString()).toBe(`#EXTM3U ${START_MS + 400}`);
  });

  test('a fault that comes meanwhile ends the wait', async () => {
    const { origin, clock } = await openOrigin();
    const answer = ask(origin, `/quay/index.m3u8?until=${START_MS + 400}`);
    await waiting(clock);
    await origin.setFault('503');
    expect((await answer).status).toBe(503);
  });

  test('a frozen playlist holds requests for its next version until it moves', async () => {
    const { origin, clock, quay } = await openOrigin();
    await origin.setFault('freeze');
    const answer = ask(origin, `/quay/index.m3u8?until=${START_MS + 400}`);
    while (quay.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.tick(10_000);
    expect(clock.pending()).toBe(0);
    await origin.setFault('none');
    expect((await answer).body.toString()).toBe(`#EXTM3U ${START_MS + 10_000}`);
  });
});

describe('answers', () => {
  test('reset: they break off in the middle', async () => {
    const { origin } = await openOrigin();
    await origin.setFault('reset');
    expect(await failureOf(ask(origin, '/quay/1.m4s'))).toBe('ECONNRESET');
    expect(await failureOf(ask(origin, '/quay/index.m3u8'))).toBe('ECONNRESET');
  });

  test.each([
    ['everything', [410, 410, 410]],
    ['playlists', [410, 200, 200]],
    ['media', [200, 200, 410]],
  ] as const)('a status of %s', async (of, statuses) => {
    const { origin } = await openOrigin();
    await origin.setFault({ kind: 'status', status: 410, of });
    const seen = [];
    for (const file of ['index.m3u8', 'init.mp4', '1.m4s'])
      seen.push(await statusOf(origin, `/quay/${file}`));
    expect(seen).toEqual(statuses);
  });

  test('a status with a delay comes after it, and immediately when the fault is another one', async () => {
    const { origin, clock } = await openOrigin();
    const slow = { kind: 'status', status: 401, of: 'everything', afterMs: 3000 } as const;
    await origin.setFault(slow);
    const refused = ask(origin, '/quay/index.m3u8');
    expect(await passTime(clock, refused, 10)).toBe(3000);
    expect((await refused).status).toBe(401);
    const other = ask(origin, '/quay/index.m3u8');
    await waiting(clock);
    await origin.setFault('503');
    expect((await other).status).toBe(503);
  });

  test('truncated: the first half, as a complete answer', async () => {
    const { origin } = await openOrigin();
    await origin.setFault('truncated');
    expect((await ask(origin, '/quay/1.m4s')).body.equals(MEDIA.subarray(0, 50_000))).toBe(true);
  });

  test('corrupt: the usual length, with bytes flipped; playlists and init segments are whole', async () => {
    const { origin } = await openOrigin();
    await origin.setFault('corrupt');
    const { body } = await ask(origin, '/quay/1.m4s');
    expect(body.length).toBe(MEDIA.length);
    expect(body.filter((byte, at) => byte !== MEDIA[at]).length).toBeGreaterThan(1000);
    expect((await ask(origin, '/quay/init.mp4')).body.equals(MEDIA)).toBe(true);
  });

  test('not media: HTML with 200 and the type of video', async () => {
    const { origin } = await openOrigin();
    await origin.setFault('not-media');
    const { status, headers, body } = await ask(origin, '/quay/1.m4s');
    expect([status, headers['content-type']]).toEqual([200, 'video/mp4']);
    expect(body.toString()).toContain('<!doctype html>');
  });

  test('slow: media takes as long as the rate says, playlists do not', async () => {
    const { origin, clock } = await openOrigin();
    await origin.setFault({ kind: 'slow', bytesPerS: 50_000 });
    expect(await statusOf(origin, '/quay/index.m3u8')).toBe(200);
    expect(await passTime(clock, ask(origin, '/quay/1.m4s'))).toBe(2000);
  });

  test('slow may end in the middle of an answer', async () => {
    const { origin, clock } = await openOrigin();
    await origin.setFault({ kind: 'slow', bytesPerS: 1 });
    const answer = ask(origin, '/quay/1.m4s');
    await waiting(clock);
    await origin.setFault('none');
    expect((await answer).body.length).toBe(MEDIA.length);
  });

  test('several faults at once all have their effects', async () => {
    const { origin } = await openOrigin();
    await origin.setFault(['truncated', { kind: 'status', status: 404, of: 'playlists' }]);
    expect(await statusOf(origin, '/quay/index.m3u8')).toBe(404);
    expect((await ask(origin, '/quay/1.m4s')).body.length).toBe(MEDIA.length / 2);
  });
});

describe('silent', () => {
  test('reads and writes nothing on old and new connections, closes none, and goes on afterwards', async () => {
    const { origin } = await openOrigin();
    const old = await openSocket(origin);
    await origin.setFault('silent');
    const fresh = await openSocket(origin);
    const sockets = [old, fresh];
    for (const socket of sockets) socket.write('GET /quay/index.m3u8 HTTP/1.1\r\nHost: site\r\n\r\n');
    expect(await Promise.all(sockets.map(isSilent))).toEqual([true, true]);
    const answers = Promise.all(sockets.map((socket) => once(socket, 'data')));
    await origin.setFault('none');
    for (const [data] of await answers) expect(String(data)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('holds bytes on their way', async () => {
    const { origin, clock } = await openOrigin({
      conditions: { delayMs: 100, jitterMs: 0, bytesPerS: null, loss: 0 },
    });
    const socket = await openSocket(origin);
    socket.write('GET /quay/index.m3u8 HTTP/1.1\r\nHost: site\r\n\r\n');
    await waiting(clock);
    await origin.setFault('silent');
    clock.tick(1000);
    expect(await isSilent(socket)).toBe(true);
    const answer = once(socket, 'data');
    await origin.setFault('none');
    await answer;
  });

  test('of one camera holds its answers and no others', async () => {
    const { origin } = await openOrigin();
    await origin.setFault('silent', { camera: 'quay' });
    const held = ask(origin, '/quay/index.m3u8');
    expect(await statusOf(origin, '/hall/index.m3u8')).toBe(200);
    await origin.setFault('none', { camera: 'quay' });
    expect((await held).status).toBe(200);
  });

  test('ends with stop', async () => {
    const { origin } = await openOrigin();
    await origin.setFault('silent');
    const socket = await openSocket(origin);
    const closed = closing(socket);
    await origin.setFault('stop');
    await closed;
    expect(await failureOf(ask(origin, '/quay/index.m3u8'))).toBe('ECONNREFUSED');
  });
});

describe('what the stream is made to be', () => {
  test.each([
    ['picture-frozen', { picture: 'frozen' }],
    ['picture-black', { picture: 'black' }],
    ['other-encoding', { encoding: 'other' }],
    ['no-date-times', { programDateTimes: 'none' }],
    ['restart', { restartedAtMs: START_MS }],
    ['source-gone', { sourceGoneSinceMs: START_MS }],
    [{ kind: 'clock-jump', byMs: -90_000 }, { programDateTimes: -90_000 }],
  ] as const)('%j', async (fault, condition) => {
    const { origin, clock, quay } = await openOrigin();
    await origin.setFault(fault);
    clock.tick(5000);
    await ask(origin, '/quay/index.m3u8');
    expect(quay.asked).toEqual([
      {
        file: 'index.m3u8',
        nowMs: START_MS + 5000,
        condition: expect.objectContaining(condition),
        cookies: '',
      },
    ]);
  });

  test('a wrong clock shows in date-times and dates, and the picture at a moment stays the same', async () => {
    const { origin, quay } = await openOrigin({ clockOffsetMs: 30_000 });
    const { headers } = await ask(origin, '/quay/index.m3u8');
    expect(Date.parse(headers.date ?? '')).toBe(START_MS + 30_000);
    expect(quay.asked).toMatchObject([{ nowMs: START_MS, condition: { programDateTimes: 30_000 } }]);
  });

  test('a restart cuts the connections once', async () => {
    const { origin } = await openOrigin();
    const before = await openSocket(origin);
    const cut = closing(before);
    await origin.setFault('restart');
    await cut;
    const after = await openSocket(origin);
    await origin.setFault(['restart', 'picture-black']);
    after.write('GET /quay/index.m3u8 HTTP/1.1\r\nHost: site\r\n\r\n');
    expect(String((await once(after, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('conditions of the network', () => {
  const slowLine = { delayMs: 150, jitterMs: 0, bytesPerS: null, loss: 0 };

  test('an answer is delayed as a whole', async () => {
    const { origin, clock } = await openOrigin({ conditions: slowLine });
    expect(await passTime(clock, ask(origin, '/quay/index.m3u8'))).toBe(150);
  });

  test('they can change while the site runs', async () => {
    const { origin, clock } = await openOrigin();
    await ask(origin, '/quay/index.m3u8');
    origin.conditions = { ...slowLine, delayMs: 30 };
    expect(await passTime(clock, ask(origin, '/quay/index.m3u8'))).toBe(30);
  });

  test('a narrow line needs time for the bytes', async () => {
    const { origin, clock } = await openOrigin({
      conditions: { ...slowLine, delayMs: 0, bytesPerS: 100_000 },
    });
    const tookMs = await passTime(clock, ask(origin, '/quay/1.m4s'));
    expect(tookMs).toBeGreaterThanOrEqual(1000);
    expect(tookMs).toBeLessThan(1100);
  });

  test('a reset comes as late as an answer would', async () => {
    const { origin, clock } = await openOrigin({ conditions: slowLine });
    await origin.setFault('stop', { camera: 'quay' });
    const failure = failureOf(ask(origin, '/quay/index.m3u8'));
    expect(await passTime(clock, failure)).toBe(150);
    expect(await failure).toBe('ECONNRESET');
  });
});

describe('logins', () => {
  const basic = `Basic ${Buffer.from('viewer:open sesame').toString('base64')}`;

  test.each([
    [{ type: 'basic', username: 'viewer', password: 'open sesame' }, '', basic],
    [{ type: 'bearer', token: 'abc' }, '', 'Bearer abc'],
    [{ type: 'query', name: 'key', value: 'a b' }, '?key=a%20b', undefined],
  ] as const)('%j is required', async (login, search, authorization) => {
    const { origin } = await openOrigin({ login });
    const headers = authorization === undefined ? {} : { authorization };
    expect((await ask(origin, `/quay/index.m3u8${search}`, { headers })).status).toBe(200);
    const refused = await ask(origin, '/quay/index.m3u8');
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      login.type === 'basic' ? 'Basic realm="site"' : 'Bearer',
    ]);
  });

  test('a token is valid for its lifetime, and so is a fresh one', async () => {
    const { origin, clock } = await openOrigin({
      login: { type: 'query', name: 'key', value: 'abc', lifetimeMs: 60_000 },
    });
    clock.tick(59_999);
    expect(await statusOf(origin, '/quay/index.m3u8?key=abc')).toBe(200);
    clock.tick(1);
    expect(await statusOf(origin, '/quay/index.m3u8?key=abc')).toBe(401);
    const fresh = origin.renewLogin();
    if (fresh.type !== 'query') throw new Error('another kind of login');
    expect(await statusOf(origin, `/quay/index.m3u8?key=${fresh.value}`)).toBe(200);
  });

  test('one that expired in mid-stream is refused until a fresh one is used', async () => {
    const { origin } = await openOrigin({ login: { type: 'query', name: 'key', value: 'abc' } });
    await origin.setFault({ kind: 'login-expired', status: 403 });
    expect(await statusOf(origin, '/quay/1.m4s?key=abc')).toBe(403);
    const fresh = origin.renewLogin();
    if (fresh.type !== 'query') throw new Error('another kind of login');
    expect(await statusOf(origin, `/quay/1.m4s?key=${fresh.value}`)).toBe(200);
  });

  const session = {
    type: 'session',
    loginPath: 'api/login',
    username: 'viewer',
    password: 'open sesame',
    lifetimeMs: 60_000,
    sendAs: 'bearer',
  } as const;

  async function logIn(origin: Origin, password: string) {
    const body = JSON.stringify({ username: 'viewer', password });
    const response = await fetch(`${origin.baseUrl}/api/login`, { method: 'POST', body });
    return { status: response.status, ...(response.ok ? await response.json() : {}) };
  }

  function bearer(token: string) {
    return { headers: { authorization: `Bearer ${token}` } };
  }

  test('a session issues a token that is valid for its lifetime, and says how long that is', async () => {
    const { origin, clock } = await openOrigin({ login: session });
    const { token, expires_in } = await logIn(origin, 'open sesame');
    expect(expires_in).toBe(60);
    clock.tick(59_999);
    expect((await ask(origin, '/quay/index.m3u8', bearer(token))).status).toBe(200);
    clock.tick(1);
    expect((await ask(origin, '/quay/index.m3u8', bearer(token))).status).toBe(401);
  });

  test('a session refuses a wrong password, and an earlier token', async () => {
    const { origin } = await openOrigin({ login: session });
    const { token } = await logIn(origin, 'open sesame');
    expect(await logIn(origin, 'sesame')).toEqual({ status: 401 });
    const renewed = origin.renewLogin();
    if (renewed.type !== 'session') throw new Error('another kind of login');
    expect(await logIn(origin, 'open sesame')).toEqual({ status: 401 });
    expect((await ask(origin, '/quay/index.m3u8', bearer(token))).status).toBe(401);
    expect((await logIn(origin, renewed.password)).status).toBe(200);
  });

  test('a session’s tokens that expired in mid-stream are replaced by a fresh login', async () => {
    const { origin } = await openOrigin({ login: { ...session, sendAs: { query: 'key' } } });
    const before = await logIn(origin, 'open sesame');
    await origin.setFault({ kind: 'login-expired', status: 403 });
    expect(await statusOf(origin, `/quay/1.m4s?key=${before.token}`)).toBe(403);
    const fresh = await logIn(origin, 'open sesame');
    expect(await statusOf(origin, `/quay/1.m4s?key=${fresh.token}`)).toBe(200);
  });

  test('a session may be a cookie, which the login alone sets', async () => {
    const { origin } = await openOrigin({ login: { ...session, sendAs: { cookie: 'frigate_token' } } });
    const body = JSON.stringify({ username: 'viewer', password: 'open sesame' });
    const login = await fetch(`${origin.baseUrl}/api/login`, { method: 'POST', body });
    expect(await login.text()).toBe('');
    const [cookie, ...attributes] = (login.headers.get('set-cookie') ?? '').split('; ');
    expect(attributes).toEqual(['Path=/', 'HttpOnly', 'Max-Age=60']);
    const asked = async (cookies: string): Promise<number> =>
      (await ask(origin, '/quay/index.m3u8', { headers: { cookie: cookies } })).status;
    expect(await asked(`a=1; ${cookie}`)).toBe(200);
    expect(await asked('frigate_token=another')).toBe(401);
  });

  test('a site without a login refuses everything under the fault of an expired login', async () => {
    const { origin } = await openOrigin();
    await origin.setFault({ kind: 'login-expired', status: 401 });
    expect(await statusOf(origin, '/quay/index.m3u8')).toBe(401);
  });
});

describe('TLS', () => {
  async function openSecure() {
    const certificates = await OriginCertificates.issue('Main', new Date());
    const { origin } = await openOrigin({ certificates, now: Date.now });
    return { origin, trusting: { ca: certificates.trusted } };
  }

  test('uses a certificate that a client can trust', async () => {
    const { origin, trusting } = await openSecure();
    expect((await ask(origin, '/quay/1.m4s', trusting)).body.equals(MEDIA)).toBe(true);
    expect(await failureOf(ask(origin, '/quay/1.m4s'))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  test.each([
    ['certificate-expired', 'CERT_HAS_EXPIRED'],
    ['certificate-changed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ] as const)(
    '%s cuts the connections, and new ones get that certificate until the fault is over',
    async (fault, code) => {
      const { origin, trusting } = await openSecure();
      const open = await openSocket(origin);
      const cut = closing(open);
      await origin.setFault(fault);
      await cut;
      expect(await failureOf(ask(origin, '/quay/index.m3u8', trusting))).toBe(code);
      await origin.setFault('none');
      expect((await ask(origin, '/quay/index.m3u8', trusting)).status).toBe(200);
    },
  );

  test('a client that leaves during the handshake leaves nothing behind', async () => {
    const { origin, trusting } = await openSecure();
    const socket = await openSocket(origin);
    socket.resetAndDestroy();
    expect((await ask(origin, '/quay/index.m3u8', trusting)).status).toBe(200);
    while (origin.openConnections > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test.each([
    [{}, 'has no TLS'],
    [{ camera: 'quay' }, 'has no TLS'],
  ])('a certificate fault without TLS is refused', async (scope, words) => {
    const { origin } = await openOrigin();
    await expect(origin.setFault('certificate-expired', scope)).rejects.toThrow(words);
  });
});
