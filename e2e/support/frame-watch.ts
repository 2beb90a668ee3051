import type { Page } from '@playwright/test';

/** The pictures of one tile that were presented. */
export interface FramesOfTile {
  readonly tile: number;
  /** Time from one presented picture to the next, ms, longest and median. */
  readonly longestMs: number;
  readonly usualMs: number;
  /** Pictures on the stream's timeline that were never presented. */
  readonly missed: number;
}

interface Recording {
  stop(): FramesOfTile[];
}

/**
 * Follows every picture that the tiles' topmost videos present, by the browser's own callbacks and so independently of
 * the gap meter. In a tile that changes over meanwhile, only the first video is followed.
 */
export async function startWatchingFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    let running = true;
    const seen = new Map<number, { atMs: number; mediaS: number }[]>();
    for (const element of document.querySelectorAll('[data-tile]')) {
      const [top] = [...element.querySelectorAll('video')].sort(
        (one, other) => Number(other.style.zIndex) - Number(one.style.zIndex),
      );
      if (top === undefined) continue;
      const frames: { atMs: number; mediaS: number }[] = [];
      seen.set(Number(element.getAttribute('data-tile')), frames);
      const follow = (): void => {
        top.requestVideoFrameCallback((_now, { presentationTime, mediaTime }) => {
          frames.push({ atMs: presentationTime, mediaS: mediaTime });
          if (running) follow();
        });
      };
      follow();
    }
    const stop = (): FramesOfTile[] => {
      running = false;
      return [...seen].map(([tile, frames]) => {
        const steps = frames.slice(1).map(({ atMs, mediaS }, index) => ({
          ms: atMs - (frames[index]?.atMs ?? atMs),
          mediaS: mediaS - (frames[index]?.mediaS ?? mediaS),
        }));
        const usual = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
        const frameS = usual(steps.map(({ mediaS }) => mediaS));
        return {
          tile,
          longestMs: Math.max(...steps.map(({ ms }) => ms)),
          usualMs: usual(steps.map(({ ms }) => ms)),
          missed: steps.reduce((sum, { mediaS }) => sum + Math.max(0, Math.round(mediaS / frameS) - 1), 0),
        };
      });
    };
    (window as unknown as { frameWatch: Recording }).frameWatch = { stop };
  });
}

/** Ends what {@link startWatchingFrames} began, and gives the results. */
export function stopWatchingFrames(page: Page): Promise<FramesOfTile[]> {
  return page.evaluate(() => (window as unknown as { frameWatch: Recording }).frameWatch.stop());
}
