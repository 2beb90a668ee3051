import type http from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SessionCredentials, Site } from '../../shared/config.ts';
import { DEADLINE_HEADER, REASON_HEADER, REASON_TEXT_HEADER } from '../../shared/gateway-contract.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { type Answer, TestSite, transportStream } from './testing/test-site.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const CREDENTIALS: SessionCredentials = {
  type: 'session',
  loginPath: 'api/login',
  username: 'wall',
  password: 'käse & brot',
  request: 'json',
  sendAs: 'bearer',
};

/** What a VMS with a login does: each login gets the next of `token-1`, `token-2`, …, and the newest is good. */
class SessionSite {
  loginStatus = 200;
  /** Lets logins wait for {@link release}. */
  hold = false;
  /** Beside the token. */
  answerWith: object = {};
  /** What a login is answered with. */
  answerOf: (token: string) => string = (token) =>
    JSON.stringify({ token, access_token: token, ...this.answerWith });
  refusalStatus = 401;
  /** Refused with whatever token: the paths that hold this. */
  forbidden: string | null = null;
  good = '';
  readonly logins: { readonly type: string | undefined; readonly body: string }[] = [];
  /** The tokens of the other requests. */
  readonly asked: string[] = [];
  serve: Answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp2t' }).end(transportStream(1));
  };
  #waiting: (() => void)[] = [];

  readonly answer: Answer = (request, response) => {
    if (request.url?.startsWith('/live/api/login') === true) void this.#logIn(request, response);
    else this.#media(request, response);
  };

  /** Answers the logins that wait. */
  release(): void {
    for (const answer of this.#waiting.splice(0)) answer();
  }

  get waitingLogins(): number {
    return this.#waiting.length;
  }

  async #logIn(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    this.logins.push({ type: request.headers['content-type'], body: await text(request) });
    const count = this.logins.length;
    if (this.hold) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.loginStatus !== 200) {
      response.writeHead(this.loginStatus).end();
      return;
    }
    this.good = `token-${count}`;
    response.writeHead(200).end(this.answerOf(this.good));
  }

  #media(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { searchParams, pathname } = new URL(request.url ?? '', 'http://site');
    const token = request.headers.authorization?.replace('Bearer ', '') ?? searchParams.get('key') ?? '';
    this.asked.push(token);
    const refused = token !== this.good || (this.forbidden !== null && pathname.includes(this.forbidden));
    if (refused) response.writeHead(this.refusalStatus).end('no');
    else this.serve(request, response);
  }
}

interface Wall {
  readonly vms: SessionSite;
  readonly site: TestSite;
  readonly clock: VirtualClock;
  readonly gateway: Gateway;
  readonly config: Site;
}

async function openWall(changes: Partial<SessionCredentials> = {}, environment = {}): Promise<Wall> {
  const vms = new SessionSite();
  const site = await TestSite.start(vms.answer);
  const clock = new VirtualClock();
  const config: Site = {
    id: 'north',
    name: 'North',
    baseUrl: `http://127.0.0.1:${site.port}/live`,
    credentials: { ...CREDENTIALS, ...changes },
  };
  const gateway = createGateway({ sites: [config], clock, environment });
  cleanUps.push(
    () => site.close(),
    () => gateway.dispose(),
  );
  return { vms, site, clock, gateway, config };
}

async function ask({ gateway }: Wall, path = 'cam/1.ts', headers: Record<string, string> = {}) {
  const response = await gateway.handle(new Request(`app://holdfast/sites/north/${path}`, { headers }));
  return {
    status: response.status,
    reason: response.headers.get(REASON_HEADER),
    words: decodeURIComponent(response.headers.get(REASON_TEXT_HEADER) ?? ''),
    text: await response.text(),
  };
}

async function statusOf(wall: Wall, path?: string): Promise<number> {
  return (await ask(wall, path)).status;
}

describe('the first request', () => {
  it.each<[SessionCredentials['request'], string, string]>([
    ['json', 'application/json', '{"username":"wall","password":"käse & brot"}'],
    [
      'password-grant',
      'application/x-www-form-urlencoded',
      'grant_type=password&username=wall&password=k%C3%A4se+%26+brot',
    ],
    [
      'client-credentials',
      'application/x-www-form-urlencoded',
      'grant_type=client_credentials&client_id=wall&client_secret=k%C3%A4se+%26+brot',
    ],
  ])('logs in by %s, and goes out with the token', async (request, type, body) => {
    const wall = await openWall({ request });
    expect(await statusOf(wall)).toBe(200);
    expect(wall.vms.logins).toEqual([{ type, body }]);
    expect(wall.vms.asked).toEqual(['token-1']);
  });

  it('calls the user what the server does', async () => {
    const wall = await openWall({ userField: 'user' });
    await ask(wall);
    expect(wall.vms.logins[0]?.body).toBe('{"user":"wall","password":"käse & brot"}');
  });

  it('finds the token where the configuration says', async () => {
    const wall = await openWall({ tokenField: 'data.session.key' });
    wall.vms.answerOf = (token) => JSON.stringify({ data: { session: { key: token } } });
    expect(await statusOf(wall)).toBe(200);
  });

  it('sends the token as a parameter, escaped', async () => {
    const wall = await openWall({ sendAs: { query: 'key' } });
    wall.vms.answerOf = () => '{"token":"a&b"}';
    await ask(wall, 'cam/1.ts?x=1');
    expect(wall.site.requests.at(-1)?.url).toBe('/live/cam/1.ts?x=1&key=a%26b');
  });

  it('takes the password from the environment at the time', async () => {
    const environment: Record<string, string> = {};
    const wall = await openWall({ password: { env: 'NORTH_PASSWORD' } }, environment);
    expect(await ask(wall)).toMatchObject({
      reason: 'no-login',
      words: 'the environment variable NORTH_PASSWORD, the password of North, is not set',
    });
    environment.NORTH_PASSWORD = 'now it is';
    expect(await statusOf(wall)).toBe(200);
    expect(wall.vms.logins[0]?.body).toContain('now it is');
  });

  it('is one of many that wait for one login', async () => {
    const wall = await openWall();
    const statuses = await Promise.all(Array.from({ length: 8 }, () => statusOf(wall)));
    expect(statuses).toEqual(Array.from({ length: 8 }, () => 200));
    expect(wall.vms.logins).toHaveLength(1);
  });

  it('ends at its own deadline, and the login goes on for the next', async () => {
    const wall = await openWall();
    wall.vms.hold = true;
    const hasty = ask(wall, 'cam/1.ts', { [DEADLINE_HEADER]: '500' });
    await vi.waitFor(() => expect(wall.vms.waitingLogins).toBe(1));
    wall.clock.advance(500);
    expect(await hasty).toMatchObject({ status: 504, reason: 'timeout' });
    wall.vms.release();
    expect(await statusOf(wall)).toBe(200);
    expect(wall.vms.logins).toHaveLength(1);
  });

  it('is told that a login is not answered, and nothing of it is left open', async () => {
    const wall = await openWall();
    wall.vms.hold = true;
    const patient = ask(wall, 'cam/1.ts', { [DEADLINE_HEADER]: '30000' });
    await vi.waitFor(() => expect(wall.vms.waitingLogins).toBe(1));
    wall.clock.advance(10_000);
    expect(await patient).toMatchObject({
      reason: 'timeout',
      words: 'the login at North was not answered within 10 s',
    });
    await vi.waitFor(() => expect(wall.site.sockets.size).toBe(0));
    expect(wall.clock.pendingTimers).toBe(0);
  });
});

describe('a token that the site refuses', () => {
  it.each([401, 403])('is renewed at once on %d, and the request repeated', async (refusalStatus) => {
    const wall = await openWall();
    wall.vms.refusalStatus = refusalStatus;
    await ask(wall);
    wall.vms.good = 'another';
    expect(await statusOf(wall)).toBe(200);
    expect(wall.vms.asked).toEqual(['token-1', 'token-1', 'token-2']);
    expect(wall.gateway.stats().north?.openRequests).toBe(0);
  });

  it('is renewed once for all requests that it was refused for', async () => {
    const wall = await openWall();
    await ask(wall);
    wall.vms.good = 'another';
    const statuses = await Promise.all(Array.from({ length: 8 }, (_, cam) => statusOf(wall, `${cam}/1.ts`)));
    expect(statuses).toEqual(Array.from({ length: 8 }, () => 200));
    expect(wall.vms.logins).toHaveLength(2);
  });

  it('leaves the refusal to the page where a fresh one is refused as well', async () => {
    const wall = await openWall();
    wall.vms.forbidden = 'vault';
    wall.vms.refusalStatus = 403;
    await ask(wall);
    expect(await ask(wall, 'vault/1.ts')).toMatchObject({ status: 403, reason: null });
    expect(wall.vms.logins).toHaveLength(2);
  });

  it('is renewed at once however young it is, if it was good before', async () => {
    const wall = await openWall();
    await ask(wall);
    wall.vms.good = 'another';
    expect(await statusOf(wall)).toBe(200);
  });

  it('is renewed no sooner than after a second, if it never was good', async () => {
    const wall = await openWall();
    wall.vms.forbidden = 'cam';
    expect(await Promise.all([statusOf(wall), statusOf(wall, 'cam-2/1.ts')])).toEqual([401, 401]);
    expect(await statusOf(wall)).toBe(401);
    expect(wall.vms.logins).toHaveLength(1);
    wall.clock.advance(1000);
    expect(await statusOf(wall)).toBe(401);
    expect(wall.vms.logins).toHaveLength(2);
  });

  it('is renewed ever more rarely for a camera that no token helps, and at once for the others', async () => {
    const wall = await openWall();
    wall.vms.forbidden = 'vault';
    await ask(wall);
    for (let count = 0; count < 60; count += 1) {
      wall.clock.advance(1000);
      await ask(wall, 'vault/1.ts');
    }
    // The first, and after 1, 2, 4, 8, 16 and 32 s.
    expect(wall.vms.logins).toHaveLength(1 + 6);
    wall.vms.good = 'another';
    expect(await statusOf(wall, 'cam/1.ts')).toBe(200);
  });

  it('is not renewed for an address with a token that the site wrote into it', async () => {
    const wall = await openWall({ sendAs: { query: 'key' } });
    await ask(wall);
    expect(await statusOf(wall, 'cam/1.ts?key=issued-for-this')).toBe(401);
    expect(wall.vms.asked).toEqual(['token-1', 'issued-for-this']);
    expect(wall.vms.logins).toHaveLength(1);
  });
});

describe('a token that tells when it runs out', () => {
  it('is renewed before, while it is in use', async () => {
    const wall = await openWall();
    wall.vms.answerWith = { expires_in: 600 };
    await ask(wall);
    wall.clock.advance(569_999);
    await ask(wall);
    expect(wall.vms.logins).toHaveLength(1);
    wall.clock.advance(1);
    wall.vms.hold = true;
    expect(await statusOf(wall)).toBe(200);
    await vi.waitFor(() => expect(wall.vms.waitingLogins).toBe(1));
    expect(await statusOf(wall)).toBe(200);
    wall.vms.release();
    await vi.waitFor(async () => {
      await ask(wall);
      expect(wall.vms.asked.at(-1)).toBe('token-2');
    });
    expect(wall.vms.logins).toHaveLength(2);
  });

  it('is not sent after it has run out', async () => {
    const wall = await openWall();
    wall.vms.answerWith = { expires_in: '60' };
    await ask(wall);
    wall.clock.advance(60_000);
    await ask(wall);
    expect(wall.vms.asked).toEqual(['token-1', 'token-2']);
  });
});

describe('a login that fails', () => {
  it('is not repeated before 30 s, then twice that and so on to 15 min, and says so', async () => {
    const wall = await openWall();
    wall.vms.loginStatus = 401;
    const refused = { status: 403, reason: 'no-login' };
    expect(await ask(wall)).toMatchObject({
      ...refused,
      words: 'the login at North was refused (401); the next try is in 30 s',
    });
    const triesAfterS: number[] = [];
    for (let s = 10; s <= 3000; s += 10) {
      wall.clock.advance(10_000);
      const before = wall.vms.logins.length;
      expect(await ask(wall)).toMatchObject(refused);
      if (wall.vms.logins.length > before) triesAfterS.push(s);
    }
    expect(triesAfterS).toEqual([30, 90, 210, 450, 930, 1830, 2730]);
    expect((await ask(wall)).words).toBe('the login at North was refused (401); the next try is in 11 min');
    expect(wall.vms.asked).toEqual([]);
  });

  it('leaves the old token in use until it has run out', async () => {
    const wall = await openWall();
    wall.vms.answerWith = { expires_in: 60 };
    await ask(wall);
    wall.vms.loginStatus = 403;
    wall.clock.advance(50_000);
    expect(await statusOf(wall)).toBe(200);
    await vi.waitFor(() => expect(wall.vms.logins).toHaveLength(2));
    expect(await statusOf(wall)).toBe(200);
    wall.clock.advance(10_000);
    expect((await ask(wall)).reason).toBe('no-login');
    expect(wall.vms.logins).toHaveLength(2);
  });

  it('is tried anew with other credentials', async () => {
    const wall = await openWall();
    wall.vms.loginStatus = 401;
    await ask(wall);
    wall.vms.loginStatus = 200;
    wall.gateway.update([{ ...wall.config, credentials: { ...CREDENTIALS, password: 'right' } }]);
    expect(await statusOf(wall)).toBe(200);
  });

  it('is not tried anew because the site has another name', async () => {
    const wall = await openWall();
    wall.vms.loginStatus = 401;
    await ask(wall);
    wall.gateway.update([{ ...wall.config, name: 'New' }]);
    await ask(wall);
    expect(wall.vms.logins).toHaveLength(1);
  });

  it.each([
    ['{"key":"x"}', 'neither a token nor a cookie: its answer has no field token'],
    ['{"token":7}', 'neither a token nor a cookie: its answer has no field token'],
    ['{"token":"two words"}', 'no token: token in its answer holds a blank or a letter beyond ASCII'],
    ['<html>', 'neither a token nor a cookie: its answer is not JSON'],
    ['null', 'neither a token nor a cookie: its answer has no field token'],
  ])('by the answer %s says what is wrong with it', async (answer, words) => {
    const wall = await openWall();
    wall.vms.answerOf = () => answer;
    expect(await ask(wall)).toMatchObject({
      reason: 'no-login',
      words: `the login at North gave ${words}; the next try is in 30 s`,
    });
  });

  it('by a redirect is refused: the password goes nowhere else', async () => {
    const wall = await openWall();
    wall.vms.loginStatus = 307;
    expect((await ask(wall)).words).toBe('the login at North was refused (307); the next try is in 30 s');
  });

  it('at a site out of order is tried again after a second', async () => {
    const wall = await openWall();
    wall.vms.loginStatus = 503;
    expect((await ask(wall)).words).toBe('the login at North failed (503)');
    wall.vms.loginStatus = 200;
    expect((await ask(wall)).words).toBe('the login at North failed (503)');
    wall.clock.advance(1000);
    expect(await statusOf(wall)).toBe(200);
    expect(wall.vms.logins).toHaveLength(2);
  });

  it('at a site that refuses the connection says that', async () => {
    const wall = await openWall();
    await wall.site.close();
    expect(await ask(wall)).toMatchObject({ reason: 'refused', words: 'North refused the connection' });
  });
});

describe('a playlist', () => {
  it('holds neither the token nor the one before', async () => {
    const wall = await openWall({ sendAs: { query: 'key' } });
    wall.vms.serve = (_request, response) =>
      response
        .writeHead(200)
        .end('#EXTM3U\n1.ts?key=token-1&a=1\n/live/cam/2.ts?key=token-2\n3.ts?key=own\n');
    await ask(wall, 'cam/a.m3u8');
    wall.vms.good = 'another';
    expect((await ask(wall, 'cam/a.m3u8')).text).toBe(
      '#EXTM3U\n1.ts?a=1\n/sites/north/cam/2.ts\n3.ts?key=own\n',
    );
  });
});
