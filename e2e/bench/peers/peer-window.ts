import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type Page } from '@playwright/test';
import { electronExecutable } from '../../support/launch.ts';
import type { Tuning } from './players.ts';

const MAIN = fileURLToPath(new URL('electron-main.mjs', import.meta.url));

export interface PeerWindowOptions {
  readonly url: string;
  /** Of the content, CSS pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Tuned, HTTP/1.1's six connections to a host are lifted, by a switch that every Electron application can set. */
  readonly tuning: Tuning;
  /** SHA-256 of the certificate that is trusted, 64 hex digits; `null` where the sites speak no TLS. */
  readonly certificate: string | null;
}

export interface OpenWindow {
  readonly page: Page;
  readonly close: () => Promise<void>;
}

/** Opens a page in the Electron that shows Holdfast. */
export async function openPeerWindow(options: PeerWindowOptions): Promise<OpenWindow> {
  const { url, size, tuning, certificate } = options;
  const profile = await mkdtemp(path.join(tmpdir(), 'holdfast-peer-'));
  const removeProfile = (): Promise<void> =>
    rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  const sandbox = process.getuid?.() !== 0;
  try {
    const app = await _electron.launch({
      executablePath: electronExecutable(),
      chromiumSandbox: sandbox,
      args: [
        ...(sandbox ? [] : ['--no-sandbox']),
        '--autoplay-policy=no-user-gesture-required',
        ...(tuning === 'tuned' ? ['--ignore-connections-limit=127.0.0.1'] : []),
        `--user-data-dir=${profile}`,
        MAIN,
        url,
        `${size.width}x${size.height}`,
        certificate ?? '',
      ],
    });
    return { page: await app.firstWindow(), close: () => app.close().finally(removeProfile) };
  } catch (error) {
    await removeProfile();
    throw error;
  }
}
