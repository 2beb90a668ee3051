// @ts-check
import { setUp } from '../setup.mjs';
import { startVirtualDisplay } from './virtual-display.mjs';

/** How long the wall may take to play, or to change over, in milliseconds. */
export const WALL_TIMEOUT_MS = 30_000;

/** @typedef {import('../../e2e/support/launch.ts').RunningHoldfast} RunningHoldfast */

/**
 * Opens the demo for a picture of it: on a virtual display, so that the picture is the same on every machine and nobody's desktop is
 * on it. The display's variables are in the environment until the window closes.
 *
 * @param {{ width: number, height: number }} size In pixels.
 * @param {(holdfast: RunningHoldfast) => Promise<void>} take Gets the wall when all of its nine tiles are live.
 * @throws {import('./command.mjs').SetUpError} When the machine lacks something, and the error of Playwright that waits for the wall.
 */
export async function withDemoWindow({ width, height }, take) {
  await setUp();
  const display = await startVirtualDisplay();
  delete process.env.WAYLAND_DISPLAY;
  Object.assign(process.env, display.env);
  try {
    // Playwright is there only after the set-up.
    const { launchHoldfast } = await import('../../e2e/support/launch.ts');
    const holdfast = await launchHoldfast({ args: ['--window', `${width}x${height}`] });
    try {
      await holdfast.page
        .locator('[data-tile][data-live="true"]')
        .nth(8)
        .waitFor({ timeout: WALL_TIMEOUT_MS });
      // Notices are about the machine that takes the picture.
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
