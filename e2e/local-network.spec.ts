import { expect, type Page, test } from '@playwright/test';
import { startRig } from './rig/rig.ts';
import { launchHoldfast } from './support/launch.ts';
import { alarmButton, expectRedundancy, expectWallOn, journalSince, quietAlarms } from './support/wall.ts';

/** When all tiles get nothing from all sites, that is one alarm, not one for each tile (rule 10). */

const TILES = 4;
const SITES = ['main', 'backup'] as const;

test.describe.configure({ lock: '-exclusive-' });

const alarmsSince = async (page: Page, since: string): Promise<string[]> =>
  (await journalSince(page, since)).flatMap((entry) => (entry.kind === 'alarm' ? [entry.alarm] : []));

test('both sites stopped at once are one alarm, and every tile holds its picture and says why', async () => {
  await using held = new AsyncDisposableStack();
  const rig = held.use(await startRig({ sites: SITES.map((id) => ({ id, name: id })), cameras: TILES }));
  const holdfast = await launchHoldfast({ args: ['--config', rig.configFile()] });
  held.defer(() => holdfast.close());
  const { page } = holdfast;
  await expectRedundancy(page, TILES, 'main');
  await quietAlarms(page);

  const since = new Date().toISOString();
  await Promise.all(SITES.map((site) => rig.setFault(site, 'stop')));
  await expect(page.locator('[data-tile][data-phase="holding"]')).toHaveCount(TILES, { timeout: 30_000 });
  await expect(alarmButton(page)).toHaveText('1 alarm');
  await expect(page.locator('[data-tile] .tile-stage canvas')).toHaveCount(TILES);
  await expect(page.locator('[data-tile="1"]')).toContainText(/No video: .*main/);

  await alarmButton(page).click();
  const panel = page.getByRole('dialog', { name: 'Alarms' });
  await expect(panel.locator('.alarm-line')).toHaveCount(1);
  await expect(panel.locator('.alarm-line')).toContainText('All cameras: no site answers');
  // Longer than a tile waits before an alarm of its own.
  await expect(page.locator('[data-tile="1"] .tile-age')).toContainText(/00:00:(0[5-9]|[1-5]\d) ago/);
  expect(await alarmsSince(page, since)).toEqual(['local-network']);

  await Promise.all(SITES.map((site) => rig.clear(site)));
  await expectWallOn(page, TILES, undefined, 60_000);
  const over = panel.locator('.alarm-line').filter({ hasText: 'no site answered this workstation' });
  await expect(over).toContainText(/over at \d\d:\d\d:\d\d/);
  const told = await alarmsSince(page, since);
  expect(told.filter((alarm) => alarm === 'local-network-restored')).toHaveLength(1);
});
