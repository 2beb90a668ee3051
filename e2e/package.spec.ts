import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import { remedyFor } from '../build/steps/electron-start.mjs';
import { PROJECT } from './support/launch.ts';

const DEMO_TILES = 9;
/** electron-builder names the folder after the architecture, except for x64. */
const UNPACKED = process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`;
const PACKAGED = path.join(PROJECT, 'release', UNPACKED);

test('the packaged application starts on its own and plays the demo', async () => {
  test.info().skip(process.platform !== 'linux', 'the package is tried on Linux only');
  test.setTimeout(300_000);
  const packageScript = path.join(PROJECT, 'build', 'package.mjs');
  await promisify(execFile)(process.execPath, [packageScript], { cwd: PROJECT });

  const bundled = await readFile(path.join(PACKAGED, 'LICENSES.window.md'), 'utf8');
  expect(bundled, 'the licences of what is bundled are with it').toContain('hls.js');
  expect(await readdir(PACKAGED)).toContain('LICENSE.holdfast.txt');

  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-package-'));
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // By the DevTools port: Playwright's own way into an Electron needs a fuse that the package has switched off.
  const started = spawn(
    path.join(PACKAGED, 'holdfast'),
    [...sandbox, `--user-data-dir=${folder}`, '--remote-debugging-port=0', '--inspect=0'],
    // not the project's folder: nothing may be found there by chance
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => started.once('close', () => resolve()));
  let stderr = '';
  started.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  try {
    const devTools = await Promise.race([devToolsAddress(started.stderr), ended.then(() => null)]);
    const remedy = remedyFor(stderr, PACKAGED);
    test.info().skip(devTools === null && remedy !== undefined, remedy);
    if (devTools === null) throw new Error(`The packaged application ended at once:\n${stderr}`);
    const browser = await chromium.connectOverCDP(devTools);
    const page = await firstPage(browser);
    await expect(page.locator('[data-tile][data-live="true"]')).toHaveCount(DEMO_TILES, { timeout: 30_000 });
    expect(stderr, 'Node’s inspector is out of reach').not.toContain('Debugger listening');
    await browser.close();
  } finally {
    started.kill();
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});

/** Where Chromium says that its DevTools listen. */
function devToolsAddress(stderr: Readable): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: stderr }).on('line', (line) => {
      const address = /^DevTools listening on (\S+)$/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
}

async function firstPage(browser: Browser): Promise<Page> {
  const pages = (): Page[] => browser.contexts().flatMap((context) => context.pages());
  await expect.poll(pages).not.toHaveLength(0);
  const [page] = pages();
  if (page === undefined) throw new Error('The window was closed.');
  return page;
}
