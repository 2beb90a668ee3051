import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { startRig } from './rig/rig.ts';
import { launchHoldfast } from './support/launch.ts';
import { missingForSiteNetworks, SiteNetwork } from './support/site-networks.ts';
import { startWatchingTiles, stopWatchingTiles } from './support/tile-watch.ts';
import { alarmButton, diagnosticsOf, expectTiles, journalSince } from './support/wall.ts';

const TILES = 4;
const SITES = ['main', 'backup'] as const;
/** The main streams need 1040 kbit/s with what the network adds, the sub-streams 310. */
const KBIT_PER_S = 650;
/** How long the pictures are watched on the sub-streams. Milliseconds: before main streams are tried again, after 3 minutes. */
const WATCHED_MS = 90_000;
const LIVE_SHARE = 0.95;
/** Most of what comes that may be probes. */
const PROBES_SHARE = 0.1;

test.describe.configure({ lock: '-exclusive-', timeout: 300_000 });

test('a link too thin for its main streams: all tiles settle on sub-streams of their first site, and say so', async () => {
  const missing = missingForSiteNetworks();
  // biome-ignore lint/suspicious/noSkippedTests: named and counted where the privilege is missing
  test.skip(missing !== null, missing ?? '');
  await using held = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-thin-link-'));
  held.defer(() => rm(folder, { recursive: true, force: true }));
  // Both sites are behind one cable.
  const network = held.use(await SiteNetwork.open(0));
  const { namespace, address } = network;
  const rig = held.use(
    await startRig({
      sites: SITES.map((id) => ({ id, name: id, address, clips: id })),
      cameras: TILES,
      stream: { multivariant: true, segmentMs: 2000 },
      networkNamespace: namespace,
    }),
  );
  const config = rig.config();
  const paths = { mainPath: '{camera}/main/index.m3u8', subPath: '{camera}/sub/index.m3u8' };
  const file = path.join(folder, 'holdfast.json');
  const sites = config.sites.map((site) => ({ ...site, ...paths }));
  await writeFile(file, JSON.stringify({ ...config, sites }));
  await network.limit(KBIT_PER_S);
  const holdfast = await launchHoldfast({ args: ['--config', file] });
  held.defer(() => holdfast.close());
  const { page } = holdfast;

  const settled = '[data-phase="showing"][data-live="true"][data-site="main"][data-quality="sub"]';
  await expectTiles(page, TILES, settled, 60_000);
  // As Playwright has it when a person presses a key with nothing focused.
  await page.locator('body').press('a');
  const panel = page.getByRole('dialog', { name: 'Alarms' });
  await expect(panel.getByText('this workstation’s link is too thin for 4 main streams')).toBeVisible();
  // A machine that is busy while it starts finds the link thin only when it has time again, and may raise others before.
  await panel.getByRole('button', { name: 'Acknowledge all', exact: true }).click();
  await expect(alarmButton(page)).toHaveText(/acknowledged/);

  const since = new Date().toISOString();
  const before = (await diagnosticsOf(page)).loaded;
  await startWatchingTiles(page);
  await pause(WATCHED_MS);
  const moments = [...(await stopWatchingTiles(page)).values()].flat();
  const after = (await diagnosticsOf(page)).loaded;
  const live = moments.filter((moment) => moment.live).length / moments.length;
  const loaded = { shown: 0, standby: 0, probe: 0 };
  for (const kind of ['shown', 'standby', 'probe'] as const) loaded[kind] = after[kind] - before[kind];
  const share = loaded.probe / (loaded.shown + loaded.standby + loaded.probe);
  console.log(
    `thin link: LIVE in ${(100 * live).toFixed(1)} % of looks, probes ${(100 * share).toFixed(1)} %`,
    loaded,
  );
  expect(await journalSince(page, since), 'changes and alarms').toEqual([]);
  expect(live, 'share of looks that are LIVE').toBeGreaterThanOrEqual(LIVE_SHARE);
  expect(share, 'share of probes in what came').toBeLessThanOrEqual(PROBES_SHARE);
});
