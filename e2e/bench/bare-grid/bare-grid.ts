import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import { serveOnLoopback } from '../suite/loopback-server.ts';
import {
  type OpenWindow,
  openPlainWindow,
  type PlainWindowOptions,
  type WindowSize,
} from '../suite/plain-window.ts';
import type { ShellKind } from '../suite/shell-versions.ts';
import { median } from '../suite/statistics.ts';

export interface BareGridLatency {
  /** Median age of the newest frame of each tile that showed one, ms. */
  readonly latenciesMs: number[];
  /** Number of tiles that showed no frame. */
  readonly dark: number;
}

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const WINDOW_SIZE: WindowSize = { width: 1280, height: 800 };
/** How long all tiles may take to show a frame, ms. */
const START_TIMEOUT_MS = 20_000;
/** Time in which hls.js finds its position behind the live edge, ms. */
const SETTLE_MS = 5000;
const SAMPLES = 10;
const SAMPLE_INTERVAL_MS = 300;

/**
 * Measures the latency of a plain grid of hls.js with these playlists.
 * @param shell the shell that also shows Holdfast. The Chromium shell has HTTP/1.1's limit of six connections to a host,
 * which Electron can lift.
 * @param browser executable of the Chromium shell's browser
 */
export async function measureBareGrid(
  shell: ShellKind,
  browser: string | undefined,
  playlists: readonly string[],
): Promise<BareGridLatency> {
  const { page, close } = await openBareGrid(shell, browser, playlists);
  try {
    return await measure(page, playlists.length);
  } finally {
    await close();
  }
}

/** Opens a plain grid of hls.js, driven by Playwright. Parameters are as in {@link measureBareGrid}. */
async function openBareGrid(
  shell: ShellKind,
  browser: string | undefined,
  playlists: readonly string[],
): Promise<OpenWindow> {
  const { url, close } = await serveBareGrid(playlists);
  try {
    const window =
      shell === 'chromium'
        ? await openInBrowser(browser, url, WINDOW_SIZE)
        : await openPlainWindow(bareGridWindow(url, WINDOW_SIZE));
    return { ...window, close: () => window.close().finally(close) };
  } catch (error) {
    close();
    throw error;
  }
}

/** Serves a plain grid of hls.js with these playlists. @returns its address */
export async function serveBareGrid(
  playlists: readonly string[],
): Promise<{ readonly url: string; readonly close: () => void }> {
  const files = await readPage();
  const { origin, close } = await serveOnLoopback(({ pathname }) => files.get(pathname) ?? null);
  const query = new URLSearchParams(playlists.map((playlist) => ['playlist', playlist]));
  return { url: `${origin}/index.html?${query}`, close };
}

/** The window in Electron for the grid: it has no limit of connections to a host. */
export function bareGridWindow(url: string, size: WindowSize): PlainWindowOptions {
  return { url, size, connectionsToAHost: 'unlimited', certificates: 'any' };
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

async function openInBrowser(
  browser: string | undefined,
  url: string,
  size: WindowSize,
): Promise<OpenWindow> {
  const profile = await mkdtemp(path.join(tmpdir(), 'holdfast-bare-grid-'));
  const removeProfile = (): Promise<void> =>
    rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  try {
    const context = await chromium.launchPersistentContext(profile, {
      headless: false,
      chromiumSandbox: process.getuid?.() !== 0,
      ...(browser === undefined ? {} : { executablePath: browser }),
      // The rig's certificates are self-signed.
      args: [
        '--ignore-certificate-errors',
        '--autoplay-policy=no-user-gesture-required',
        '--disable-web-security',
      ],
      viewport: size,
    });
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(url);
    return { page, close: () => context.close().finally(removeProfile) };
  } catch (error) {
    await removeProfile();
    throw error;
  }
}

/** The page and hls.js, by the path that they are served under. */
async function readPage(): Promise<
  ReadonlyMap<string, { readonly type: string; readonly body: Uint8Array }>
> {
  const hls = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js');
  return new Map([
    ['/index.html', { type: 'text/html', body: await readFile(path.join(FOLDER, 'index.html')) }],
    ['/grid.js', { type: 'text/javascript', body: await readFile(path.join(FOLDER, 'grid.js')) }],
    ['/hls.js', { type: 'text/javascript', body: await readFile(hls) }],
  ]);
}
