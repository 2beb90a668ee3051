import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** From one screenshot to the next, milliseconds. */
export const SCREENSHOT_INTERVAL_MS = 5000;
export const SCREENSHOTS_KEPT = 20;

const OWN_FILE = /^holdfast-\d{8}T\d{9}Z\.png$/;

/**
 * Writes one screenshot and deletes the oldest beyond {@link SCREENSHOTS_KEPT}. A reader of the folder never sees a
 * partial file, and files with other names are left alone.
 * @param png the encoded picture
 * @returns the new file's path
 * @throws when the folder cannot be made or written
 */
export async function writeScreenshot(folder: string, png: Uint8Array, takenAt: Date): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `holdfast-${takenAt.toISOString().replace(/[-:.]/g, '')}.png`);
  const unfinished = `${file}.part`;
  await writeFile(unfinished, png);
  await rename(unfinished, file);
  const own = (await readdir(folder)).filter((name) => OWN_FILE.test(name)).sort();
  await Promise.all(
    own.slice(0, -SCREENSHOTS_KEPT).map((name) => rm(path.join(folder, name), { force: true })),
  );
  return file;
}

/**
 * Takes screenshots into a folder and logs that it does. Of failures in a row it logs the first one.
 * @param capture the encoded picture, or `null` when there is none
 * @returns the function that ends it
 */
export function takeScreenshots(
  folder: string,
  capture: () => Promise<Uint8Array | null>,
  log: (message: string) => void,
): () => void {
  log(`writes a screenshot into ${folder} every ${SCREENSHOT_INTERVAL_MS / 1000} s`);
  return startScreenshots(folder, capture, (error) =>
    log(`no screenshot can be written into ${folder}: ${error instanceof Error ? error.message : error}`),
  );
}

/**
 * Takes a screenshot every {@link SCREENSHOT_INTERVAL_MS}, one at a time.
 * @param capture the encoded picture, or `null` when there is none
 * @param onError called once for failures in a row
 * @returns the function that ends it
 */
export function startScreenshots(
  folder: string,
  capture: () => Promise<Uint8Array | null>,
  onError: (error: unknown) => void,
): () => void {
  let state: 'idle' | 'busy' | 'failing' = 'idle';
  const timer = setInterval(async () => {
    if (state === 'busy') return;
    const wasFailing = state === 'failing';
    state = 'busy';
    try {
      const png = await capture();
      if (png !== null) await writeScreenshot(folder, png, new Date());
      state = 'idle';
    } catch (error) {
      state = 'failing';
      if (!wasFailing) onError(error);
    }
  }, SCREENSHOT_INTERVAL_MS);
  return () => clearInterval(timer);
}
