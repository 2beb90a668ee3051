// @ts-check
// npm run screenshot: takes README.md's picture of the viewer, with one of the demo's sites stopped.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { endWith, setUp } from './setup.mjs';
import { ROOT, say } from './steps/command.mjs';
import { startVirtualDisplay } from './steps/virtual-display.mjs';

const FOLDER = join(ROOT, 'build', 'readme');
const WINDOW = { width: 1600, height: 900 };
/** How long the wall may take to play, or to change over, in milliseconds. */
const WALL_TIMEOUT_MS = 30_000;

try {
  await setUp();
  // always a virtual display: the picture is the same on every machine, and nobody's desktop is on it
  const display = await startVirtualDisplay();
  delete process.env.WAYLAND_DISPLAY;
  Object.assign(process.env, display.env);
  // Playwright is there only after the set-up
  const { launchHoldfast } = await import('../e2e/support/launch.ts');
  const { page, close } = await launchHoldfast({
    args: ['--window', `${WINDOW.width}x${WINDOW.height}`],
  });
  try {
    const live = page.locator('[data-tile][data-live="true"]');
    await live.nth(8).waitFor({ timeout: WALL_TIMEOUT_MS });
    // notices are about the machine that takes the picture
    for (const dismiss = page.getByRole('button', { name: 'Dismiss' }); await dismiss.isVisible(); )
      await dismiss.click();
    await page.locator('[data-demo-site]').first().locator('[data-fault="stop"]').click();
    const onBackup = page.locator('[data-tile][data-live="true"]:not([data-rank="0"])');
    await onBackup.nth(8).waitFor({ timeout: WALL_TIMEOUT_MS });
    mkdirSync(FOLDER, { recursive: true });
    await page.screenshot({ path: join(FOLDER, 'viewer.png') });
    say(`taken: ${join(FOLDER, 'viewer.png')}`);
  } finally {
    await close();
    display.stop();
  }
} catch (error) {
  endWith(error);
}
