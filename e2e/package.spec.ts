import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { _electron, expect, test } from '@playwright/test';
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

  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-package-'));
  const isRoot = process.getuid?.() === 0;
  const app = await _electron
    .launch({
      executablePath: path.join(PACKAGED, 'holdfast'),
      args: [...(isRoot ? ['--no-sandbox'] : []), `--user-data-dir=${folder}`],
      // false adds --no-sandbox for everybody
      chromiumSandbox: !isRoot,
      // not the project's folder: nothing may be found there by chance
      cwd: folder,
    })
    .catch((error: Error) => {
      const remedy = remedyFor(error.message, PACKAGED);
      test.info().skip(remedy !== undefined, remedy);
      throw error;
    });
  try {
    const page = await app.firstWindow();
    await expect(page.locator('[data-tile][data-live="true"]')).toHaveCount(DEMO_TILES, { timeout: 30_000 });
  } finally {
    await app.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
