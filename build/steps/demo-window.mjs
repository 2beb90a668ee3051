// @ts-check
import { setUp } from '../setup.mjs';
import { startVirtualDisplay } from './virtual-display.mjs';

/** Time limit for the wall to play, or to change over, in milliseconds. */
export const WALL_TIMEOUT_MS = 30_000;

/** @typedef {import('../../e2e/support/launch.ts').RunningHoldfast} RunningHoldfast */

/**
 * Opens the demo to take a picture of it. The display is virtual, so that the picture is the same on every machine and shows
 * nobody's desktop. The display's variables are set in the environment of this process.
 *
 * @param {{ width: number, height: number }} size In pixels.
 * @param {(holdfast: RunningHoldfast) => Promise<void>} take Takes the picture. It is called when all nine tiles are live.
 * @throws {import('./command.mjs').SetUpError} When the machine lacks something. When the tiles are not live in time, Playwright's
 *   error is thrown.
 */
export async function withDemoWindow({ width, height }, take) {
  await setUp();
  const display = await startVirtualDisplay();
  delete process.env.WAYLAND_DISPLAY;
  Object.assign(process.env, display.env);
  try {
    // Imported here, because it needs Playwright, which may not be installed before.
    const { launchHoldfast } = await import('../../e2e/support/launch.ts');
    const holdfast = await launchHoldfast({ args: ['--window', `${width}x${height}`] });
    try {
      await holdfast.page
        .locator('[data-tile][data-live="true"]')
        .nth(8)
        .waitFor({ timeout: WALL_TIMEOUT_MS });
      // Notices are about this machine, and must not be on the picture.
      const dismiss = holdfast.page.getByRole('button', { name: 'Dismiss' });
      while (await dismiss.isVisible()) await dismiss.click();
      await take(holdfast);
    } finally {
      await holdfast.close();
    }
  } finally {
    display.stop();
  }
}
