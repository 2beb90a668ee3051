import { setTimeout as pause } from 'node:timers/promises';
import type { ElectronApplication, Page } from '@playwright/test';

/**
 * Interval of the screenshots: each takes the window's main thread some of the time that the pictures need.
 * Milliseconds.
 */
const SHOT_INTERVAL_MS = 400;

/** One tile's part of a screenshot of the window, as the compositor drew it. */
export interface ScreenPatch {
  readonly shot: number;
  readonly tile: number;
  readonly luma: number;
  readonly contrast: number;
}

/**
 * Takes screenshots of the window one after the other until it is stopped, and measures every tile in each. Unlike the
 * screen sampler it sees what is really on top.
 */
export class ScreenWatch {
  private readonly patches: ScreenPatch[] = [];
  private shots = 0;
  private running = true;
  private readonly done: Promise<void>;

  constructor(
    private readonly app: ElectronApplication,
    private readonly page: Page,
  ) {
    this.done = this.run();
  }

  /** Ends with the screenshot in progress, and returns all measurements. */
  async stop(): Promise<readonly ScreenPatch[]> {
    this.running = false;
    await this.done;
    return this.patches;
  }

  private async run(): Promise<void> {
    const boxes = await this.page.evaluate(() =>
      [...document.querySelectorAll('[data-tile]')].map((tile) => {
        const { x, y, width, height } = tile.getBoundingClientRect();
        // The middle of a tile: its words and badges are at its edges.
        return {
          tile: Number(tile.getAttribute('data-tile')),
          x: Math.round(x + width / 4),
          y: Math.round(y + height / 4),
          width: Math.round(width / 2),
          height: Math.round(height / 2),
        };
      }),
    );
    while (this.running) {
      const measured = await this.app.evaluate(async ({ BrowserWindow }, tiles) => {
        const [window] = BrowserWindow.getAllWindows();
        if (window === undefined) throw new Error('the window is gone');
        const image = await window.webContents.capturePage();
        const size = image.getSize();
        const bytes = image.toBitmap();
        const stride = bytes.length / size.height;
        return tiles.map(({ tile, x, y, width, height }) => {
          let sum = 0;
          let squares = 0;
          let count = 0;
          for (let row = y; row < y + height; row += 4)
            for (let column = x; column < x + width; column += 4) {
              const at = row * stride + column * 4;
              const luma =
                0.114 * (bytes[at] ?? 0) + 0.587 * (bytes[at + 1] ?? 0) + 0.299 * (bytes[at + 2] ?? 0);
              sum += luma;
              squares += luma * luma;
              count += 1;
            }
          const mean = sum / count;
          return { tile, luma: mean, contrast: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
        });
      }, boxes);
      this.shots += 1;
      for (const patch of measured) this.patches.push({ shot: this.shots, ...patch });
      await pause(SHOT_INTERVAL_MS);
    }
  }
}
