import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { launchHoldfast } from './support/launch.ts';
import { openSettings } from './support/open-settings.ts';
import { expectWallOn } from './support/wall.ts';

test('the demo is left for an empty configuration, which follows its file, and come back to', async () => {
  const { app, page, userDataDir, close } = await launchHoldfast();
  try {
    await expectWallOn(page, 9);
    const settings = await openSettings(app, page);
    await settings.getByRole('button', { name: 'Set up your own sites' }).click();
    await expect(page.getByRole('heading', { name: 'No cameras yet' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Open settings' })).toBeVisible();

    const file = path.join(userDataDir, 'config.json');
    const empty = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(
      file,
      JSON.stringify({
        ...empty,
        sites: [
          { id: 'north', name: 'North', baseUrl: 'http://127.0.0.1:9/', mainPath: '{camera}.m3u8' },
          { id: 'south', name: 'South', baseUrl: 'http://127.0.0.1:9/', mainPath: '{camera}.m3u8' },
        ],
        cameras: [{ id: 'gate', number: 7, name: 'Gate' }],
        views: [{ id: 'all', name: 'All', columns: 1, rows: 1, cells: ['gate'] }],
      }),
    );
    await expect(page.locator('[data-tile][data-camera="gate"]')).toContainText('refused the connection', {
      timeout: 15_000,
    });

    await writeFile(file, '{ "version": 1,');
    await expect(page.getByRole('region', { name: 'Notice' })).toContainText('is not JSON', {
      timeout: 15_000,
    });
    await expect(page.locator('[data-tile][data-camera="gate"]')).toBeVisible();

    await settings.getByRole('button', { name: 'Show the demo' }).click();
    await expectWallOn(page, 9);
  } finally {
    await close();
  }
});

test('without --config the own configuration is opened when there is one', async () => {
  const first = await launchHoldfast();
  const { userDataDir } = first;
  const config = { version: 1, sites: [], cameras: [], views: [] };
  await writeFile(path.join(userDataDir, 'config.json'), JSON.stringify(config));
  await first.app.close();
  const second = await launchHoldfast({ userDataDir });
  try {
    await expect(second.page.getByRole('heading', { name: 'No cameras yet' })).toBeVisible();
  } finally {
    await second.close();
    await first.close().catch(() => {});
  }
});
