import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionCredentials } from '../../shared/config/config.ts';
import { DEADLINE_HEADER } from '../../shared/gateway/gateway-contract.ts';
import { GatewayRig } from './testing/gateway-rig.ts';
import { askWall, openSessionWall, type SessionWall, statusOf } from './testing/session-site.ts';

let rig: GatewayRig;
beforeEach(() => {
  rig = new GatewayRig();
});
afterEach(() => rig.end());

function openWall(changes: Partial<SessionCredentials> = {}, environment = {}): Promise<SessionWall> {
  return openSessionWall(rig, changes, environment);
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
  ])('logs in by %s, and is sent with the token', async (request, type, body) => {
    const wall = await openWall({ request });
    expect(await statusOf(wall)).toBe(200);
    expect(wall.vms.logins).toEqual([{ type, body }]);
    expect(wall.vms.asked).toEqual(['token-1']);
  });

  it('names the user as the server does', async () => {
    const wall = await openWall({ userField: 'user' });
    await askWall(wall);
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
    await askWall(wall, 'cam/1.ts?x=1');
    expect(wall.site.requests.at(-1)?.url).toBe('/live/cam/1.ts?x=1&key=a%26b');
  });

  it('reads the password from the environment at that moment', async () => {
    const environment: Record<string, string> = {};
    const wall = await openWall({ password: { env: 'NORTH_PASSWORD' } }, environment);
    expect(await askWall(wall)).toMatchObject({
      reason: 'no-login',
      words: 'the environment variable NORTH_PASSWORD, the password of North, is not set',
    });
    environment.NORTH_PASSWORD = 'now it is';
    expect(await statusOf(wall)).toBe(200);
    expect(wall.vms.logins[0]?.body).toContain('now it is');
  });

  it('shares one login with all requests that wait', async () => {
    const wall = await openWall();
    const statuses = await Promise.all(Array.from({ length: 8 }, () => statusOf(wall)));
    expect(statuses).toEqual(Array.from({ length: 8 }, () => 200));
    expect(wall.vms.logins).toHaveLength(1);
  });

  it('ends at its own deadline, and the login goes on for the next request', async () => {
    const wall = await openWall();
    wall.vms.hold = true;
    const hasty = askWall(wall, 'cam/1.ts', { [DEADLINE_HEADER]: '500' });
    await vi.waitFor(() => expect(wall.vms.waitingLogins).toBe(1));
    wall.clock.tick(500);
    expect(await hasty).toMatchObject({ status: 504, reason: 'timeout' });
    wall.vms.release();
    expect(await statusOf(wall)).toBe(200);
    expect(wall.vms.logins).toHaveLength(1);
  });

  it('fails with a message that the login is not answered, and no connection of it stays open', async () => {
    const wall = await openWall();
    wall.vms.hold = true;
    const patient = askWall(wall, 'cam/1.ts', { [DEADLINE_HEADER]: '30000' });
    await vi.waitFor(() => expect(wall.vms.waitingLogins).toBe(1));
    wall.clock.tick(10_000);
    expect(await patient).toMatchObject({
      reason: 'timeout',
      words: 'the login at North was not answered within 10 s',
    });
    await vi.waitFor(() => expect(wall.site.sockets.size).toBe(0));
    expect(wall.clock.pending()).toBe(0);
  });
});

describe('a token that the site refuses', () => {
  it.each([401, 403])('is renewed immediately on %d, and the request repeated', async (refusalStatus) => {
    const wall = await openWall();
    wall.vms.refusalStatus = refusalStatus;
    await askWall(wall);
    wall.vms.good = 'another';
    expect(await statusOf(wall)).toBe(200);
    expect(wall.vms.asked).toEqual(['token-1', 'token-1', 'token-2']);
    expect(wall.gateway.stats().north?.openRequests).toBe(0);
  });

  it('is renewed once for all requests for which it was refused', async () => {
    const wall = await openWall();
    await askWall(wall);
    wall.vms.good = 'another';
    const statuses = await Promise.all(Array.from({ length: 8 }, (_, cam) => statusOf(wall, `${cam}/1.ts`)));
    expect(statuses).toEqual(Array.from({ length: 8 }, () => 200));
    expect(wall.vms.logins).toHaveLength(2);
  });

  it('is renewed though the refusal’s body never ends, and that connection is closed', async () => {
    const wall = await openWall();
    await askWall(wall);
    wall.vms.good = 'another';
    wall.vms.endless.add('refusal');
    expect(await statusOf(wall)).toBe(200);
    await vi.waitFor(() => expect(wall.site.sockets.size).toBe(1));
  });

  it('passes the refusal to the page where a fresh token is refused as well', async () => {
    const wall = await openWall();
    wall.vms.forbidden = 'vault';
    wall.vms.refusalStatus = 403;
    await askWall(wall);
    expect(await askWall(wall, 'vault/1.ts')).toMatchObject({ status: 403, reason: null });
    expect(wall.vms.logins).toHaveLength(2);
  });

  it('is renewed immediately however young it is, if it was good before', async () => {
    const wall = await openWall();
    await askWall(wall);
    wall.vms.good = 'another';
    expect(await statusOf(wall)).toBe(200);
  });

  it('is renewed ever more rarely for a camera that no token helps, and immediately for the others', async () => {
    const wall = await openWall();
    wall.vms.forbidden = 'vault';
    await askWall(wall);
    for (let count = 0; count < 60; count += 1) {
      wall.clock.tick(1000);
      await askWall(wall, 'vault/1.ts');
      await askWall(wall);
    }
    // The first login, then one each after 1, 2, 4, 8, 16 and 32 s.
    expect(wall.vms.logins).toHaveLength(1 + 6);
    wall.vms.good = 'another';
    expect(await statusOf(wall, 'cam/1.ts')).toBe(200);
  });

  it('is not renewed for an address into which the site wrote a token', async () => {
    const wall = await openWall({ sendAs: { query: 'key' } });
    await askWall(wall);
    expect(await statusOf(wall, 'cam/1.ts?key=issued-for-this')).toBe(401);
    expect(wall.vms.asked).toEqual(['token-1', 'issued-for-this']);
    expect(wall.vms.logins).toHaveLength(1);
  });
});

describe('a token that says when it expires', () => {
  it('is renewed earlier, while it stays in use', async () => {
    const wall = await openWall();
    wall.vms.answerWith = { expires_in: 600 };
    await askWall(wall);
    wall.clock.tick(569_999);
    await askWall(wall);
    expect(wall.vms.logins).toHaveLength(1);
    wall.clock.tick(1);
    wall.vms.hold = true;
    expect(await statusOf(wall)).toBe(200);
    await vi.waitFor(() => expect(wall.vms.waitingLogins).toBe(1));
    expect(await statusOf(wall)).toBe(200);
    wall.vms.release();
    await vi.waitFor(async () => {
      await askWall(wall);
      expect(wall.vms.asked.at(-1)).toBe('token-2');
    });
    expect(wall.vms.logins).toHaveLength(2);
  });

  it('is not sent after it has expired', async () => {
    const wall = await openWall();
    wall.vms.answerWith = { expires_in: '60' };
    await askWall(wall);
    wall.clock.tick(60_000);
    await askWall(wall);
    expect(wall.vms.asked).toEqual(['token-1', 'token-2']);
  });
});

describe('a playlist', () => {
  it('contains neither the present token nor a former one', async () => {
    const wall = await openWall({ sendAs: { query: 'key' } });
    wall.vms.serve = (_request, response) =>
      response
        .writeHead(200)
        .end('#EXTM3U\n1.ts?key=token-1&a=1\n/live/cam/2.ts?key=token-2\n3.ts?key=own\n');
    await askWall(wall, 'cam/a.m3u8');
    wall.vms.good = 'another';
    expect((await askWall(wall, 'cam/a.m3u8')).text).toBe(
      '#EXTM3U\n1.ts?a=1\n/sites/north/cam/2.ts\n3.ts?key=own\n',
    );
  });
});
