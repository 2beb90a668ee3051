import type { Page } from '@playwright/test';

/** One sample of one tile's topmost picture. */
export interface Look {
  /** Monotonic time of the page, ms. */
  readonly atMs: number;
  /** Mean luma, 0 to 255. */
  readonly luma: number;
  /** Standard deviation of the luma: 0 for a picture of one colour. */
  readonly contrast: number;
  /** Mean red, green and blue of the site's mark, in the picture's top left corner. */
  readonly mark: readonly [number, number, number];
  /** Whether the picture differs from that of the sample before. */
  readonly fresh: boolean;
  /** No picture element. */
  readonly missing: boolean;
  /** Frames that its video has presented, by the video's own counter; `null` for a still. */
  readonly presented: number | null;
}

export interface TileLooks {
  readonly tile: number;
  readonly looks: readonly Look[];
}

/** Interval of the samples, ms; each takes all tiles at once. */
export const LOOK_INTERVAL_MS = 95;

interface Sampler {
  tiles: Map<number, Look[]>;
  stop(): void;
}

/**
 * Draws the topmost picture of each tile to a small canvas more than ten times a second, in the page itself and
 * independently of the gap meter.
 */
export async function startLooking(page: Page): Promise<void> {
  await page.evaluate((intervalMs) => {
    const width = 64;
    const height = 36;
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('no canvas to look with');
    const tiles = new Map<number, Look[]>();
    const last = new Map<number, Uint8ClampedArray>();

    const topmost = (tile: Element): HTMLVideoElement | HTMLCanvasElement | null => {
      let top: HTMLVideoElement | HTMLCanvasElement | null = null;
      for (const picture of tile.querySelectorAll<HTMLVideoElement | HTMLCanvasElement>(
        '.tile-stage video, .tile-stage canvas',
      ))
        if (top === null || Number(picture.style.zIndex) > Number(top.style.zIndex)) top = picture;
      return top;
    };

    const presentedBy = (video: HTMLVideoElement): number => {
      const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality();
      return totalVideoFrames - droppedVideoFrames;
    };

    const look = (tile: Element): Look => {
      const atMs = performance.now();
      const picture = topmost(tile);
      // A video that seeks goes on showing its last frame; one that shows nothing leaves the canvas black.
      const missing = picture === null;
      context.fillStyle = '#000';
      context.fillRect(0, 0, width, height);
      if (picture !== null) context.drawImage(picture, 0, 0, width, height);
      const { data } = context.getImageData(0, 0, width, height);
      let sum = 0;
      let squares = 0;
      for (let at = 0; at < data.length; at += 4) {
        const luma = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
        sum += luma;
        squares += luma * luma;
      }
      const count = data.length / 4;
      const mean = sum / count;
      // Inside the mark, away from its letter and from the border that scaling blurs.
      const at = (1 * width + 1) * 4;
      const number = Number(tile.getAttribute('data-tile'));
      const before = last.get(number);
      const fresh = before === undefined || data.some((value, index) => value !== before[index]);
      last.set(number, data);
      return {
        atMs,
        luma: mean,
        contrast: Math.sqrt(Math.max(0, squares / count - mean * mean)),
        mark: [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0],
        fresh,
        missing,
        presented: picture instanceof HTMLVideoElement ? presentedBy(picture) : null,
      };
    };

    const lookAtAll = (): void => {
      for (const tile of document.querySelectorAll('[data-tile]')) {
        const number = Number(tile.getAttribute('data-tile'));
        const looks = tiles.get(number) ?? [];
        looks.push(look(tile));
        tiles.set(number, looks);
      }
    };
    const timer = setInterval(lookAtAll, intervalMs);
    const stop = (): void => {
      clearInterval(timer);
      lookAtAll();
    };
    (window as unknown as { looking: Sampler }).looking = { tiles, stop };
  }, LOOK_INTERVAL_MS);
}

/** Ends what {@link startLooking} began with one more sample, and returns all samples. */
export async function stopLooking(page: Page): Promise<TileLooks[]> {
  return page.evaluate(() => {
    const { looking } = window as unknown as { looking: Sampler };
    looking.stop();
    return [...looking.tiles].map(([tile, looks]) => ({ tile, looks }));
  });
}

/**
 * The samples of {@link startLooking} so far, without ending it.
 * @param lastMs only those of the last so many milliseconds; all by default
 */
export async function looksSoFar(page: Page, lastMs = Number.MAX_VALUE): Promise<TileLooks[]> {
  return page.evaluate((spanMs) => {
    const { looking } = window as unknown as { looking: Sampler };
    const fromMs = performance.now() - spanMs;
    return [...looking.tiles].map(([tile, looks]) => ({
      tile,
      looks: looks.filter(({ atMs }) => atMs >= fromMs),
    }));
  }, lastMs);
}

/** Longest time between two samples with a new picture, ms, and the longest between any two samples. */
export function longestUnchangedMs(looks: readonly Look[]): { unchangedMs: number; lookIntervalMs: number } {
  let unchangedMs = 0;
  let lookIntervalMs = 0;
  let lastFreshMs = looks[0]?.atMs ?? 0;
  let lastMs = lastFreshMs;
  for (const { atMs, fresh } of looks) {
    lookIntervalMs = Math.max(lookIntervalMs, atMs - lastMs);
    lastMs = atMs;
    if (!fresh) continue;
    unchangedMs = Math.max(unchangedMs, atMs - lastFreshMs);
    lastFreshMs = atMs;
  }
  return { unchangedMs: Math.max(unchangedMs, lastMs - lastFreshMs), lookIntervalMs };
}

/**
 * The longest time without a new frame of a video, by the video's own counter, ms. Chromium presents frames also while the page
 * is busy: unlike {@link longestUnchangedMs}, a late sample does not count as a still picture. Between two samples the frames are
 * taken to be as close together as possible, so that the result is an upper limit.
 * @param frameMs from frame to frame
 */
export function longestStillMs(looks: readonly Look[], frameMs: number): number {
  let longestMs = 0;
  let [from] = looks;
  for (const look of looks) {
    if (from === undefined || from.presented === null || look.presented === null) {
      from = look;
      continue;
    }
    // A lower count is that of another video, whose first frame is new.
    const frames = look.presented < from.presented ? 1 : look.presented - from.presented;
    if (frames === 0) continue;
    longestMs = Math.max(longestMs, look.atMs - from.atMs - (frames - 1) * frameMs);
    from = look;
  }
  const last = looks.at(-1);
  return Math.max(longestMs, from === undefined || last === undefined ? 0 : last.atMs - from.atMs);
}

/** The site whose mark is in the picture: blue for the first, orange for the other; `null` for neither. */
export function siteOfMark([red, green, blue]: Look['mark']): 'first' | 'second' | null {
  if (blue > 120 && blue > red + 60 && blue > green + 30) return 'first';
  if (red > 150 && red > blue + 80 && green > 40) return 'second';
  return null;
}
