import type { Page } from '@playwright/test';
import { GLYPHS } from '../../build/clip-generator/overlay.mjs';
import { EPOCH_MS } from '../../electron/demo/live-timeline.ts';

/** The demo clips' duration, ms, and pictures a second (build/clip-generator/make-clips.mjs). */
export const LOOP_MS = 12_000;
const PICTURES_PER_S = 15;
/** Number of measurements of one age: their median counts. */
const LOOKS = 15;

export interface StampReader {
  /** The topmost picture of a tile. */
  topmost(tile: Element): HTMLVideoElement | undefined;
  /**
   * When the picture was taken, ms into the clip: the second and the frame that the demo's cameras write into each
   * picture.
   */
  takenMs(video: HTMLVideoElement): number;
  /** The age of a picture that is seen now, ms from 0 to 12000. */
  ageMs(takenMs: number): number;
}

export type WithStampReader = { stampReader: StampReader };

/** Puts a {@link StampReader} into the page, as `window.stampReader`. */
export async function installStampReader(page: Page): Promise<void> {
  const glyphs = Array.from({ length: 10 }, (_, digit) => GLYPHS[digit as keyof typeof GLYPHS]);
  await page.evaluate(
    ({ glyphs, epochMs, loopMs, picturesPerS }) => {
      // The stamp's twelve letters of 12 x 14 pixels, 10 from the right and 24 from the lower edge of 640 x 360.
      const [left, top, width, height] = [486, 336, 144, 14];
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (context === null) throw new Error('There is no canvas to read the picture from.');
      const mean = (values: number[] = []): number =>
        values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
      const digitAt = (pixels: Uint8ClampedArray, letter: number): number => {
        const luma = Array.from({ length: 35 }, (_, dot) => {
          const x = letter * 12 + (dot % 5) * 2;
          const y = Math.floor(dot / 5) * 2;
          return pixels[4 * (y * width + x) + 1] ?? 0;
        });
        const matches = glyphs.map((glyph: string) => {
          const [set, clear] = ['1', '0'].map((state) => luma.filter((_, dot) => glyph[dot] === state));
          return mean(set) - mean(clear);
        });
        return matches.indexOf(Math.max(...matches));
      };
      const stampReader: StampReader = {
        topmost: (tile) =>
          [...tile.querySelectorAll<HTMLVideoElement>('video')].toSorted(
            (one, other) => Number(other.style.zIndex) - Number(one.style.zIndex),
          )[0],
        takenMs: (video) => {
          context.drawImage(video, left, top, width, height, 0, 0, width, height);
          const { data } = context.getImageData(0, 0, width, height);
          const [s10 = 0, s1 = 0, f10 = 0, f1 = 0] = [7, 8, 10, 11].map((letter) => digitAt(data, letter));
          return 1000 * (10 * s10 + s1) + (1000 * (10 * f10 + f1)) / picturesPerS;
        },
        ageMs: (takenMs) => (((Date.now() - epochMs - takenMs) % loopMs) + loopMs) % loopMs,
      };
      (window as unknown as WithStampReader).stampReader = stampReader;
    },
    { glyphs, epochMs: EPOCH_MS, loopMs: LOOP_MS, picturesPerS: PICTURES_PER_S },
  );
}

/**
 * The ages of a tile's pictures when they are presented, ms from 0 to 12000. They are read from the stamps that the
 * demo's cameras write into each picture, and so are independent of playlists and of the player.
 */
export async function pictureAgeMs(page: Page, tile: number): Promise<number> {
  await installStampReader(page);
  const ages = await page.evaluate(
    async ({ tile, looks }) => {
      const { stampReader } = window as unknown as WithStampReader;
      const ages: number[] = [];
      let lastTakenMs = Number.NaN;
      while (ages.length < looks) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        // Searched again for each picture: after a change another element is on top.
        const element = document.querySelector(`[data-tile="${tile}"]`);
        const shown = element === null ? undefined : stampReader.topmost(element);
        if (shown === undefined) continue;
        const takenMs = stampReader.takenMs(shown);
        // A picture's age counts from when it is first seen.
        if (takenMs === lastTakenMs) continue;
        lastTakenMs = takenMs;
        ages.push(stampReader.ageMs(takenMs));
      }
      return ages;
    },
    { tile, looks: LOOKS },
  );
  return ages.toSorted((one, other) => one - other)[Math.floor(ages.length / 2)] ?? Number.NaN;
}
