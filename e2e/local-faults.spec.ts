import { setTimeout as pause } from 'node:timers/promises';
import { expect, type Page, test } from '@playwright/test';
import { type Rig, startRig } from './rig/rig.ts';
import { launchHoldfast, type RunningHoldfast } from './support/launch.ts';
import { processTree, signalAll } from './support/process-tree.ts';
import { skipWithout } from './support/skip-without.ts';
import { expectNewPictures, expectRedundancy, expectWallOn, journalSince } from './support/wall.ts';
import { missingWindowManager, startWindowManager } from './support/window-manager.ts';

/** Faults of the workstation (rule 10): no site is left and none is blamed. */

const TILES = 2;
/** Longer than the streams' windows of 7 s, so that what was played is gone from the sites. */
const SLEEP_MS = 10_000;
const BLOCKED_MS = 5000;

test.describe.configure({ lock: '-exclusive-' });

let rig: Rig;
let holdfast: RunningHoldfast;

test.beforeEach(async () => {
  rig = await startRig({
    sites: [
      { id: 'main', name: 'Main' },
      { id: 'backup', name: 'Backup' },
    ],
    cameras: TILES,
  });
  holdfast = await launchHoldfast({ args: ['--config', rig.configFile()] });
  await expectWallOn(holdfast.page, TILES, 'main', 60_000);
  await expectRedundancy(holdfast.page, TILES, 'main');
});

test.afterEach(async () => {
  await holdfast?.close();
  await rig?.close();
});

test('a minimised window that is restored is live immediately, without a change and without an alarm', async () => {
  const missing = missingWindowManager();
  skipWithout(missing);
  const endWindowManager = await startWindowManager();
  try {
    const since = new Date().toISOString();
    const { app } = holdfast;
    await expect
      .poll(() =>
        app.evaluate(({ BrowserWindow }) => {
          const [window] = BrowserWindow.getAllWindows();
          window?.minimize();
          return window?.isMinimized();
        }),
      )
      .toBe(true);
    await expect(holdfast.page.locator('[data-tile][data-phase="suspended"]')).toHaveCount(TILES);
    await pause(SLEEP_MS);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.restore());
    await expectPlaysOn();
    await expectNothingTold(since);
  } finally {
    await endWindowManager();
  }
});

test('an application that was stopped, as on a sleeping machine, is live again, without a change and without an alarm', async () => {
  // biome-ignore lint/suspicious/noSkippedTests: named and counted where processes cannot be told from /proc
  test.skip(process.platform !== 'linux', 'needs the process tree of Linux’s /proc');
  const since = new Date().toISOString();
  const tree = processTree(holdfast.app.process().pid ?? Number.NaN);
  expect(tree.length, 'processes of the application').toBeGreaterThan(2);
  signalAll(tree, 'SIGSTOP');
  try {
    await pause(SLEEP_MS);
  } finally {
    signalAll(tree, 'SIGCONT');
  }
  await expectPlaysOn();
  await expectNothingTold(since);
});

test('a host that was blocked for 5 s is an alarm about this workstation and about no site, and the pictures go on', async () => {
  const since = new Date().toISOString();
  await holdfast.app.evaluate((_electron, blockedMs) => {
    const untilMs = performance.now() + blockedMs;
    while (performance.now() < untilMs);
  }, BLOCKED_MS);
  await expectPlaysOn();
  const entries = await journalSince(holdfast.page, since);
  expect(entries.filter((entry) => entry.kind === 'change' && entry.to.startsWith('backup/'))).toEqual([]);
  const alarms = entries.flatMap((entry) => (entry.kind === 'alarm' ? entry.alarm : []));
  expect(alarms).toEqual(['host-blocked', 'host-answers']);
});

test('the pictures go on when the graphics process is killed, without a change and without an alarm', async () => {
  const since = new Date().toISOString();
  await killGraphics();
  await expectPlaysOn();
  await expectNothingTold(since);
});

test('the same ten times: the main process lives on, and the next start draws in software and says so', async () => {
  const since = new Date().toISOString();
  const { app, page, userDataDir } = holdfast;
  const mainProcess = app.process();
  for (let times = 1; times <= 10; times += 1) await killGraphics();
  await expectPlaysOn();
  await expectNothingTold(since);
  expect(mainProcess.exitCode).toBeNull();
  expect(mainProcess.signalCode).toBeNull();
  await expectNotice(page, 'The graphics process ended 5 times within 5 minutes.');

  await app.close();
  const next = await launchHoldfast({ args: ['--config', rig.configFile()], userDataDir });
  try {
    await expectNotice(next.page, 'Holdfast draws without the graphics card');
    expect(await next.app.evaluate(({ app }) => app.commandLine.hasSwitch('disable-gpu'))).toBe(true);
    await expectWallOn(next.page, TILES, 'main', 60_000);
  } finally {
    await next.close();
  }
  const last = await launchHoldfast({ args: ['--config', rig.configFile()], userDataDir });
  try {
    expect(await last.app.evaluate(({ app }) => app.commandLine.hasSwitch('disable-gpu'))).toBe(false);
  } finally {
    await last.close();
  }
});

test('a page whose process is killed comes back with its pictures, and the journal has all earlier entries', async () => {
  const { app, page } = holdfast;
  const linesOfBefore = async (): Promise<number> => (await journalSince(page, '')).length;
  await expect.poll(linesOfBefore, 'a line for the first picture of each tile').toBeGreaterThanOrEqual(TILES);
  const before = await linesOfBefore();
  await app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined) throw new Error('the window is gone');
    const loaded = new Promise<void>((resolve) => contents.once('did-finish-load', () => resolve()));
    process.kill(contents.getOSProcessId(), 'SIGKILL');
    await loaded;
  });
  // Through the host: Playwright treats a page whose process has ended as gone for ever.
  const inPage = (code: string): Promise<unknown> =>
    app.evaluate(
      ({ BrowserWindow }, script) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(script),
      code,
    );
  await expect
    .poll(
      () => inPage(`document.querySelectorAll('[data-tile][data-live="true"][data-site="main"]').length`),
      {
        timeout: 30_000,
      },
    )
    .toBe(TILES);
  await expect
    .poll(() =>
      inPage(`window.holdfast.request('journal.recent', { limit: 1000 }).then((all) => all.length)`),
    )
    .toBeGreaterThanOrEqual(before + TILES);
});

/** Also waits until there is another graphics process. */
async function killGraphics(): Promise<void> {
  const graphics = (): Promise<number | undefined> =>
    holdfast.app.evaluate(({ app }) => app.getAppMetrics().find(({ type }) => type === 'GPU')?.pid);
  const killed = await graphics();
  if (killed === undefined) throw new Error('there is no graphics process');
  process.kill(killed, 'SIGKILL');
  await expect.poll(async () => [undefined, killed].includes(await graphics())).toBe(false);
}

/** Earlier notices come first. */
async function expectNotice(page: Page, words: string): Promise<void> {
  const notice = page.getByText(words);
  await expect(async () => {
    if (!(await notice.isVisible()))
      await page.getByRole('button', { name: 'Dismiss' }).click({ timeout: 1000 });
    expect(await notice.isVisible()).toBe(true);
  }).toPass();
}

/** Every tile shows more new pictures than were buffered, and is then live on the first site. */
async function expectPlaysOn(): Promise<void> {
  await expectNewPictures(holdfast.page);
  await expectWallOn(holdfast.page, TILES, 'main');
}

async function expectNothingTold(since: string): Promise<void> {
  const told = await journalSince(holdfast.page, since);
  expect(told, 'changes and alarms').toEqual([]);
}
