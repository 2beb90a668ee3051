import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, chromium, type Page } from '@playwright/test';
import { PROJECT, requireDisplay } from './launch.ts';

export const SHELL = path.join(PROJECT, 'dist', 'electron', 'chromium.js');
/** Time limit for the window to appear, milliseconds. */
const START_TIMEOUT_MS = 40_000;

/** The machine's browser for the Chromium shell, or why there is none, with the remedy. */
export function installedBrowser():
  | { readonly kind: 'found' }
  | { readonly kind: 'missing'; readonly reason: string } {
  try {
    execFileSync(process.execPath, [SHELL, '--find-browser'], { stdio: 'pipe', encoding: 'utf8' });
    return { kind: 'found' };
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    return { kind: 'missing', reason: stderr.trim().replace(/^holdfast: /, '') || String(error) };
  }
}

export interface RunningChromiumShell {
  /** The plain Node process. */
  readonly host: ChildProcess;
  readonly page: Page;
  readonly userDataDir: string;
  /** The origin of its server. */
  readonly origin: string;
  readonly output: () => string;
  /** Resolved with the exit code. */
  readonly ended: Promise<number | null>;
  readonly close: () => Promise<void>;
}

/**
 * Starts the built Chromium shell, by default with the demo, and connects to its window over a DevTools port, which
 * exists only with `--dev`.
 * @param env added to this process's environment
 * @throws when there is no display, or the window does not come
 */
export async function launchChromiumShell(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningChromiumShell> {
  requireDisplay();
  const userDataDir = await mkdtemp(path.join(tmpdir(), 'holdfast-chromium-'));
  const host = spawn(
    process.execPath,
    [SHELL, `--user-data-dir=${userDataDir}`, '--dev', '--remote-debugging-port=0', ...args],
    { cwd: PROJECT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const chunks: string[] = [];
  host.stdout.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  host.stderr.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const output = (): string => chunks.join('');
  const ended = new Promise<number | null>((resolve) => host.once('exit', resolve));
  let watching: Browser | null = null;
  const close = async (): Promise<void> => {
    await watching?.close();
    host.kill('SIGTERM');
    await ended;
    await rm(userDataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    watching = await Promise.race([
      connect(path.join(userDataDir, 'chromium-profile', 'DevToolsActivePort')),
      ended.then((exitCode) => Promise.reject(new Error(`it ended with code ${exitCode}`))),
    ]);
    const page = watching.contexts()[0]?.pages()[0];
    if (page === undefined) throw new Error('the browser has no page');
    // The page of the first, refused request is replaced as soon as the browser has its token.
    await page.locator('.viewer').waitFor({ timeout: START_TIMEOUT_MS });
    return { host, page, userDataDir, origin: new URL(page.url()).origin, output, ended, close };
  } catch (error) {
    await close();
    throw new Error(`The window did not come. The shell said:\n${output()}`, { cause: error });
  }
}

/** @param portFile where the browser writes its port, on the first line */
async function connect(portFile: string): Promise<Browser> {
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadlineMs) {
    const [port = ''] = existsSync(portFile) ? (await readFile(portFile, 'utf8')).split('\n') : [];
    if (port !== '') return chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    await pause(50);
  }
  throw new Error(`the browser wrote no ${portFile}`);
}
