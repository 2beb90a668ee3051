// @ts-check
// npm run screenshot: takes README.md's picture of the viewer, with one of the demo's sites stopped.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { endWith } from './setup.mjs';
import { ROOT, say } from './steps/command.mjs';
import { WALL_TIMEOUT_MS, withDemoWindow } from './steps/demo-window.mjs';

const FOLDER = join(ROOT, 'build', 'readme');

try {
  await withDemoWindow({ width: 1600, height: 900 }, async ({ page }) => {
    await page.locator('[data-demo-site]').first().locator('[data-fault="stop"]').click();
    const onBackup = page.locator('[data-tile][data-live="true"]:not([data-rank="0"])');
    await onBackup.nth(8).waitFor({ timeout: WALL_TIMEOUT_MS });
    mkdirSync(FOLDER, { recursive: true });
    await page.screenshot({ path: join(FOLDER, 'viewer.png') });
    say(`taken: ${join(FOLDER, 'viewer.png')}`);
  });
} catch (error) {
  endWith(error);
}
