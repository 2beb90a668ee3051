import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayRig } from './testing/gateway-rig.ts';
import { askWall, openSessionWall, SESSION, type SessionWall, statusOf } from './testing/session-site.ts';

let rig: GatewayRig;
let wall: SessionWall;
beforeEach(async () => {
  rig = new GatewayRig();
  wall = await openSessionWall(rig);
});
afterEach(() => rig.end());

describe('a login that fails', () => {
  it('is not repeated before 30 s, then twice that and so on to 15 min, and says so', async () => {
    wall.vms.loginStatus = 401;
    const refused = { status: 403, reason: 'no-login' };
    expect(await askWall(wall)).toMatchObject({
      ...refused,
      words: 'the login at North was refused (401); the next try is in 30 s',
    });
    const triesAfterS: number[] = [];
    for (let s = 10; s <= 3000; s += 10) {
      wall.clock.advance(10_000);
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

  it('leaves the old token in use until it has run out', async () => {
    wall.vms.answerWith = { expires_in: 60 };
    await askWall(wall);
    wall.vms.loginStatus = 403;
    wall.clock.advance(50_000);
    expect(await statusOf(wall)).toBe(200);
    await vi.waitFor(() => expect(wall.vms.logins).toHaveLength(2));
    expect(await statusOf(wall)).toBe(200);
    wall.clock.advance(10_000);
    expect((await askWall(wall)).reason).toBe('no-login');
    expect(wall.vms.logins).toHaveLength(2);
  });

  it('is tried anew with other credentials', async () => {
    wall.vms.loginStatus = 401;
    await askWall(wall);
    wall.vms.loginStatus = 200;
    wall.gateway.update([{ ...wall.config, credentials: { ...SESSION, password: 'right' } }]);
    expect(await statusOf(wall)).toBe(200);
  });

  it('is not tried anew because the site has another name', async () => {
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

  it('by a redirect is refused: the password goes nowhere else', async () => {
    wall.vms.loginStatus = 307;
    expect((await askWall(wall)).words).toBe('the login at North was refused (307); the next try is in 30 s');
  });

  it.each([
    ['a refusal', 401, 'x'],
    ['a fault', 503, 'x'],
    ['an answer that is too large', 200, 'x'.repeat(100_000)],
  ])('by %s that never ends leaves no connection open', async (_name, status, body) => {
    wall.vms.loginStatus = status;
    wall.vms.endless.add('login');
    wall.vms.answerOf = () => body;
    expect((await askWall(wall)).status).not.toBe(200);
    await vi.waitFor(() => expect(wall.site.sockets.size).toBe(0));
  });

  it('at a site out of order is tried again after a second', async () => {
    wall.vms.loginStatus = 503;
    expect((await askWall(wall)).words).toBe('the login at North failed (503)');
    wall.vms.loginStatus = 200;
    expect((await askWall(wall)).words).toBe('the login at North failed (503)');
    wall.clock.advance(1000);
    expect(await statusOf(wall)).toBe(200);
    expect(wall.vms.logins).toHaveLength(2);
  });

  it('at a site that refuses the connection says that', async () => {
    await wall.site.close();
    expect(await askWall(wall)).toMatchObject({ reason: 'refused', words: 'North refused the connection' });
  });
});
