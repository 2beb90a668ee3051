// @ts-check
// npm run failover-picture: records README.md's animation. The demo's first site stops, the wall changes over, and fails back when
// the site is there again. The wait for the failback is cut out; the rest plays at its real speed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endWith } from './setup.mjs';
import { capture, ROOT, SetUpError, say } from './steps/command.mjs';
import { WALL_TIMEOUT_MS, withDemoWindow } from './steps/demo-window.mjs';
import { provideSystemPackages } from './steps/system-packages.mjs';

/** An animated PNG: browsers play it, other programs show its first frame. */
const FILE = join(ROOT, 'build', 'readme', 'failover.png');
/** Size limit of the file, in bytes: it is loaded with README.md. */
const MOST_BYTES = 3_000_000;
const WINDOW = { width: 1280, height: 720 };
const PICTURE_WIDTH = 960;
const FRAMES_PER_S = 5;

/** Time that is shown before the fault, in milliseconds. */
const BEFORE_FAULT_MS = 2000;
/** Time that is shown after all tiles have changed over, in milliseconds. */
const AFTER_CHANGE_OVER_MS = 2500;
/** Time that is shown before the first tile fails back, in milliseconds. */
const BEFORE_RETURN_MS = 1000;
/** Time that is shown after all tiles have failed back, in milliseconds. */
const AFTER_RETURN_MS = 1500;
/** Limit of what is shown of one recording, in milliseconds: of a longer one, from a busy machine, only the end is shown. */
const LONGEST_PART_MS = 7000;
/** Time limit of the failback, in milliseconds: the demo's stable time, the spread of the tiles, and a margin. */
const RETURN_TIMEOUT_MS = 60_000;

/** ffmpeg's filters: they remove sensor noise and do not dither, so that most pixels stay the same and take no bytes. */
const FILTERS = [
  `[0][1]concat,fps=${FRAMES_PER_S},scale=${PICTURE_WIDTH}:-2:flags=area,hqdn3d=6:4:20:15,split[frames][all]`,
  '[all]palettegen=max_colors=96[palette]',
  '[frames][palette]paletteuse=dither=none:diff_mode=rectangle',
].join(';');

/**
 * @typedef {{ x: number, y: number, width: number, height: number }} Area Of the display, in pixels.
 * @typedef {{ file: string, lastMs: number }} Recording Only its last `lastMs` milliseconds are shown.
 */

try {
  await provideSystemPackages(undefined, ['ffmpeg']);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-failover-'));
  try {
    await write(await recordFailover(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  say(`taken: ${FILE}`);
} catch (error) {
  endWith(error);
}

/**
 * @param {string} folder For the recordings.
 * @returns {Promise<Recording[]>} The change-over, then the failback.
 */
async function recordFailover(folder) {
  /** @type {Recording[]} */
  const recordings = [];
  await withDemoWindow(WINDOW, async ({ app, page }) => {
    const area = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.getContentBounds(),
    );
    if (area === undefined) throw new Error('the window has closed');
    const firstSite = page.locator('[data-demo-site]').first();
    const tilesOn = (/** @type {string} */ rank) => page.locator(`[data-tile][data-rank="${rank}"]`);

    const changeOver = async () => {
      const fromMs = performance.now();
      await pause(BEFORE_FAULT_MS);
      await firstSite.locator('[data-fault="stop"]').click();
      await tilesOn('1').nth(8).waitFor({ timeout: WALL_TIMEOUT_MS });
      await pause(AFTER_CHANGE_OVER_MS);
      return fromMs;
    };
    const comeBack = async () => {
      await firstSite.locator('[data-fault="none"]').click();
      await tilesOn('0').first().waitFor({ timeout: RETURN_TIMEOUT_MS });
      const fromMs = performance.now() - BEFORE_RETURN_MS;
      await tilesOn('0').nth(8).waitFor({ timeout: RETURN_TIMEOUT_MS });
      await pause(AFTER_RETURN_MS);
      return fromMs;
    };
    recordings.push(await record(join(folder, 'change-over.mkv'), area, changeOver));
    recordings.push(await record(join(folder, 'return.mkv'), area, comeBack));
  });
  return recordings;
}

/**
 * Records a part of the display. Screenshots by the window would slow it down.
 *
 * @param {string} file
 * @param {Area} area
 * @param {() => Promise<number>} happens What is recorded; the recording ends with it. It returns the time, by `performance.now()`,
 *   from which the recording is shown.
 * @returns {Promise<Recording>}
 */
async function record(file, { x, y, width, height }, happens) {
  const input = ['-f', 'x11grab', '-draw_mouse', '0', '-framerate', `${FRAMES_PER_S}`];
  const ffmpeg = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-progress', 'pipe:1', ...input, '-video_size', `${width}x${height}`],
      ...['-i', `${process.env.DISPLAY}+${x},${y}`, '-c:v', 'ffv1', file],
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(ffmpeg, 'exit');
  // A pipe breaks only after a failure, which ffmpeg reports itself.
  ffmpeg.stdin.on('error', () => {});
  // ffmpeg reports its progress from the first frame on.
  await Promise.race([once(ffmpeg.stdout, 'data'), ended]);
  ffmpeg.stdout.resume();
  try {
    const fromMs = await happens();
    return { file, lastMs: Math.min(performance.now() - fromMs, LONGEST_PART_MS) };
  } finally {
    ffmpeg.stdin.end('q');
    await ended;
  }
}

/**
 * @param {readonly Recording[]} recordings
 * @throws {SetUpError} When ffmpeg fails, or the picture is too large.
 */
async function write(recordings) {
  mkdirSync(dirname(FILE), { recursive: true });
  const inputs = recordings.flatMap(({ file, lastMs }) => ['-sseof', `-${lastMs / 1000}`, '-i', file]);
  const output = ['-f', 'apng', '-plays', '0', '-compression_level', '9', FILE];
  const made = await capture('ffmpeg', [
    '-v',
    'error',
    '-y',
    ...inputs,
    '-filter_complex',
    FILTERS,
    ...output,
  ]);
  if (made.code !== 0) throw new SetUpError(`ffmpeg makes no picture: ${made.output.trim()}`);
  const { size } = statSync(FILE);
  if (size > MOST_BYTES)
    throw new SetUpError(
      `${FILE} has ${size} bytes, more than ${MOST_BYTES}: a machine that is less busy changes over in fewer frames`,
    );
}
