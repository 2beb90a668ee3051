import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type Page } from '@playwright/test';
import { electronExecutable } from '../../support/launch.ts';

const MAIN = fileURLToPath(new URL('plain-window-main.mjs', import.meta.url));

/** Size of a window's content, CSS pixels. */
export interface WindowSize {
  readonly width: number;
  readonly height: number;
}

export interface PlainWindowOptions {
  readonly url: string;
  readonly size: WindowSize;
  /** `six`: Chromium's limit for HTTP/1.1. `unlimited`: without that limit, which each Electron application can lift. */
  readonly connectionsToAHost: 'six' | 'unlimited';
  /** Which certificates are trusted: any, because the rig's are self-signed, or only that with this SHA-256, 64 hex digits. */
  readonly certificates: 'any' | { readonly sha256: string };
}

export interface OpenWindow {
  readonly page: Page;
  readonly close: () => Promise<void>;
}

/** The arguments for the Electron executable, the same that shows Holdfast, to open a page. */
export function plainWindowArguments(profile: string, options: PlainWindowOptions): string[] {
  const { url, size, connectionsToAHost, certificates } = options;
  return [
    ...(isSandboxed() ? [] : ['--no-sandbox']),
    '--autoplay-policy=no-user-gesture-required',
    ...(connectionsToAHost === 'unlimited' ? ['--ignore-connections-limit=127.0.0.1'] : []),
    ...(certificates === 'any' ? ['--ignore-certificate-errors'] : []),
    `--user-data-dir=${profile}`,
    MAIN,
    url,
    `${size.width}x${size.height}`,
    certificates === 'any' ? '' : certificates.sha256,
  ];
}

/** Opens a page in a new profile, driven by Playwright. */
export async function openPlainWindow(options: PlainWindowOptions): Promise<OpenWindow> {
  const profile = await mkdtemp(path.join(tmpdir(), 'holdfast-plain-window-'));
  const removeProfile = (): Promise<void> =>
    rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  try {
    const app = await _electron.launch({
      executablePath: electronExecutable(),
      chromiumSandbox: isSandboxed(),
      args: plainWindowArguments(profile, options),
    });
    return { page: await app.firstWindow(), close: () => app.close().finally(removeProfile) };
  } catch (error) {
    await removeProfile();
    throw error;
  }
}

/** Chromium's sandbox does not work as root. */
function isSandboxed(): boolean {
  return process.getuid?.() !== 0;
}
