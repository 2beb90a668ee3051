import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

export const PROJECT = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

export interface LaunchOptions {
  /** Holdfast's own options; without `--config` the demo runs. */
  readonly args?: readonly string[];
  /** Kept after the test; without it a fresh folder is used and removed. */
  readonly userDataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A program that starts the Electron executable in an environment of its own, and replaces it here. */
  readonly executable?: string;
}

export interface RunningHoldfast {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userDataDir: string;
  /** The output of the main process so far, stdout and stderr. */
  readonly output: () => string;
  /** Quits as the operator would, and removes the user data folder if it was fresh. */
  readonly close: () => Promise<void>;
}

/** The arguments for the Electron executable that start the built application from this folder. */
export function electronArguments(userDataDir: string, args: readonly string[]): string[] {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [...sandbox, `--user-data-dir=${userDataDir}`, PROJECT, ...args];
}

/**
 * Path of the runtime: ELECTRON_OVERRIDE_DIST_PATH's, else that of the `electron` package.
 * @throws when there is no runtime
 */
export function electronExecutable(): string {
  const executable: unknown = createRequire(import.meta.url)('electron');
  if (typeof executable !== 'string') throw new Error('The electron package names no executable.');
  return executable;
}

/**
 * Starts the built application, by default with the demo, and waits for its window.
 *
 * @throws when there is no display, or the window does not come
 */
export async function launchHoldfast(options: LaunchOptions = {}): Promise<RunningHoldfast> {
  requireDisplay();
  const userDataDir = options.userDataDir ?? (await mkdtemp(path.join(tmpdir(), 'holdfast-e2e-')));
  const removeUserData = async (): Promise<void> => {
    if (options.userDataDir === undefined)
      await rm(userDataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const launched = _electron.launch({
    // Given explicitly: otherwise Playwright loads its own code into the application and adds switches that change
    // timers.
    executablePath: options.executable ?? electronExecutable(),
    args: electronArguments(userDataDir, options.args ?? []),
    // False adds --no-sandbox for every user.
    chromiumSandbox: process.getuid?.() !== 0,
    cwd: PROJECT,
    env: { ...environment(), ...options.env },
  });
  const app = await launched.catch(async (error: unknown) => {
    await removeUserData();
    throw error;
  });
  const chunks: string[] = [];
  app.process().stdout?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  app.process().stderr?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const close = async (): Promise<void> => {
    await app.close();
    await removeUserData();
  };
  try {
    return { app, page: await app.firstWindow(), userDataDir, output: () => chunks.join(''), close };
  } catch (error) {
    await close();
    throw new Error(`The window did not come. The application said:\n${chunks.join('')}`, { cause: error });
  }
}

export function requireDisplay(): void {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    throw new Error(
      'No display for the window: run the tests by "npm run e2e", which provides a virtual one.',
    );
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
