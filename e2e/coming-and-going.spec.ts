import { expect, type Page, test } from '@playwright/test';
import { type Rig, startRig } from './rig/rig.ts';
import { launchHoldfast, type RunningHoldfast } from './support/launch.ts';
import { alarmButton, expectRedundancy, expectTiles, journalSince, quietAlarms } from './support/wall.ts';

/** An alarm that comes and goes is one alarm, in the panel, on the tile and in the journal. */

const TILES = 4;
const SITES = ['Main', 'Backup'] as const;
/** Longer than the time after which a loss becomes an alarm. */
const ALARM_MS = 30_000;

test.describe.configure({ mode: 'serial', lock: '-exclusive-' });

let rig: Rig;
let holdfast: RunningHoldfast;

test.beforeAll(async () => {
  rig = await startRig({ sites: SITES.map((id) => ({ id, name: id })), cameras: TILES });
  holdfast = await launchHoldfast({ args: ['--config', rig.configFile()] });
  await expectRedundancy(holdfast.page, TILES, 'Main');
  await quietAlarms(holdfast.page);
  await holdfast.page.locator('body').press('a');
});

test.afterAll(async () => {
  await holdfast?.close();
  await rig?.[Symbol.asyncDispose]();
});

const line = (page: Page) => page.getByRole('dialog', { name: 'Alarms' }).locator('.alarm-line');
const badges = (page: Page) => page.locator('.tile-badge[title="Redundancy comes and goes"]');
const strip = (page: Page) => page.getByText(`${TILES} with redundancy that comes and goes`);

/** Stops the other site until its tiles have said so for the time after which it is an alarm. */
async function loseBackup(page: Page, turns: number): Promise<void> {
  await rig.setFault('Backup', 'stop');
  await expectTiles(page, TILES, '[data-redundancy="none"]', ALARM_MS);
  await expect(line(page)).toContainText(`${turns} times`, { timeout: ALARM_MS });
}

async function restoreBackup(page: Page): Promise<void> {
  await rig.clear('Backup');
  await expectRedundancy(page, TILES, 'Main');
}

const alarmLinesSince = async (page: Page, since: string): Promise<string[]> =>
  (await journalSince(page, since)).flatMap((entry) =>
    entry.kind === 'alarm' ? [`${entry.alarm} ${entry.comesAndGoes?.phase ?? 'once'}`] : [],
  );

test('an acknowledged alarm whose reason lasts stays listed without colour, and leaves the list when it ends', async () => {
  const { page } = holdfast;
  await rig.setFault('Backup', 'stop');
  await expect(alarmButton(page)).toHaveText(`${TILES} alarms`, { timeout: ALARM_MS });
  await page.getByRole('button', { name: `Acknowledge ${TILES} cameras: no redundancy` }).click();
  await expect(alarmButton(page)).toHaveText(`${TILES} acknowledged`);
  await expect(alarmButton(page)).toHaveAttribute('data-tone', 'quiet');
  await expect(line(page)).toContainText('acknowledged');
  await restoreBackup(page);
  await expect(alarmButton(page)).toHaveCount(0);
});

test('a site that comes and goes raises one alarm, and makes one journal entry for each tile', async () => {
  const { page } = holdfast;
  const since = new Date().toISOString();
  await loseBackup(page, 2);
  await expect(line(page)).toHaveCount(1);
  await expect(line(page)).toContainText(`${TILES} cameras: redundancy comes and goes`);
  await expect(line(page)).toContainText(/2 times each since \d\d:\d\d:\d\d, last at \d\d:\d\d:\d\d/);
  await expect(alarmButton(page)).toHaveText(`${TILES} alarms`);
  expect(await alarmLinesSince(page, since)).toEqual(Array(TILES).fill('no-redundancy begins'));
});

test('its badges do not blink, and its acknowledgement holds while it comes and goes', async () => {
  const { page } = holdfast;
  const since = new Date().toISOString();
  const expectSteady = async (): Promise<void> => {
    await expect(badges(page)).toHaveCount(TILES);
    await expect(strip(page)).toBeVisible();
    await expect(alarmButton(page)).toHaveText(`${TILES} acknowledged`);
    await expect(page.locator('.tile-alarm')).toHaveCount(0);
  };
  await page.getByRole('button', { name: 'Acknowledge all' }).click();
  await expectSteady();
  for (const turns of [3, 4]) {
    await restoreBackup(page);
    await expectSteady();
    await loseBackup(page, turns);
    await expectSteady();
  }
  expect(await alarmLinesSince(page, since)).toEqual([]);
  await expect(page.locator('[data-tile="1"]')).toContainText('Standby comes and goes: 4 times since');
});

test('missing video is reported immediately, however often it comes and goes', async () => {
  const { page } = holdfast;
  const dark = line(page).filter({ hasText: 'All cameras: ' });
  for (const words of [/no site answers$/, /no site answers, comes and goes$/]) {
    await rig.setFault('Main', 'stop');
    await expectTiles(page, TILES, '[data-phase="holding"]', ALARM_MS);
    await expect(page.locator('.tile-badge[data-tone="no-video"][title="No video"]')).toHaveCount(TILES);
    await expect(dark.locator('.alarm-title')).toHaveText(words);
    await rig.clear('Main');
    await expectTiles(page, TILES, '[data-phase="showing"][data-live="true"]', ALARM_MS);
    await expect(dark.locator('.alarm-title')).not.toHaveText(words);
  }
  await expect(dark.locator('.alarm-title')).toHaveText('All cameras: the way to all sites comes and goes');
});
