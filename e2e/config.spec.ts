import { chmod, chown, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { launchHoldfast } from './support/launch.ts';
import { openSettings } from './support/open-settings.ts';
import { expectWallOn } from './support/wall.ts';

test('the demo can be left for an empty configuration, which follows its file, and entered again', async () => {
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

/** One camera of one site, which has a login where a password is given. */
function oneCamera(siteName: string, password?: string): string {
  const credentials =
    password === undefined ? {} : { credentials: { type: 'basic', username: 'wall', password } };
  const site = { id: 'north', name: siteName, baseUrl: 'http://127.0.0.1:9/', mainPath: '{camera}.m3u8' };
  return JSON.stringify({
    version: 1,
    sites: [{ ...site, ...credentials }],
    cameras: [{ id: 'gate', number: 7, name: 'Gate' }],
    views: [{ id: 'all', name: 'All', columns: 1, rows: 1, cells: ['gate'] }],
  });
}

test.describe('a configuration in a file of its own', () => {
  // biome-ignore lint/suspicious/noSkippedTests: the promises are not made for Windows, whose access lists Node cannot read
  test.skip(process.platform === 'win32', 'Windows has no file modes');
  let userDataDir = '';
  let file = '';
  test.beforeEach(async () => {
    userDataDir = await mkdtemp(path.join(tmpdir(), 'holdfast-e2e-'));
    file = path.join(userDataDir, 'config.json');
  });
  test.afterEach(() => rm(userDataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

  test('the window warns of a password that other users can read, until they cannot; past configurations have no password', async () => {
    await writeFile(file, oneCamera('North', 'hunter2-in-the-file'));
    await chmod(file, 0o644);
    const { page, close } = await launchHoldfast({ userDataDir });
    try {
      const warning = page.getByText(`chmod 600 ${file}`);
      await expect(warning).toBeVisible();
      await chmod(file, 0o600);
      await expect(warning).toBeHidden({ timeout: 15_000 });
      const past = path.join(userDataDir, 'config-history');
      const entries = (await readdir(past)).filter((name) => name !== 'secrets.json');
      const texts = await Promise.all(entries.map((name) => readFile(path.join(past, name), 'utf8')));
      expect(texts.join()).toContain('North');
      expect(texts.join()).not.toContain('hunter2-in-the-file');
    } finally {
      await close();
    }
  });

  test('one that another user put in its place is not taken, while Holdfast runs and when it starts', async () => {
    // biome-ignore lint/suspicious/noSkippedTests: nobody else can make a file of another user
    test.skip(process.geteuid?.() !== 0, 'only root can make a file of another user');
    await writeFile(file, oneCamera('North'));
    const first = await launchHoldfast({ userDataDir });
    const theirs = path.join(userDataDir, 'theirs.json');
    try {
      await expect(first.page.locator('[data-tile][data-camera="gate"]')).toContainText('North');
      await writeFile(theirs, oneCamera('Theirs'));
      await chown(theirs, 65_534, 65_534);
      await rename(theirs, file);
      const notice = first.page.getByText('belongs to another user (number 65534)');
      await expect(notice).toBeVisible({ timeout: 15_000 });
      await expect(first.page.locator('[data-tile][data-camera="gate"]')).toContainText('North');
    } finally {
      await first.close();
    }
    const second = await launchHoldfast({ userDataDir });
    try {
      await expect(second.page.getByText('In use is the last good one')).toBeVisible();
      await expect(second.page.locator('[data-tile][data-camera="gate"]')).toContainText('North');
      await expect(second.page.locator('[data-tile][data-camera="gate"]')).not.toContainText('Theirs');
    } finally {
      await second.close();
    }
  });
});
