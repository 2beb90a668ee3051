import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { endOfProcess } from './support/end-of-process.ts';
import {
  electronArguments,
  electronExecutable,
  launchHoldfast,
  PROJECT,
  requireDisplay,
} from './support/launch.ts';
import { installedBrowser, SHELL } from './support/launch-chromium.ts';
import { MountSpace, missingForHangingShare, missingForMounts } from './support/mount-space.ts';
import { skipWithout } from './support/skip-without.ts';
import { CORE_TAG } from './tiers.mjs';

/** An obstacle at the start: there is a window all the same, which shows the wall or says what is wrong. */

let folder = '';
let userDataDir = '';
/** The folder that replaces a user data folder is removed with the test's other files. */
let env: Readonly<Record<string, string>> = {};
let file = '';
test.beforeEach(async () => {
  requireDisplay();
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-start-'));
  userDataDir = path.join(folder, 'user');
  await mkdir(path.join(folder, 'share'));
  env = { TMPDIR: path.join(folder, 'temporary') };
  await mkdir(path.join(folder, 'temporary'));
  file = path.join(folder, 'share', 'wall.json');
});
test.afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

/** Time limit for the window on a busy machine. */
const START = { timeout: 10_000 };

const wall = (camera: string): string =>
  JSON.stringify({
    version: 1,
    // Nobody listens there: this test is about which wall is shown, not about its pictures.
    sites: [{ id: 'north', name: 'North', baseUrl: 'http://127.0.0.1:9/', mainPath: '{camera}.m3u8' }],
    cameras: [{ id: 'gate', number: 7, name: camera }],
    views: [{ id: 'all', name: 'All', columns: 1, rows: 1, cells: ['gate'] }],
  });

/** Dismisses earlier notices: as root there is one about the sandbox. */
async function expectNotice(page: Page, words: string | RegExp): Promise<void> {
  const notice = page.getByRole('region', { name: 'Notice' }).filter({ hasText: words });
  await expect(async () => {
    if (!(await notice.isVisible()))
      await page.getByRole('button', { name: 'Dismiss' }).click({ timeout: 1000 });
    expect(await notice.isVisible()).toBe(true);
  }).toPass(START);
}

const expectCamera = (page: Page, name: string): Promise<void> =>
  expect(page.locator('[data-tile][data-camera="gate"]')).toContainText(name, START);

test.describe('the user data folder', () => {
  test('that is read-only is read, and the window says that nothing is kept; another start finds it', {
    tag: CORE_TAG,
  }, async () => {
    skipWithout(missingForMounts());
    await mkdir(userDataDir);
    await writeFile(path.join(userDataDir, 'config.json'), wall('Quay'));
    await using space = await MountSpace.open();
    await space.run('mount', '--bind', userDataDir, userDataDir);
    await space.run('mount', '-o', 'remount,bind,ro', userDataDir);
    const executable = await space.wrapper(folder, electronExecutable());
    const { page, close } = await launchHoldfast({ env, userDataDir, executable });
    try {
      await expectCamera(page, 'Quay');
      await expectNotice(
        page,
        `Nothing is kept (journal, alarms, settings): the folder ${userDataDir} cannot be written: the disk can only be read.`,
      );
      expect(await endOfProcess(executable, electronArguments(userDataDir, []), env)).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('already running: its window was brought to the front'),
      });
    } finally {
      await close();
    }
  });

  test('that is a file is replaced by another one', async () => {
    await writeFile(userDataDir, 'not a folder');
    const { page, close } = await launchHoldfast({ env, userDataDir });
    try {
      await expect(page.locator('[data-tile]').first()).toBeVisible(START);
      await expectNotice(page, 'there is a file in the place of a folder');
    } finally {
      await close();
    }
    expect(await readFile(userDataDir, 'utf8')).toBe('not a folder');
  });

  test('that cannot be made is replaced by another one', async () => {
    skipWithout(missingForMounts());
    await using space = await MountSpace.open();
    await space.run('mount', '-t', 'tmpfs', '-o', 'ro', 'none', path.join(folder, 'share'));
    const executable = await space.wrapper(folder, electronExecutable());
    const { page, close } = await launchHoldfast({
      env,
      userDataDir: path.join(folder, 'share', 'new'),
      executable,
    });
    try {
      await expect(page.locator('[data-tile]').first()).toBeVisible(START);
      await expectNotice(page, 'Nothing is kept');
    } finally {
      await close();
    }
  });

  test('on a full disk does not stop the wall from opening', async () => {
    skipWithout(missingForMounts());
    await mkdir(userDataDir);
    await using space = await MountSpace.open();
    await space.run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', userDataDir);
    await space.run('sh', '-c', 'dd if=/dev/zero of="$0/filler" bs=4k 2>/dev/null || true', userDataDir);
    const executable = await space.wrapper(folder, electronExecutable());
    await writeFile(file, wall('Quay'));
    const { page, close } = await launchHoldfast({ env, userDataDir, executable, args: ['--config', file] });
    try {
      await expectCamera(page, 'Quay');
    } finally {
      await close();
    }
  });

  test('that is read-only opens the Chromium shell as well', async () => {
    const browser = installedBrowser();
    skipWithout(browser.kind === 'missing' ? browser.reason : missingForMounts());
    await mkdir(userDataDir);
    await using space = await MountSpace.open();
    await space.run('mount', '-t', 'tmpfs', '-o', 'ro', 'none', userDataDir);
    const executable = await space.wrapper(folder, process.execPath);
    const args = [SHELL, `--user-data-dir=${userDataDir}`];
    const first = spawn(executable, args, { cwd: PROJECT, env: { ...process.env, ...env } });
    let stderr = '';
    first.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const ended = new Promise<number | null>((resolve) => first.once('exit', resolve));
    try {
      await expect.poll(() => stderr, { timeout: 40_000 }).toContain('shows its window in');
      expect(stderr).toContain(`Nothing is kept (journal, alarms, settings): the folder ${userDataDir}`);
      expect(await endOfProcess(executable, args, env)).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('already running'),
      });
    } finally {
      first.kill('SIGTERM');
      expect(await ended).toBe(0);
    }
  });
});

test.describe('a configuration on a share', () => {
  test('that is not mounted: the last good one is used, without Apply to the bare folder, and the file once it is mounted', {
    tag: CORE_TAG,
  }, async () => {
    skipWithout(missingForMounts());
    const mounted = path.join(folder, 'share');
    await using space = await MountSpace.open();
    const executable = await space.wrapper(folder, electronExecutable());
    await space.run('mount', '-t', 'tmpfs', 'none', mounted);
    await space.run('sh', '-c', 'cat > "$0" <<"END"\n$1\nEND'.replace('$1', wall('Quay')), file);
    const first = await launchHoldfast({ env, userDataDir, executable, args: ['--config', file] });
    await expectCamera(first.page, 'Quay');
    await first.close();

    await space.run('mount', '--move', mounted, '/mnt');
    const { app, page, close } = await launchHoldfast({
      env,
      userDataDir,
      executable,
      args: ['--config', file],
    });
    try {
      await expectCamera(page, 'Quay');
      await expectNotice(page, /its share may not be mounted\. In use is the last good one, of/);
      const opened = app.waitForEvent('window');
      await page.keyboard.press('Control+,');
      const settings = await opened;
      await expect(settings.getByText('its share may not be mounted')).toBeVisible();
      await space.run('sh', '-c', 'sed -i s/Quay/Harbour/ /mnt/wall.json');
      await space.run('mount', '--move', '/mnt', mounted);
      await expectCamera(page, 'Harbour');
      await expect(page.getByText('share may not be mounted')).toHaveCount(0);
    } finally {
      await close();
    }
  });

  test('that hangs: the last good one is shown within 10 s, another start is answered, and a signal ends Holdfast', async () => {
    skipWithout(missingForHangingShare());
    const mounted = path.join(folder, 'share');
    await writeFile(file, wall('Quay'));
    const first = await launchHoldfast({ env, userDataDir, args: ['--config', file] });
    await expectCamera(first.page, 'Quay');
    await first.close();

    await using space = await MountSpace.open();
    const executable = await space.wrapper(folder, electronExecutable());
    await space.hang(mounted);
    const { app, page, close } = await launchHoldfast({
      env,
      userDataDir,
      executable,
      args: ['--config', file],
    });
    const ended = new Promise<NodeJS.Signals | null>((resolve) =>
      app.process().once('exit', (_code, signal) => resolve(signal)),
    );
    try {
      await expectCamera(page, 'Quay');
      await expectNotice(page, 'its disk or share has not answered for 4 s. In use is the last good one, of');
      const other = path.join(mounted, 'other.json');
      // It may not be gone before the first: both wait for the same folder.
      const second = spawn(executable, electronArguments(userDataDir, ['--config', other]), {
        cwd: PROJECT,
        env: { ...process.env, ...env },
      });
      let stderr = '';
      second.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      await expect
        .poll(() => stderr, START)
        .toContain(`${other} was not opened: Holdfast is already running, with ${file}`);
      await expectNotice(page, `started a second time, with ${other}`);
      app.process().kill('SIGTERM');
      expect(await ended).toBe('SIGTERM');
    } finally {
      await close().catch(() => {});
    }
  });
});
