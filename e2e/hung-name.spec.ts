import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { startRig } from './rig/rig.ts';
import { RigResolver } from './rig/rig-resolver.ts';
import { launchWithNameServer, missingForNameServer } from './support/name-server-wrapper.ts';
import { skipWithout } from './support/skip-without.ts';
import { changesOfAllTiles, expectWallOn, journalSince } from './support/wall.ts';

/** The name of one site cannot be looked up, because its name server does not answer (fault 16). */

const TILES = 4;
/** A resolver on Linux gives a look-up up after 10 s (resolv.conf(5): two attempts of 5 s). */
const LOOK_UP_MS = 10_000;
const DNS_PORT = 53;
const NAMES = { main: 'main.sites.test', backup: 'backup.sites.test' } as const;

test.describe.configure({ lock: '-exclusive-' });

test('a hanging look-up delays no other site, and a site stays where it was once found', async () => {
  const missing = missingForNameServer();
  skipWithout(missing);
  await using held = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-hung-name-'));
  held.defer(() => rm(folder, { recursive: true, force: true }));
  const resolver = held.use(await RigResolver.open(DNS_PORT));
  resolver.set(NAMES.main, 'hung');
  resolver.set(NAMES.backup, 'answered');
  const rig = held.use(
    await startRig({
      sites: [
        { id: 'main', name: 'Main' },
        { id: 'backup', name: 'Backup' },
      ],
      cameras: TILES,
    }),
  );
  const config = rig.config({ policies: { failback: { stableMs: 1000 } } });
  const byName = config.sites.map((site) => ({
    ...site,
    baseUrl: site.baseUrl.replace('127.0.0.1', site.id === 'main' ? NAMES.main : NAMES.backup),
  }));
  const holdfast = await launchWithNameServer(folder, { ...config, sites: byName });
  held.defer(() => holdfast.close());
  const { page } = holdfast;

  await expectWallOn(page, TILES, 'backup', 60_000);
  const first = await changesOfAllTiles(page, TILES, '', ({ from }) => from === null);
  const began = [...first.values()].map(({ firstFrameAt }) => Date.parse(firstFrameAt));
  const loadedAtMs = await page.evaluate(() => performance.timeOrigin);
  expect(Math.min(...began) - loadedAtMs, 'until the first picture').toBeLessThan(LOOK_UP_MS);
  expect(resolver.queries.get(NAMES.main), 'look-ups of the hung name').toBeGreaterThan(0);
  const causes = async (): Promise<(string | null)[]> =>
    (await journalSince(page, '')).flatMap((entry) =>
      entry.kind === 'alarm' && entry.alarm === 'no-redundancy' ? [entry.cause] : [],
    );
  await expect.poll(async () => (await causes()).length, { timeout: 30_000 }).toBe(TILES);
  for (const cause of await causes()) expect(cause).toMatch(/^(dns|timeout)$/);

  resolver.set(NAMES.main, 'answered');
  await expectWallOn(page, TILES, 'main', 60_000);

  const lookUps = (): number => resolver.queries.get(NAMES.main) ?? 0;
  const lookUpsBefore = lookUps();
  resolver.set(NAMES.main, 'hung');
  await rig.setFault('main', 'stop');
  await expectWallOn(page, TILES, 'backup', 60_000);
  // A refused connection makes the next request look the name up again. Without an answer the old address is used.
  await expect.poll(lookUps, 'look-ups since the name hangs').toBeGreaterThan(lookUpsBefore);
  await rig.clear('main');
  await expectWallOn(page, TILES, 'main', 60_000);
});
