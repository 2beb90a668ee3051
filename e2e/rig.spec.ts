import { expect, test } from '@playwright/test';
import { startRig } from './rig/rig.ts';
import { launchHoldfast } from './support/launch.ts';
import { changesOfAllTiles, expectRedundancy, expectWallOn } from './support/wall.ts';

const TILES = 2;

test.describe.configure({ lock: '-exclusive-' });

test('a wall shows the sites of the rig over TLS with logins, and changes over when its first site is silent', async () => {
  const rig = await startRig({
    sites: [
      { id: 'main', name: 'Main', tls: 'trusted', login: { type: 'bearer', token: 'from-the-rig' } },
      {
        id: 'backup',
        name: 'Backup',
        tls: 'pinned',
        login: { type: 'query', name: 'key', value: 'from the rig' },
      },
    ],
    cameras: TILES,
  });
  try {
    const holdfast = await launchHoldfast({ args: ['--config', rig.configFile()], env: rig.environment() });
    try {
      const { page } = holdfast;
      await expectWallOn(page, TILES, 'main', 60_000);
      await expectRedundancy(page, TILES, 'main');
      const inForceMs = await rig.setFault('main', 'silent');
      const changes = await changesOfAllTiles(page, TILES, new Date(inForceMs).toISOString(), ({ to }) =>
        to.startsWith('backup/'),
      );
      for (const { cause } of changes.values()) expect(cause).toMatch(/^(timeout|too-slow)$/);
      await expectWallOn(page, TILES, 'backup', 60_000);
    } finally {
      await holdfast.close();
    }
  } finally {
    await rig.close();
  }
});
