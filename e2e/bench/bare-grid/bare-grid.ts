import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { _electron, chromium, type Page } from '@playwright/test';
import { electronExecutable } from '../../support/launch.ts';
import { median } from '../gap/statistics.ts';
import type { ShellKind } from '../gap/wall-window.ts';

export interface BareGridLatency {
  /** Median age of the newest frame of each tile that showed one, ms. */
  readonly latenciesMs: number[];
  /** Tiles that showed none. */
  readonly dark: number;
}

/** Measures the latency of a plain grid of hls.js with these playlists. */
export type BareGridMeter = (playlists: readonly string[]) => Promise<BareGridLatency>;

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const WINDOW_SIZE = { width: 1280, height: 800 };
/** How long all tiles may take to show a frame, ms. */
const START_TIMEOUT_MS = 20_000;
/** Until hls.js has found its place behind the live edge, ms. */
const SETTLE_MS = 5000;
const SAMPLES = 10;
const SAMPLE_INTERVAL_MS = 300;

/**
 * @param shell shown in the same runtime as Holdfast. The Chromium one keeps HTTP/1.1's six connections to a
 * host, which Electron can lift.
 * @param browser executable of the Chromium shell's browser
 */
export function bareGridMeter(shell: ShellKind, browser: string | undefined): BareGridMeter {
  return async (playlists) => {
    const { page, close } = await openBareGrid(shell, browser, playlists, WINDOW_SIZE);
    try {
      return await measure(page, playlists.length);
    } finally {
      await close();
    }
  };
}

export interface BareGridWindow {
  readonly page: Page;
  /** Of its browser process; `null` where the browser does not tell. */
  readonly pid: number | null;
  readonly close: () => Promise<void>;
}

/**
 * Opens a plain grid of hls.js; parameters as of {@link bareGridMeter}.
 * @param size of the content, CSS pixels
 */
export async function openBareGrid(
  shell: ShellKind,
  browser: string | undefined,
  playlists: readonly string[],
  size: { readonly width: number; readonly height: number },
): Promise<BareGridWindow> {
  const server = await servePage();
  const profile = await mkdtemp(path.join(tmpdir(), 'holdfast-bare-grid-'));
  const putAway = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const { port } = server.address() as AddressInfo;
    const query = new URLSearchParams(playlists.map((playlist) => ['playlist', playlist]));
    const url = `http://127.0.0.1:${port}/index.html?${query}`;
    const { page, pid, close } = await openPage(shell, browser, profile, url, size);
    return { page, pid, close: () => close().finally(putAway) };
  } catch (error) {
    await putAway();
    throw error;
  }
}

async function measure(page: Page, tiles: number): Promise<BareGridLatency> {
  const ages = (): Promise<(number | null)[]> =>
    page.evaluate(() => {
      const { pictureAgesMs } = window as unknown as { pictureAgesMs?: () => (number | null)[] };
      return pictureAgesMs?.() ?? [];
    });
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadlineMs) {
    const shown = await ages();
    if (shown.filter((age) => age !== null).length === tiles) break;
    await pause(SAMPLE_INTERVAL_MS);
  }
  await pause(SETTLE_MS);
  const samples: (number | null)[][] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    samples.push(await ages());
    await pause(SAMPLE_INTERVAL_MS);
  }
  const latencies = Array.from({ length: tiles }, (_, tile) =>
    median(samples.map((sample) => sample[tile] ?? null).filter((age) => age !== null)),
  );
  const shown = latencies.filter((latency) => latency !== null);
  return { latenciesMs: shown.map(Math.round), dark: tiles - shown.length };
}

async function openPage(
  shell: ShellKind,
  browser: string | undefined,
  profile: string,
  url: string,
  size: { readonly width: number; readonly height: number },
): Promise<BareGridWindow> {
  const sandbox = process.getuid?.() !== 0;
  // The rig's certificates are its own.
  const switches = ['--ignore-certificate-errors', '--autoplay-policy=no-user-gesture-required'];
  if (shell === 'chromium') {
    const context = await chromium.launchPersistentContext(profile, {
      headless: false,
      chromiumSandbox: sandbox,
      ...(browser === undefined ? {} : { executablePath: browser }),
      args: [...switches, '--disable-web-security'],
      viewport: size,
    });
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(url);
    return { page, pid: null, close: () => context.close() };
  }
  const app = await _electron.launch({
    executablePath: electronExecutable(),
    chromiumSandbox: sandbox,
    args: [
      ...(sandbox ? [] : ['--no-sandbox']),
      ...switches,
      '--ignore-connections-limit=127.0.0.1',
      `--user-data-dir=${profile}`,
      path.join(FOLDER, 'electron-main.mjs'),
      url,
      `${size.width}x${size.height}`,
    ],
  });
  return { page: await app.firstWindow(), pid: app.process().pid ?? null, close: () => app.close() };
}

/** The page and hls.js on a loopback port. */
async function servePage(): Promise<Server> {
  const hls = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js');
  const files = new Map([
    ['/index.html', { file: path.join(FOLDER, 'index.html'), type: 'text/html' }],
    ['/grid.js', { file: path.join(FOLDER, 'grid.js'), type: 'text/javascript' }],
    ['/hls.js', { file: hls, type: 'text/javascript' }],
  ]);
  const server = createServer(async (request, response) => {
    const found = files.get(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (found === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': found.type }).end(await readFile(found.file));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}
