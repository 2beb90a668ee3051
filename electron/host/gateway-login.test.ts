import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEADLINE_HEADER } from '../../shared/gateway/gateway-contract.ts';
import { GatewayRig } from './testing/gateway-rig.ts';
import { askWall, openSessionWall, SESSION, type SessionWall, statusOf } from './testing/session-site.ts';

let rig: GatewayRig;
let wall: SessionWall;
beforeEach(async () => {
  rig = new GatewayRig();
  wall = await openSessionWall(rig);
});
afterEach(() => rig.end());

/** When logins were tried, in seconds, while each camera is requested every ten seconds. */
async function loginsWithin(seconds: number): Promise<number[]> {
  const triesAfterS: number[] = [];
  for (let s = 0; s <= seconds; s += 10) {
    const before = wall.vms.logins.length;
    await Promise.all(Array.from({ length: 8 }, (_, camera) => askWall(wall, `cam-${camera}/1.ts`)));
    if (wall.vms.logins.length > before) triesAfterS.push(s);
    expect(wall.vms.logins.length).toBeLessThanOrEqual(before + 1);
    wall.clock.tick(10_000);
  }
  return triesAfterS;
}

describe('a login whose token is refused before it was ever accepted', () => {
  it('counts as refused, whatever the camera', async () => {
    wall.vms.forbidden = 'cam';
    expect(await loginsWithin(3000)).toEqual([0, 30, 90, 210, 450, 930, 1830, 2730]);
    expect(await askWall(wall)).toMatchObject({ status: 401, reason: null });
  });

  it('says so once the token has expired', async () => {
    wall.vms.forbidden = 'cam';
    wall.vms.answerWith = { expires_in: 20 };
    expect(await statusOf(wall)).toBe(401);
    wall.clock.tick(20_000);
    expect(await askWall(wall)).toMatchObject({
      reason: 'no-login',
      words: 'North refused what its login gave; the next try is in 10 s',
    });
  });

  it('is tried again immediately where it was long ago', async () => {
    wall.vms.hold = true;
    const hasty = askWall(wall, 'cam/1.ts', { [DEADLINE_HEADER]: '500' });
    await vi.waitFor(() => expect(wall.vms.waitingLogins).toBe(1));
    wall.clock.tick(500);
    await hasty;
    wall.vms.hold = false;
    wall.vms.release();
    await vi.waitFor(() => expect(wall.vms.good).toBe('token-1'));
    wall.clock.tick(60_000);
    wall.vms.good = 'another';
    expect(await statusOf(wall)).toBe(200);
    expect(wall.vms.asked).toEqual(['token-1', 'token-2']);
  });

  it('counts as good once the token is accepted elsewhere; the refusal is then forgotten', async () => {
    wall.vms.forbidden = 'cam';
    await loginsWithin(200);
    expect(await statusOf(wall, 'open/1.ts')).toBe(200);
    expect(await statusOf(wall)).toBe(401);
    expect(wall.vms.logins).toHaveLength(4);
    expect(await statusOf(wall, 'open/1.ts')).toBe(200);
    wall.vms.loginStatus = 401;
    wall.vms.good = 'another';
    expect((await askWall(wall, 'open/1.ts')).words).toContain('the next try is in 30 s');
  });

  it('does not count as refused where the old token is still good for other cameras', async () => {
    wall.vms.answerWith = { expires_in: 600 };
    await askWall(wall);
    wall.clock.tick(580_000);
    await askWall(wall);
    await vi.waitFor(async () => {
      await askWall(wall, 'cam/2.ts');
      expect(wall.vms.asked.at(-1)).toBe('token-2');
    });
    wall.vms.good = 'another';
    expect(await statusOf(wall)).toBe(200);
    expect(wall.vms.logins).toHaveLength(3);
  });
});

describe('a login that fails', () => {
  it('is repeated after 30 s, then after twice that and so on up to 15 min, and says so', async () => {
    wall.vms.loginStatus = 401;
    const refused = { status: 403, reason: 'no-login' };
    expect(await askWall(wall)).toMatchObject({
      ...refused,
      words: 'the login at North was refused (401); the next try is in 30 s',
    });
    const triesAfterS: number[] = [];
    for (let s = 10; s <= 3000; s += 10) {
      wall.clock.tick(10_000);
      const before = wall.vms.logins.length;
      expect(await askWall(wall)).toMatchObject(refused);
      if (wall.vms.logins.length > before) triesAfterS.push(s);
    }
    expect(triesAfterS).toEqual([30, 90, 210, 450, 930, 1830, 2730]);
    expect((await askWall(wall)).words).toBe(
      'the login at North was refused (401); the next try is in 11 min',
    );
    expect(wall.vms.asked).toEqual([]);
  });

  it('leaves the old token in use until that expires', async () => {
    wall.vms.answerWith = { expires_in: 60 };
    await askWall(wall);
    wall.vms.loginStatus = 403;
    wall.clock.tick(50_000);
    expect(await statusOf(wall)).toBe(200);
    await vi.waitFor(() => expect(wall.vms.logins).toHaveLength(2));
    expect(await statusOf(wall)).toBe(200);
    wall.clock.tick(10_000);
    expect((await askWall(wall)).reason).toBe('no-login');
    expect(wall.vms.logins).toHaveLength(2);
  });

  it('is tried again with other credentials', async () => {
    wall.vms.loginStatus = 401;
    await askWall(wall);
    wall.vms.loginStatus = 200;
    wall.gateway.update([{ ...wall.config, credentials: { ...SESSION, password: 'right' } }]);
    expect(await statusOf(wall)).toBe(200);
  });

  it('is not tried again because the site has another name', async () => {
    wall.vms.loginStatus = 401;
    await askWall(wall);
    wall.gateway.update([{ ...wall.config, name: 'New' }]);
    await askWall(wall);
    expect(wall.vms.logins).toHaveLength(1);
  });

  it.each([
    ['{"key":"x"}', 'neither a token nor a cookie: its answer has no field token'],
    ['{"token":7}', 'neither a token nor a cookie: its answer has no field token'],
    ['{"token":"two words"}', 'no token: token in its answer holds a blank or a letter beyond ASCII'],
    ['<html>', 'neither a token nor a cookie: its answer is not JSON'],
    ['null', 'neither a token nor a cookie: its answer has no field token'],
  ])('by the answer %s says what is wrong with it', async (answer, words) => {
    wall.vms.answerOf = () => answer;
    expect(await askWall(wall)).toMatchObject({
      reason: 'no-login',
      words: `the login at North gave ${words}; the next try is in 30 s`,
    });
  });

  it('with a redirect is refused: the password goes nowhere else', async () => {
    wall.vms.loginStatus = 307;
    expect((await askWall(wall)).words).toBe('the login at North was refused (307); the next try is in 30 s');
  });

  it.each([
    ['a refusal', 401, 'x'],
    ['a fault', 503, 'x'],
    ['an answer that is too large', 200, 'x'.repeat(100_000)],
  ])('with %s that never ends leaves no connection open', async (_name, status, body) => {
    wall.vms.loginStatus = status;
    wall.vms.endless.add('login');
    wall.vms.answerOf = () => body;
    expect((await askWall(wall)).status).not.toBe(200);
    await vi.waitFor(() => expect(wall.site.sockets.size).toBe(0));
  });

  it('with a server error is tried again after a second', async () => {
    wall.vms.loginStatus = 503;
    expect((await askWall(wall)).words).toBe('the login at North failed (503)');
    wall.vms.loginStatus = 200;
    expect((await askWall(wall)).words).toBe('the login at North failed (503)');
    wall.clock.tick(1000);
    expect(await statusOf(wall)).toBe(200);
    expect(wall.vms.logins).toHaveLength(2);
  });

  it('with a refused connection says that', async () => {
    await wall.site.close();
    expect(await askWall(wall)).toMatchObject({ reason: 'refused', words: 'North refused the connection' });
  });
});
