import { writeFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { startRig } from './rig/rig.ts';
import { launchHoldfast } from './support/launch.ts';
import { expectWallOn } from './support/wall.ts';

/** A site's playlists contain addresses that are not below its own, as behind a proxy with another name or path. */

test('a tile says which further address its site needs, and shows the picture when that is entered', async () => {
  await using held = new AsyncDisposableStack();
  const streams = { 'car-park': { oddities: [{ kind: 'elsewhere', by: 'absolute-addresses' } as const] } };
  const rig = held.use(
    await startRig({ sites: [{ id: 'main', name: 'Main', further: true, streams }], cameras: 1 }),
  );
  const config = rig.config();
  const [main] = config.sites;
  const [further] = main?.furtherAddresses ?? [];
  if (main === undefined || further === undefined) throw new Error('The rig has no further address');
  const { furtherAddresses: _left, ...alone } = main;
  const file = rig.configFile();
  await writeFile(file, JSON.stringify({ ...config, sites: [alone] }));
  const holdfast = await launchHoldfast({ args: ['--config', file] });
  held.defer(() => holdfast.close());
  const { page } = holdfast;

  const message = page.locator('[data-tile] .tile-message');
  await expect(message).toContainText(/^No picture yet: a playlist of Main points to /, { timeout: 30_000 });
  await expect(message).toContainText(`${new URL(further.baseUrl).origin}/`);
  await expect(message).toContainText("add that address to the site's further addresses");
  await writeFile(file, JSON.stringify(config));
  await expectWallOn(page, 1, 'main');
});
