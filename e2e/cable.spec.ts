import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { LOW_LATENCY_SHAPE } from '../electron/demo/stream-shape.ts';
import { startRig } from './rig/rig.ts';
import { launchHoldfast } from './support/launch.ts';
import { expectNeverBlank } from './support/pictures.ts';
import { siteOfMark, startLooking, stopLooking } from './support/screen-sampler.ts';
import { missingForSiteNetworks, SiteNetwork } from './support/site-networks.ts';
import { skipWithout } from './support/skip-without.ts';
import { changesOfAllTiles, expectRedundancy, expectWallOn } from './support/wall.ts';

const TILES = 4;
const STABLE_MS = 1000;
const SITES = ['main', 'backup'] as const;

test.describe.configure({ lock: '-exclusive-' });

for (const [words, stream] of [
  ['plain HLS', {}],
  ['LL-HLS', LOW_LATENCY_SHAPE],
] as const) {
  test(`the cable to the first site is pulled: pictures of ${words} go on, and return when it is plugged in`, async () => {
    const missing = missingForSiteNetworks();
    skipWithout(missing);
    await using held = new AsyncDisposableStack();
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-cable-'));
    held.defer(() => rm(folder, { recursive: true, force: true }));
    const networks: SiteNetwork[] = [];
    const configs = [];
    for (const [index, id] of SITES.entries()) {
      const network = held.use(await SiteNetwork.open(index));
      networks.push(network);
      const { namespace, address } = network;
      const rig = held.use(
        await startRig({
          sites: [{ id, name: id, address, clips: id }],
          cameras: TILES,
          stream,
          networkNamespace: namespace,
        }),
      );
      configs.push(rig.config({ policies: { failback: { stableMs: STABLE_MS } } }));
    }
    const file = path.join(folder, 'holdfast.json');
    await writeFile(file, JSON.stringify({ ...configs[0], sites: configs.flatMap(({ sites }) => sites) }));
    const holdfast = await launchHoldfast({ args: ['--config', file] });
    held.defer(() => holdfast.close());
    const { page } = holdfast;
    await expectWallOn(page, TILES, 'main', 60_000);
    await expectRedundancy(page, TILES, 'main');

    const since = new Date().toISOString();
    await startLooking(page);
    await networks[0]?.pullCable();
    await expectWallOn(page, TILES, 'backup', 60_000);
    const changes = await changesOfAllTiles(page, TILES, since, ({ to }) => to.startsWith('backup/'));
    for (const [tile, { cause }] of changes)
      expect(cause, `why tile ${tile} changed`).toMatch(/^(timeout|unreachable|too-slow|stalled)$/);
    await networks[0]?.plugCable();
    await expectWallOn(page, TILES, 'main', 60_000);
    const looks = await stopLooking(page);
    expectNeverBlank(looks, TILES);
    for (const { tile, looks: seen } of looks) {
      const marks = seen.map(({ mark }) => siteOfMark(mark));
      expect(marks, `marks seen in tile ${tile}`).toContain('second');
      expect(marks.at(-1), `last mark seen in tile ${tile}`).toBe('first');
    }
  });
}
