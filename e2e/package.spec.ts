import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import { remedyFor } from '../build/steps/electron-start.mjs';
import { FUSES } from '../build/steps/fuses.mjs';
import { expectKept, expectSecretKept, startKeptHoldfast } from './support/kept-start.ts';
import { PROJECT } from './support/launch.ts';
import { expectWallOn, setDemoFault } from './support/wall.ts';

const DEMO_TILES = 9;
/** electron-builder names the folder after the architecture, except for x64. */
const UNPACKED = process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`;
const PACKAGED = path.join(PROJECT, 'release', UNPACKED);

test.describe.configure({ lock: '-exclusive-', mode: 'serial', timeout: 300_000 });

// biome-ignore lint/suspicious/noSkippedTests: counted and named
test.skip(process.platform !== 'linux', 'the package is tried on Linux only');

test.beforeAll(async () => {
  const packageScript = path.join(PROJECT, 'build', 'package.mjs');
  await promisify(execFile)(process.execPath, [packageScript], { cwd: PROJECT });
});

test('the packaged application starts on its own, plays the demo and survives a stopped site', async () => {
  const bundled = await readFile(path.join(PACKAGED, 'LICENSES.window.md'), 'utf8');
  expect(bundled, 'the licences of what is bundled are with it').toContain('hls.js');
  expect(await readdir(PACKAGED)).toContain('LICENSE.holdfast.txt');
  // A package of which nothing was left in the bundle may be listed as well.
  for (const part of ['host', 'window'])
    expect(await listedPackages(part)).toEqual(expect.arrayContaining(await licensedPackages(part)));

  const fuses = await fusesOf(path.join(PACKAGED, 'holdfast'));
  const expected = Object.entries(FUSES).slice(0, Object.keys(fuses).length);
  expect(expected.length, 'fuses of the runtime').toBeGreaterThanOrEqual(8);
  expect(fuses, 'the fuses').toEqual(
    Object.fromEntries(expected.map(([name, state]) => [name, state ? 'on' : 'off'])),
  );
  expect(await readdir(path.join(PACKAGED, 'resources')), 'no code beside the archive').toEqual(['app.asar']);

  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-package-'));
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // By the DevTools port: Playwright's own way into an Electron needs a fuse that the package has switched off.
  const started = spawn(
    path.join(PACKAGED, 'holdfast'),
    [...sandbox, `--user-data-dir=${folder}`, '--dev', '--remote-debugging-port=0', '--inspect=0'],
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
    // Wherever a busy machine has them begin.
    await expectWallOn(page, DEMO_TILES);
    await setDemoFault(page, 'main', 'stop');
    await expectWallOn(page, DEMO_TILES, 'backup');
    expect(stderr, 'Node’s inspector is out of reach').not.toContain('Debugger listening');
    await browser.close();
  } finally {
    // The keeper's, which the process with the window has to follow.
    started.kill();
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});

test('the packaged application keeps itself: killed repeatedly it comes back, and its secrets stay with it', async () => {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const start = await startKeptHoldfast([path.join(PACKAGED, 'holdfast'), ...sandbox]);
  try {
    await expectSecretKept(start);
    await expectKept(start, 3);
    await expectSecretKept(start);
  } finally {
    expect(await start.end()).toBe(0);
  }
  expect(start.output()).toContain('holdfast: Holdfast ended unexpectedly; starting it again in 1 s');
});

const inPackage = (name: string): Promise<string> => readFile(path.join(PACKAGED, name), 'utf8');

/** Name and version of each package that a part bundles, by the list for tools. */
async function listedPackages(part: string): Promise<string[]> {
  const { components } = JSON.parse(await inPackage(`PACKAGES.${part}.cdx.json`)) as {
    components: { group?: string; name: string; version: string }[];
  };
  return components
    .map(({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name} - ${version}`)
    .sort();
}

/** The same by the licences, which the bundler lists. */
async function licensedPackages(part: string): Promise<string[]> {
  const text = await inPackage(`LICENSES.${part}.md`);
  return [...text.matchAll(/^## (\S+ - \S+)/gm)].map(([, name = '']) => name).sort();
}

/** Read from the executable itself. A fuse that this list has no name for is named by its place on the wire. */
async function fusesOf(executable: string): Promise<Record<string, string>> {
  const wire = await getCurrentFuseWire(executable);
  // On the wire the states are the digits 0 and 1.
  const states: Record<number, string> = { 48: 'off', 49: 'on' };
  return Object.fromEntries(
    Object.entries(wire)
      .filter(([place]) => /^\d+$/.test(place))
      .map(([place, state]) => [
        FuseV1Options[Number(place)] ?? place,
        states[Number(state)] ?? String(state),
      ]),
  );
}

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
