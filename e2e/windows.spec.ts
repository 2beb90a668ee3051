import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type ElectronApplication, expect, type Page, test } from '@playwright/test';
import { crashPage } from './support/crash-page.ts';
import { launchHoldfast, type RunningHoldfast, requireDisplay } from './support/launch.ts';
import { missingForOwnDisplay, OwnDisplay } from './support/own-display.ts';
import { skipWithout } from './support/skip-without.ts';
import { chooseView } from './support/wall.ts';
import { CORE_TAG } from './tiers.mjs';

/**
 * Windows come back: to their place after a restart, with their view after a crash, and as a whole after the end of the
 * host.
 */

let userDataDir = '';
test.beforeEach(async () => {
  requireDisplay();
  userDataDir = await mkdtemp(path.join(tmpdir(), 'holdfast-windows-'));
});
test.afterEach(() => rm(userDataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

const PLACE = { x: 210, y: 120, width: 900, height: 640 };

async function launch(...args: string[]): Promise<RunningHoldfast> {
  const running = await launchHoldfast({ userDataDir, args });
  await running.page.waitForLoadState('load');
  await expect.poll(() => isVisible(running.app)).toBe(true);
  return running;
}

const isVisible = (app: ElectronApplication): Promise<boolean> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false);

const boundsOf = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());

const contentSizeOf = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getContentSize());

async function moveTo(app: ElectronApplication, bounds: typeof PLACE): Promise<void> {
  await app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to), bounds);
  await expect.poll(() => boundsOf(app)).toEqual(bounds);
}

async function rememberedBounds(): Promise<unknown> {
  const text = await readFile(path.join(userDataDir, 'windows.json'), 'utf8').catch(() => '{}');
  return JSON.parse(text).windows?.viewer?.place?.bounds;
}

/** As an earlier run has left it. */
async function rememberPlace(place: unknown): Promise<void> {
  const windows = { viewer: { place, shown: '' } };
  await writeFile(path.join(userDataDir, 'windows.json'), JSON.stringify({ version: 1, windows }));
}

/** Such a notice would be the first one. */
async function expectNoEndTold(page: Page): Promise<void> {
  await expect(page.locator('[data-tile]').first()).toBeVisible();
  await expect(page.getByText('ended unexpectedly')).toHaveCount(0);
}

test.describe('the place', () => {
  test('is the same after a restart, and there is no notice of an unexpected end', {
    tag: CORE_TAG,
  }, async () => {
    const first = await launch();
    await moveTo(first.app, PLACE);
    await first.close();
    const second = await launch();
    try {
      expect(await boundsOf(second.app)).toEqual(PLACE);
      await expectNoEndTold(second.page);
    } finally {
      await second.close();
    }
  });

  test('full screen is full screen after a restart, and returns to the window', async () => {
    const first = await launch();
    await moveTo(first.app, PLACE);
    // A page that still loads does not react to keys.
    await expect(first.page.locator('[data-tile]').first()).toBeVisible();
    await first.page.keyboard.press('F11');
    await expect(first.page.locator('.bar').first()).toBeHidden();
    await first.close();
    const second = await launch();
    try {
      await expect(second.page.locator('[data-tile]').first()).toBeVisible();
      await expect(second.page.locator('.bar').first()).toBeHidden();
      await second.page.keyboard.press('F11');
      await expect(second.page.locator('.bar').first()).toBeVisible();
      await expect.poll(() => boundsOf(second.app)).toEqual(PLACE);
    } finally {
      await second.close();
    }
  });

  test('on a removed monitor becomes one that is visible', async () => {
    const gone = { x: 6000, y: -2000, width: 2560, height: 1440 };
    await rememberPlace({
      bounds: { x: 6100, y: -1900, width: 2400, height: 1300 },
      state: 'normal',
      monitor: { id: 4711, bounds: gone },
    });
    const { app, close } = await launch();
    try {
      const area = await app.evaluate(({ screen }) => screen.getPrimaryDisplay().workArea);
      const bounds = await boundsOf(app);
      if (bounds === undefined) throw new Error('the window is gone');
      expect(bounds.x).toBeGreaterThanOrEqual(area.x);
      expect(bounds.y).toBeGreaterThanOrEqual(area.y);
      expect(bounds.x + bounds.width).toBeLessThanOrEqual(area.x + area.width);
      expect(bounds.y + bounds.height).toBeLessThanOrEqual(area.y + area.height);
    } finally {
      await close();
    }
  });

  test('for which a lower resolution has no room is used again when the resolution is back', async () => {
    const missing = missingForOwnDisplay();
    skipWithout(missing);
    await using display = await OwnDisplay.open();
    const env = { DISPLAY: display.name };
    const wanted = { x: 900, y: 400, width: 1000, height: 660 };
    const first = await launchHoldfast({ userDataDir, env });
    await expect.poll(() => isVisible(first.app)).toBe(true);
    await moveTo(first.app, wanted);
    const fitted = { x: 280, y: 60, width: 1000, height: 660 };
    // Before a place counts, it has to last.
    await expect.poll(() => rememberedBounds()).toEqual(wanted);
    await display.setResolution('small');
    await expect.poll(() => boundsOf(first.app)).toEqual(fitted);
    await display.setResolution('1920x1080');
    await expect.poll(() => boundsOf(first.app)).toEqual(wanted);
    await display.setResolution('small');
    await expect.poll(() => boundsOf(first.app)).toEqual(fitted);
    await first.close();

    const second = await launchHoldfast({ userDataDir, env });
    try {
      await expect.poll(() => boundsOf(second.app)).toEqual(fitted);
      await display.setResolution('1920x1080');
      await expect.poll(() => boundsOf(second.app)).toEqual(wanted);
    } finally {
      await second.close();
    }
  });

  test('in a damaged file is forgotten', async () => {
    await writeFile(path.join(userDataDir, 'windows.json'), '{"version":1,"windows":{"viewer":');
    const { app, close } = await launch();
    try {
      expect(await contentSizeOf(app)).toEqual([1600, 900]);
    } finally {
      await close();
    }
  });

  test('asked for on the command line holds for one start', async () => {
    const first = await launch();
    await moveTo(first.app, PLACE);
    await first.close();
    const second = await launch('--window', '800x600');
    expect(await contentSizeOf(second.app)).toEqual([800, 600]);
    await second.close();
    const third = await launch();
    try {
      expect(await boundsOf(third.app)).toEqual(PLACE);
    } finally {
      await third.close();
    }
  });
});

const VIEWS = {
  version: 1,
  // Nobody listens at these ports: this test is about which view is shown, not about its pictures.
  sites: [{ id: 'main', name: 'Main', baseUrl: 'http://127.0.0.1:9/', mainPath: '{camera}.m3u8' }],
  cameras: [
    { id: 'gate', number: 1, name: 'Gate' },
    { id: 'yard', number: 2, name: 'Yard' },
  ],
  views: [
    { id: 'gates', name: 'Gates', columns: 1, rows: 1, cells: ['gate'] },
    { id: 'yards', name: 'Yards', columns: 2, rows: 1, cells: ['gate', 'yard'] },
  ],
};

/** Starts with two views, and shows the last one, with its last tile alone. */
async function launchOnSecondView(): Promise<RunningHoldfast> {
  const file = path.join(userDataDir, 'views.json');
  await writeFile(file, JSON.stringify(VIEWS));
  const running = await launch('--config', file, '--window', '900x600');
  await chooseView(running.page, 'Yards');
  await running.page.locator('[data-tile="2"]').click();
  await running.page.keyboard.press('Enter');
  await expect.poll(() => shownBy(running.app)).toBe('Yards, tile 2 alone');
  return running;
}

/** Through the host: Playwright treats a page whose process has ended as gone for ever. */
const inPage = (app: ElectronApplication, code: string): Promise<unknown> =>
  app.evaluate(
    ({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code),
    code,
  );

const shownBy = (app: ElectronApplication): Promise<unknown> =>
  inPage(
    app,
    `(() => {
      const wall = document.querySelector('.wall');
      if (wall === null) return document.querySelector('h1')?.textContent ?? 'nothing';
      const alone = [...wall.querySelectorAll('[data-tile]')].filter(
        (tile) => wall.clientWidth - tile.clientWidth < 4 && wall.clientHeight - tile.clientHeight < 4,
      );
      const tile = alone.length === 1 ? ', tile ' + alone[0].dataset.tile + ' alone' : '';
      return wall.getAttribute('aria-label') + tile;
    })()`,
  );

test.describe('the page', () => {
  test('that crashed comes back with its view and the tile that was alone', { tag: CORE_TAG }, async () => {
    const { app, close } = await launchOnSecondView();
    try {
      await crashPage(app);
      await expect.poll(() => shownBy(app)).toBe('Yards, tile 2 alone');
    } finally {
      await close();
    }
  });

  test('that keeps crashing is replaced by a message, and starts again with its view on request', async () => {
    const { app, output, close } = await launchOnSecondView();
    try {
      for (let times = 1; times <= 4; times += 1) await crashPage(app);
      await expect.poll(() => shownBy(app)).toBe('The pictures cannot be shown');
      expect(output()).toContain('ended 4 times in a row and is loaded again in 5 s');
      await inPage(app, "document.querySelector('a').click()");
      await expect.poll(() => shownBy(app)).toBe('Yards, tile 2 alone');
    } finally {
      await close();
    }
  });

  test('that keeps crashing is also loaded again by itself, each time after a longer wait', async () => {
    const { app, output, close } = await launchOnSecondView();
    try {
      for (let times = 1; times <= 4; times += 1) await crashPage(app);
      for (const waitS of [5, 10]) {
        await expect
          .poll(() => inPage(app, 'document.body.textContent'))
          .toMatch(/It is started again by itself at \d\d:\d\d:\d\d\./);
        expect(output()).toContain(`times in a row and is loaded again in ${waitS} s`);
        await expect.poll(() => shownBy(app), { timeout: 30_000 }).toBe('Yards, tile 2 alone');
        await crashPage(app);
      }
    } finally {
      await close();
    }
  });

  test('that hangs is noticed by itself, and comes back with its view', async () => {
    const { app, output, close } = await launchOnSecondView();
    try {
      const reloaded = app.evaluate(
        ({ BrowserWindow }) =>
          new Promise<void>((resolve) => {
            const contents = BrowserWindow.getAllWindows()[0]?.webContents;
            contents?.once('did-finish-load', () => resolve());
            void contents?.executeJavaScript('setTimeout(() => { for (;;); })');
          }),
      );
      await reloaded;
      expect(output()).toContain('has not answered for 10 s');
      await expect.poll(() => shownBy(app)).toBe('Yards, tile 2 alone');
    } finally {
      await close();
    }
  });
});

test.describe('the host', () => {
  test('that was killed says so at the next start', { tag: CORE_TAG }, async () => {
    const first = await launch();
    const ended = new Promise<void>((resolve) => first.app.process().once('exit', () => resolve()));
    first.app.process().kill('SIGKILL');
    await ended;
    const second = await launch();
    try {
      await expect(second.page.getByLabel('Notice')).toContainText(
        /Holdfast ended unexpectedly shortly after \d\d:\d\d:\d\d and was started again\./,
      );
    } finally {
      await second.close();
    }
    const third = await launch();
    try {
      await expectNoEndTold(third.page);
    } finally {
      await third.close();
    }
  });

  test('with an unexpected error restarts, with its view, and says so', async () => {
    const { app } = await launchOnSecondView();
    const firstId = app.process().pid;
    const ended = new Promise<void>((resolve) => app.process().once('exit', () => resolve()));
    await app.evaluate(() => {
      setTimeout(() => {
        throw new Error('planted by a test');
      });
    });
    await ended;
    // Not a child of this process: the host started it.
    const record = path.join(userDataDir, 'running.json');
    const runningId = async (): Promise<unknown> =>
      JSON.parse(await readFile(record, 'utf8').catch(() => '{}')).pid;
    await expect.poll(runningId).not.toBe(firstId);
    const secondId = Number(await runningId());
    try {
      const browser = await chromium.connectOverCDP(await devToolsWithPage());
      const pages = (): Page[] => browser.contexts().flatMap((context) => context.pages());
      await expect.poll(pages).toHaveLength(1);
      const [page] = pages();
      await expect(page?.getByLabel('Notice') ?? fail()).toContainText(
        /Holdfast ended unexpectedly at \d\d:\d\d:\d\d and was started again\./,
      );
      expect(page?.url()).toContain('#view=yards&alone=2');
      await browser.close();
      expect(await readFile(path.join(userDataDir, 'unexpected-errors.log'), 'utf8')).toContain(
        'Error: planted by a test',
      );
    } finally {
      process.kill(secondId, 'SIGTERM');
      await expect
        .poll(() =>
          readFile(record).then(
            () => 'there',
            () => 'gone',
          ),
        )
        .toBe('gone');
    }
  });
});

/** Where the DevTools of the application in the user data folder listen, once they know its page. */
async function devToolsWithPage(): Promise<string> {
  let address = '';
  await expect
    .poll(async () => {
      const active = await readFile(path.join(userDataDir, 'DevToolsActivePort'), 'utf8').catch(() => '');
      address = `http://127.0.0.1:${active.split('\n')[0]}`;
      return fetch(`${address}/json/list`).then(
        (response) => response.text(),
        () => '',
      );
    })
    .toContain('app://holdfast/');
  return address;
}

function fail(): never {
  throw new Error('there is no page');
}
