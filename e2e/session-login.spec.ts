import { expect, type Page, test } from '@playwright/test';
import { type Rig, startRig } from './rig/rig.ts';
import { launchHoldfast, type RunningHoldfast } from './support/launch.ts';
import { longestUnchangedMs, startLooking, stopLooking } from './support/screen-sampler.ts';
import { changesOfAllTiles, expectRedundancy, expectWallOn, journalSince } from './support/wall.ts';

/** The host renews tokens and cookies that expire, and the operator notices nothing. */

const LIFETIME_MS = 4000;
/** Longer than a busy machine takes for a login, shorter than the picture that is buffered. */
const UNCHANGED_MOST_MS = 1500;

test.describe.configure({ mode: 'serial', lock: '-exclusive-' });

let rig: Rig;
let holdfast: RunningHoldfast;

test.beforeAll(async () => {
  const login = {
    type: 'session',
    loginPath: 'login',
    username: 'wall',
    password: 'from the rig',
    lifetimeMs: LIFETIME_MS,
  } as const;
  rig = await startRig({
    sites: [
      { id: 'main', name: 'Main', login: { ...login, expiry: 'untold', sendAs: 'bearer' } },
      { id: 'backup', name: 'Backup', login: { ...login, sendAs: { query: 'key' } } },
      { id: 'third', name: 'Third', login: { ...login, expiry: 'untold', sendAs: { cookie: 'session' } } },
    ],
    cameras: 1,
  });
  holdfast = await launchHoldfast({ args: ['--config', rig.configFile()] });
  const { page } = holdfast;
  await expectWallOn(page, 1, 'main', 60_000);
  await expectRedundancy(page, 1, 'main');
});

test.afterAll(async () => {
  await holdfast?.close();
  await rig?.close();
});

/** How often Holdfast has logged in at each site. */
async function logins(): Promise<number[]> {
  return (await rig.stats()).map(({ requests }) => requests.login?.login ?? 0);
}

/** Looks at the tile from before `act` until it is over. */
async function expectCalm(page: Page, act: () => Promise<void>): Promise<void> {
  const since = new Date().toISOString();
  await startLooking(page);
  await act();
  const [tile] = await stopLooking(page);
  expect(longestUnchangedMs(tile?.looks ?? []).unchangedMs).toBeLessThan(UNCHANGED_MOST_MS);
  expect(await journalSince(page, since)).toEqual([]);
  await expect(page.getByRole('button', { name: /^\d+ alarms?$/ })).toHaveCount(0);
}

test('the picture goes on while the tokens and cookies of all sites expire, announced or not', async () => {
  await expectCalm(holdfast.page, async () => {
    const before = await logins();
    for (const [index, count] of before.entries())
      await expect
        .poll(async () => (await logins())[index], { timeout: 60_000 })
        .toBeGreaterThanOrEqual(count + 4);
  });
});

test('a token that the site lets expire in mid-stream is replaced immediately', async () => {
  await expectCalm(holdfast.page, async () => {
    const [before = 0] = await logins();
    await rig.setFault('main', { kind: 'login-expired', status: 403 });
    await expect.poll(async () => (await logins())[0]).toBeGreaterThan(before);
    await expectWallOn(holdfast.page, 1, 'main');
  });
});

test('a site whose login gives only a cookie goes on while that expires', async () => {
  const { page } = holdfast;
  await rig.setFault('main', 'stop');
  await rig.setFault('backup', 'stop');
  await expectWallOn(page, 1, 'third', 60_000);
  const since = new Date().toISOString();
  await startLooking(page);
  const [, , before = 0] = await logins();
  await expect.poll(async () => (await logins())[2], { timeout: 60_000 }).toBeGreaterThanOrEqual(before + 3);
  const [tile] = await stopLooking(page);
  expect(longestUnchangedMs(tile?.looks ?? []).unchangedMs).toBeLessThan(UNCHANGED_MOST_MS);
  await expectWallOn(page, 1, 'third');
  expect((await journalSince(page, since)).filter(({ kind }) => kind === 'change')).toEqual([]);
  await rig.clear('main');
  await rig.clear('backup');
  await expectWallOn(page, 1, 'main', 60_000);
  await expectRedundancy(page, 1, 'main');
});

test('a password that was changed at a site is reported, and the other site serves meanwhile', async () => {
  const { page } = holdfast;
  const since = new Date().toISOString();
  await rig.renewLogin('main');
  await expectWallOn(page, 1, 'backup', 60_000);
  const changes = await changesOfAllTiles(page, 1, since, ({ to }) => to.startsWith('backup/'));
  expect([...changes.values()].map(({ cause }) => cause)).toEqual(['no-login']);
  const [refused, renewed = 0] = await logins();
  // The wait after a refused login is far longer than the tile's interval of requests.
  await expect.poll(async () => (await logins())[1], { timeout: 30_000 }).toBeGreaterThan(renewed + 2);
  expect((await logins())[0]).toBe(refused);
});
