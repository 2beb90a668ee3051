import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { takeDiagnostics } from '../../support/diagnostics.ts';
import { launchHoldfast, type RunningHoldfast } from '../../support/launch.ts';
import { openBareGrid } from '../bare-grid/bare-grid.ts';
import type { WindowSize } from './plain-window.ts';

/** What a wall tells of one tile, since its start. */
export interface TileSample {
  /** New pictures on the screen. */
  readonly frames: number;
  readonly droppedFrames: number;
  /** This machine's clock less the program date-time of the newest frame, ms. */
  readonly pictureAgeMs: number | null;
  /** That run, the shown one among them. */
  readonly players: number;
}

/** A wall in a window that can be measured, whoever made it. */
export interface MeasuredWall {
  /** Of the window's browser process. */
  readonly pid: number;
  /** In the order of the tiles. */
  sample(): Promise<TileSample[]>;
  close(): Promise<void>;
}

/** A wall of Holdfast's, with the window that shows it. */
export interface HoldfastWall extends MeasuredWall {
  readonly running: RunningHoldfast;
}

/** From so many tiles on the window fills the virtual display, as a wall does a screen. */
const LARGE_WALL_TILES = 26;
/** Content of the window, CSS pixels. */
export function windowSize(tiles: number): WindowSize {
  return tiles < LARGE_WALL_TILES ? { width: 1280, height: 800 } : { width: 1900, height: 1000 };
}

/** How often a wall is asked whether all tiles show a picture, ms. */
const START_POLL_MS = 250;

/**
 * Waits until every tile has shown a frame.
 * @returns how many have when it ended; a machine that is too small may never show all
 */
export async function untilAllShow(wall: MeasuredWall, tiles: number, timeoutMs: number): Promise<number> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const shown = (await wall.sample()).filter(({ frames }) => frames > 0).length;
    if (shown === tiles || performance.now() > deadlineMs) return shown;
    await pause(START_POLL_MS);
  }
}

/** Opens Holdfast in Electron. */
export async function openHoldfastWall(configFile: string, tiles: number): Promise<HoldfastWall> {
  const { width, height } = windowSize(tiles);
  const running = await launchHoldfast({ args: ['--config', configFile, '--window', `${width}x${height}`] });
  const { page, app, close } = running;
  await page.waitForFunction(() => 'holdfastDiagnostics' in window);
  return {
    running,
    pid: processIdOf(app.process().pid),
    sample: async () => (await takeDiagnostics(page)).tiles.map(pickSample),
    close,
  };
}

/** Opens a plain grid of hls.js in Electron, straight to the sites and without the limit of connections to a host. */
export async function openBareWall(playlists: readonly string[]): Promise<MeasuredWall & { page: Page }> {
  const { page, pid, close } = await openBareGrid(
    'electron',
    undefined,
    playlists,
    windowSize(playlists.length),
  );
  await page.waitForFunction(() => 'gridFigures' in window);
  return {
    page,
    pid: processIdOf(pid),
    sample: () =>
      page.evaluate(() => (window as unknown as { gridFigures: () => TileSample[] }).gridFigures()),
    close,
  };
}

function pickSample({ frames, droppedFrames, pictureAgeMs, players }: TileSample): TileSample {
  return { frames, droppedFrames, pictureAgeMs, players };
}

function processIdOf(pid: number | null | undefined): number {
  if (pid == null) throw new Error('the window has no process');
  return pid;
}
