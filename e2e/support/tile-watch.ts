import type { Page } from '@playwright/test';
import { installStampReader, LOOP_MS, type WithStampReader } from './picture-age.ts';

/** What a tile said at one moment, and the age of its picture. */
export interface TileMoment {
  readonly camera: string;
  readonly live: boolean;
  /** From the camera's own stamp, from 0 to 12000; `null` without a stamped picture. */
  readonly ageMs: number | null;
}

const INTERVAL_MS = 200;
/** Coarse encoding makes some stamps unreadable: an age counts once this number of moments in a row agree on it. */
const AGREEING = 3;

interface Watch {
  readonly moments: TileMoment[];
  stop(): void;
}

/** Records five times a second what every tile says, in the page itself, until {@link stopWatchingTiles}. */
export async function startWatchingTiles(page: Page): Promise<void> {
  await installStampReader(page);
  await page.evaluate((intervalMs) => {
    const { stampReader } = window as unknown as WithStampReader;
    const moments: TileMoment[] = [];
    const look = (): void => {
      for (const element of document.querySelectorAll('[data-tile]')) {
        const shown = stampReader.topmost(element);
        const hasPicture = shown !== undefined && shown.readyState >= 2 && shown.videoWidth === 640;
        moments.push({
          camera: element.getAttribute('data-camera') ?? '',
          live: element.getAttribute('data-live') === 'true',
          ageMs: hasPicture ? stampReader.ageMs(stampReader.takenMs(shown)) : null,
        });
      }
    };
    const timer = setInterval(look, intervalMs);
    const stop = (): void => clearInterval(timer);
    (window as unknown as { tileWatch: Watch }).tileWatch = { moments, stop };
  }, INTERVAL_MS);
}

/** Ends what {@link startWatchingTiles} began, and returns the records by camera. */
export async function stopWatchingTiles(page: Page): Promise<ReadonlyMap<string, readonly TileMoment[]>> {
  const moments = await page.evaluate(() => {
    const { tileWatch } = window as unknown as { tileWatch: Watch };
    tileWatch.stop();
    return tileWatch.moments;
  });
  return Map.groupBy(moments, ({ camera }) => camera);
}

/**
 * The largest age of a picture while its tile said LIVE, ms; `null` where no age could be read. Ages repeat after 12 s:
 * where a picture may have stopped, watch as well whether it changes.
 * @param phaseMs time into the clip at which the camera began: its stamps are ahead by that
 */
export function oldestWhileLiveMs(moments: readonly TileMoment[], phaseMs: number): number | null {
  const ages = moments.map(({ ageMs, live }) =>
    live && ageMs !== null ? (ageMs + phaseMs) % LOOP_MS : null,
  );
  const agreed = ages.flatMap((_, index) => {
    const run = ages.slice(index, index + AGREEING).filter((age) => age !== null);
    return run.length < AGREEING ? [] : [middle(run)];
  });
  return agreed.length === 0 ? null : Math.max(...agreed);
}

function middle(ages: readonly number[]): number {
  return ages.toSorted((one, other) => one - other)[ages.length >> 1] ?? LOOP_MS;
}
