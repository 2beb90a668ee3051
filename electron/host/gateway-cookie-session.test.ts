import { randomUUID } from 'node:crypto';
import type http from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionCredentials } from '../../shared/config/config.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import type { Gateway } from './gateway.ts';
import { ask, GatewayRig } from './testing/gateway-rig.ts';
import { type Answer, type TestSite, transportStream } from './testing/test-site.ts';

let rig: GatewayRig;
beforeEach(() => {
  rig = new GatewayRig();
});
afterEach(() => rig.end());

const CREDENTIALS: SessionCredentials = {
  type: 'session',
  loginPath: 'api/login',
  username: 'wall',
  password: 'secret',
  request: 'json',
  sendAs: 'bearer',
};

/** Its login sets a cookie and returns no token, like Frigate's; only the newest cookie is valid. */
class CookieSite {
  cookie = '';
  logins = 0;
  attributes = '; HttpOnly; Path=/';
  loginStatus = 200;
  loginText = '';
  /** Set by a refusal. */
  refusalCookie: string | null = null;
  beforeRefusal: (() => Promise<void>) | undefined;
  setCookies: (cookie: string) => string[] = (cookie) => [`${cookie}${this.attributes}`];

  readonly answer: Answer = ({ url, headers }, response) => {
    if (url === '/live/api/login') {
      this.logins += 1;
      this.cookie = `frigate_token=${randomUUID()}`;
      if (this.loginStatus === 200) response.setHeader('set-cookie', this.setCookies(this.cookie));
      response.writeHead(this.loginStatus).end(this.loginText);
    } else if (headers.cookie?.split('; ').includes(this.cookie) !== true) void this.refuse(response);
    else if (url?.endsWith('.m3u8')) response.writeHead(200).end(`#EXTM3U\n#EXTINF:1,\n1.ts\n`);
    else response.writeHead(200, { 'content-type': 'video/mp2t' }).end(transportStream(1));
  };

  private async refuse(response: http.ServerResponse): Promise<void> {
    await this.beforeRefusal?.();
    if (this.refusalCookie !== null) response.setHeader('set-cookie', this.refusalCookie);
    response.writeHead(401).end();
  }
}

interface Wall {
  readonly vms: CookieSite;
  readonly site: TestSite;
  readonly clock: VirtualClock;
  readonly gateway: Gateway;
}

async function openWall(changes: Partial<SessionCredentials> = {}): Promise<Wall> {
  const vms = new CookieSite();
  const site = await rig.startSite(vms.answer);
  const clock = new VirtualClock();
  const gateway = rig.open(site, { credentials: { ...CREDENTIALS, ...changes } }, { clock });
  return { vms, site, clock, gateway };
}

describe('a login that gives only a cookie', () => {
  it('is the session, and no page sees anything of it', async () => {
    const { vms, site, gateway } = await openWall();
    const playlist = await ask(gateway, 'cam/index.m3u8');
    expect(playlist.status).toBe(200);
    expect((await ask(gateway, 'cam/1.ts')).status).toBe(200);
    expect(vms.logins).toBe(1);
    expect(site.requests.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(JSON.stringify(playlist)).not.toContain(vms.cookie.split('=')[1]);
  });

  it.each(['{"status":"success"}', '{"token":null}', 'welcome'])(
    'is a session whatever else the answer contains: %s',
    async (text) => {
      const { vms, gateway } = await openWall();
      vms.loginText = text;
      expect((await ask(gateway, 'cam/1.ts')).status).toBe(200);
    },
  );

  it('is renewed immediately, and once for all requests, when the site refuses its cookie', async () => {
    const { vms, gateway } = await openWall();
    await ask(gateway, 'cam/1.ts');
    vms.cookie = 'frigate_token=another';
    const answers = await Promise.all(Array.from({ length: 8 }, (_, cam) => ask(gateway, `${cam}/1.ts`)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(vms.logins).toBe(2);
  });

  it('is not replaced by the anonymous cookie that comes with a refusal', async () => {
    const { vms, gateway } = await openWall();
    await ask(gateway, 'cam/1.ts');
    vms.cookie = 'frigate_token=another';
    vms.refusalCookie = 'frigate_token=nobody; Path=/';
    let refuseLate = (): void => undefined;
    vms.beforeRefusal = () => {
      vms.beforeRefusal = undefined;
      return new Promise((resolve) => {
        refuseLate = resolve;
      });
    };
    const late = ask(gateway, 'late/1.ts');
    await vi.waitFor(() => expect(vms.beforeRefusal).toBeUndefined());
    expect((await ask(gateway, 'cam/1.ts')).status).toBe(200);
    refuseLate();
    expect((await late).status).toBe(200);
    expect((await ask(gateway, 'cam/1.ts')).status).toBe(200);
    expect(vms.logins).toBe(2);
  });

  it('is renewed before its cookie expires', async () => {
    const { vms, clock, gateway } = await openWall();
    // A further cookie that expires immediately.
    vms.setCookies = (cookie) => [`${cookie}; Path=/; Max-Age=600`, 'hint=1; Max-Age=0'];
    await ask(gateway, 'cam/1.ts');
    clock.tick(569_999);
    await ask(gateway, 'cam/1.ts');
    expect(vms.logins).toBe(1);
    clock.tick(1);
    await ask(gateway, 'cam/1.ts');
    await vi.waitFor(() => expect(vms.logins).toBe(2));
    expect((await ask(gateway, 'cam/1.ts')).status).toBe(200);
  });

  it('counts as refused where its cookie is anonymous, whatever the camera', async () => {
    const { vms, clock, gateway } = await openWall();
    vms.setCookies = () => ['PHPSESSID=nobody; Path=/'];
    vms.loginText = '{"success":false}';
    const loginsAfterS: number[] = [];
    for (let s = 0; s <= 500; s += 10) {
      const before = vms.logins;
      await Promise.all(Array.from({ length: 8 }, (_, cam) => ask(gateway, `${cam}/1.ts`)));
      if (vms.logins > before) loginsAfterS.push(s);
      clock.tick(10_000);
    }
    expect(loginsAfterS).toEqual([0, 30, 90, 210, 450]);
    expect(vms.logins).toBe(5);
  });

  it('that is refused is not repeated before 30 s', async () => {
    const { vms, clock, gateway } = await openWall();
    vms.loginStatus = 401;
    const words = 'the login at North was refused (401); the next try is in 30 s';
    expect(await ask(gateway, 'cam/1.ts')).toMatchObject({ reason: 'no-login', words });
    clock.tick(29_000);
    await ask(gateway, 'cam/1.ts');
    expect(vms.logins).toBe(1);
  });
});

describe('a login without a token', () => {
  const NO_COOKIE = 'no token, and no cookie that can be used';

  it.each<[string, readonly string[], string]>([
    ['no cookie', [], 'neither a token nor a cookie: its answer is not JSON'],
    ['one that goes at once', ['a=1; Max-Age=0'], `${NO_COOKIE}: it has run out already`],
    ['one of another host', ['a=1; Domain=vms.example.com'], `${NO_COOKIE}: it is for another domain`],
    ['one of anybody', ['a=1; Domain=com'], `${NO_COOKIE}: it is for another domain`],
    ['one for HTTPS', ['a=1; Path=/; Secure'], `${NO_COOKIE}: it is for HTTPS only`],
    ['one that is too long', [`a=${'x'.repeat(5000)}`], `${NO_COOKIE}: it is too long`],
    ['nothing', [''], `${NO_COOKIE}: it cannot be read`],
    ['a prefix that lies', ['__Host-a=1'], `${NO_COOKIE}: no browser would take it`],
    [
      'several',
      ['a=1; Secure', 'b=1; Secure', 'c=1; Max-Age=0'],
      `${NO_COOKIE}: it is for HTTPS only; it has run out already`,
    ],
  ])('and with %s says why it gave neither a token nor a cookie', async (_words, setCookies, words) => {
    const { vms, gateway } = await openWall();
    vms.setCookies = () => [...setCookies];
    expect(await ask(gateway, 'cam/1.ts')).toMatchObject({
      reason: 'no-login',
      words: `the login at North gave ${words}; the next try is in 30 s`,
    });
  });

  it.each<Partial<SessionCredentials>>([{ tokenField: 'data.token' }, { sendAs: { query: 'key' } }])(
    'fails where the configuration says where the token is, whatever cookie comes: %o',
    async (changes) => {
      const { vms, gateway } = await openWall(changes);
      vms.loginText = '{}';
      expect((await ask(gateway, 'cam/1.ts')).words).toContain('the login at North gave no token: ');
    },
  );
});
