import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { crashPage } from './support/crash-page.ts';
import { type EndedProcess, endOfProcess } from './support/end-of-process.ts';
import {
  electronArguments,
  electronExecutable,
  launchHoldfast,
  PROJECT,
  requireDisplay,
} from './support/launch.ts';

/** What the window and the command line do, independently of the page's content. */

let folder = '';
test.beforeEach(async () => {
  requireDisplay();
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-shell-'));
});
test.afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

/** Starts Holdfast as from a terminal and waits until it has ended by itself. */
const endOf = (args: readonly string[]): Promise<EndedProcess> =>
  endOfProcess(electronExecutable(), electronArguments(path.join(folder, 'user'), args));

/** How long a start may take on a busy machine. */
const STARTING = { timeout: 20_000 };

async function picturesIn(screens: string): Promise<string[]> {
  return (await readdir(screens).catch(() => [])).filter((name) => name.endsWith('.png'));
}

test('an unknown option ends it with code 2 and one line that names the option', async () => {
  const { exitCode, stderr } = await endOf(['--confg', 'wall.json']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('holdfast: unknown option --confg');
});

for (const option of ['--remote-debugging-port=0', '--inspect=0', '--renderer-cmd-prefix=/bin/false'])
  test(`${option} is refused without --dev`, async () => {
    const { exitCode, stderr } = await endOf([option]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`holdfast: ${option.split('=')[0]} lets other programs`);
    expect(stderr).not.toContain('DevTools listening');
  });

test('a second start with another configuration fails, and the running window says so', async () => {
  const file = path.join(folder, 'wall.json');
  const link = path.join(folder, 'link.json');
  const other = path.join(folder, 'other.json');
  const empty = JSON.stringify({ version: 1, sites: [], cameras: [], views: [] });
  for (const each of [file, other]) await writeFile(each, empty);
  await symlink(file, link);
  const { page, output, close } = await launchHoldfast({
    args: ['--config', file],
    userDataDir: path.join(folder, 'user'),
  });
  try {
    await expect(page.getByRole('heading', { name: 'No cameras yet' })).toBeVisible();
    for (const args of [[], ['--config', file], ['--config', link]])
      expect(await endOf(args), args.join(' ')).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('already running: its window was brought to the front'),
      });
    const { exitCode, stderr } = await endOf(['--config', other]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${other} was not opened: Holdfast is already running, with ${file}`);
    await expect.poll(output).toContain(`started a second time, with ${other}`);
    const words = page.getByText(`started a second time, with ${other}`);
    // As root, the notice about the sandbox comes first.
    await expect(async () => {
      if (!(await words.isVisible()))
        await page.getByRole('button', { name: 'Dismiss' }).click({ timeout: 1000 });
      expect(await words.isVisible()).toBe(true);
    }).toPass();
  } finally {
    await close();
  }
});

test('an unusable configuration opens a window with all its problems, and shows its cameras once it is repaired', async () => {
  const file = path.join(folder, 'wall.json');
  await writeFile(file, JSON.stringify({ version: 1, sites: 'none', cameras: [], views: 'none' }));
  const { page, close } = await launchHoldfast({
    args: ['--config', file],
    userDataDir: path.join(folder, 'user'),
  });
  try {
    const message = page.getByRole('alert');
    await expect(message).toContainText('The configuration cannot be opened yet');
    for (const words of [file, 'sites: ', 'views: ', 'Holdfast keeps looking'])
      await expect(message).toContainText(words);
    await writeFile(file, JSON.stringify({ version: 1, sites: [], cameras: [], views: [] }));
    await expect(page.getByRole('heading', { name: 'No cameras yet' })).toBeVisible(STARTING);
  } finally {
    await close();
  }
});

test('--log prints what the tiles observe and what is asked for, and nothing of the kind without it', async () => {
  const logging = await launchHoldfast({ args: ['--log=tile,gateway'] });
  try {
    await expect.poll(logging.output, STARTING).toMatch(/holdfast: \S+Z tile 1: start-player /);
    await expect
      .poll(logging.output, STARTING)
      .toMatch(/holdfast: \S+Z gateway: playlist \/sites\/main\/\S+: \d+ characters, \d+ ms/);
  } finally {
    await logging.close();
  }
  const silent = await launchHoldfast();
  try {
    await expect(silent.page.locator('[data-tile][data-phase="showing"]').first()).toBeVisible(STARTING);
    expect(silent.output()).not.toMatch(/Z (tile \d+|gateway): /);
  } finally {
    await silent.close();
  }
});

test('--help goes to stdout and ends it with code 0', async () => {
  const { exitCode, stdout } = await endOf(['--help']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('--config FILE');
});

interface BridgeWindow {
  readonly holdfast: {
    readonly request: (name: string, input: unknown) => Promise<unknown>;
    readonly on: (name: string, listener: (payload: unknown) => void) => () => void;
  };
  heard: unknown[];
}

async function listenFor(page: Page, event: string): Promise<() => Promise<unknown[]>> {
  await page.evaluate((event) => {
    const own = window as unknown as BridgeWindow;
    own.heard = [];
    own.holdfast.on(event, (payload) => own.heard.push(payload));
  }, event);
  return () => page.evaluate(() => (window as unknown as BridgeWindow).heard);
}

test('a hidden window tells its page that it is suspended, and when shown that it is not', async () => {
  const { app, page, close } = await launchHoldfast({ args: ['--window', '800x600'] });
  try {
    await page.waitForLoadState('load');
    const heard = await listenFor(page, 'activity.changed');
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    await expect.poll(heard).toEqual([{ suspended: true, reason: 'the window is hidden' }]);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
    await expect.poll(heard).toHaveLength(2);
    expect((await heard())[1]).toMatchObject({ suspended: false });
  } finally {
    await close();
  }
});

test('a page whose process dies is loaded again', async () => {
  const { app, page, close } = await launchHoldfast({ args: ['--window', '800x600'] });
  try {
    await page.waitForLoadState('load');
    for (let round = 1; round <= 2; round += 1) {
      await crashPage(app);
      expect(
        await app.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('typeof window.holdfast.request'),
        ),
      ).toBe('function');
    }
  } finally {
    await close();
  }
});

/** Written to stderr each time that the window's page begins to load. */
const LOADS = 'the page is being loaded';

for (const { words, act, told } of [
  {
    words: 'whose process dies while it is being loaded is loaded again',
    act: 'forcefullyCrashRenderer',
    told: "the window's page ended (crashed",
  },
  { words: 'that is reloaded while it is being loaded is shown all the same', act: 'reload', told: LOADS },
] as const)
  test(`a page ${words}`, async () => {
    const screens = path.join(folder, 'screens');
    const hook = path.join(folder, 'once-while-loading.cjs');
    await writeFile(
      hook,
      `const { app } = require('electron');
      app.once('web-contents-created', (_event, contents) => {
        contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
          if (isMainFrame && !isSameDocument) console.error('${LOADS}');
        });
        contents.once('dom-ready', () => contents.${act}());
      });`,
    );
    const args = electronArguments(path.join(folder, 'user'), ['--window', '800x600', '--screens', screens]);
    const started = spawn(electronExecutable(), ['-r', hook, ...args], { cwd: PROJECT });
    let said = '';
    started.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const ended = new Promise<void>((resolve) => started.once('close', () => resolve()));
    try {
      await expect.poll(() => said, STARTING).toContain(told);
      await expect.poll(() => picturesIn(screens), STARTING).not.toHaveLength(0);
      expect(said.split(LOADS)).toHaveLength(1 + 2);
      expect(started.exitCode).toBeNull();
      expect(said).not.toContain('ERR_ABORTED');
    } finally {
      started.kill();
      await ended;
    }
  });

test('another signal does not interrupt the clean-up that the first one started', async () => {
  const hook = path.join(folder, 'quit-twice.cjs');
  await writeFile(
    hook,
    `const { app } = require('electron');
    app.once('will-quit', () => setImmediate(() => process.kill(process.pid, 'SIGTERM')));
    const exit = app.exit.bind(app);
    app.exit = (code) => { console.error('all was put away'); exit(code); };`,
  );
  const screens = path.join(folder, 'screens');
  const args = electronArguments(path.join(folder, 'user'), ['--window', '800x600', '--screens', screens]);
  const started = spawn(electronExecutable(), ['-r', hook, ...args], { cwd: PROJECT });
  let said = '';
  started.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => started.once('close', resolve));
  await expect.poll(() => picturesIn(screens), STARTING).not.toHaveLength(0);
  started.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(said).toContain('all was put away');
});

test('--screens writes pictures of the window into the folder', async () => {
  const screens = path.join(folder, 'screens');
  const { close } = await launchHoldfast({ args: ['--window', '800x600', '--screens', screens] });
  try {
    await expect.poll(() => picturesIn(screens)).not.toHaveLength(0);
  } finally {
    await close();
  }
});

test('what it writes is for its user alone', async () => {
  // biome-ignore lint/suspicious/noSkippedTests: the promise is not made for Windows, where a folder's access list decides
  test.skip(process.platform === 'win32', 'Windows has no file modes, and README promises nothing there');
  const screens = path.join(folder, 'screens');
  const { userDataDir, close } = await launchHoldfast({ args: ['--screens', screens] });
  try {
    await expect.poll(async () => (await picturesIn(screens)).length, STARTING).toBeGreaterThan(0);
    const [picture = ''] = await picturesIn(screens);
    const written = [
      path.join(userDataDir, 'running.json'),
      path.join(userDataDir, 'journal'),
      screens,
      path.join(screens, picture),
    ];
    const modes = await Promise.all(written.map(async (file) => (await stat(file)).mode & 0o077));
    expect(modes).toEqual(written.map(() => 0));
  } finally {
    await close();
  }
});
