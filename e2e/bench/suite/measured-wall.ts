import { setTimeout as pause } from 'node:timers/promises';
import { electronArguments } from '../../support/launch.ts';
import { takeDiagnostics } from '../../support/read-diagnostics.ts';
import { bareGridWindow, serveBareGrid } from '../bare-grid/bare-grid.ts';
import type { DevToolsClient } from './devtools-client.ts';
import { plainWindowArguments, type WindowSize } from './plain-window.ts';
import { connectToMain, openUndrivenWindow, type UndrivenWindow, untilPage } from './undriven-window.ts';

/** The figures of one tile since the start of the wall. */
export interface TileSample {
  /** Number of new pictures on the screen that were reported to the page. */
  readonly frames: number;
  /** Number of pictures that the tile's video presented, by the frame counter of the video. It begins at 0 with each player. */
  readonly presentedFrames: number;
  readonly droppedFrames: number;
  /** This machine's clock minus the program date-time of the newest frame, ms. */
  readonly pictureAgeMs: number | null;
  /** Number of players that run, including the shown one. */
  readonly players: number;
}

/** A wall, of Holdfast or of hls.js alone, that gives the figures of its tiles. */
export interface SampledWall {
  /** In the order of the tiles. */
  sample(): Promise<TileSample[]>;
}

/** A wall in a window that can be measured: no debugger records in it. */
export interface MeasuredWall extends SampledWall {
  /** Pid of the window's browser process. */
  readonly pid: number;
  readonly page: DevToolsClient;
  close(): Promise<void>;
}

/** A wall with a DevTools connection to its main process too. */
export interface InspectableWall extends MeasuredWall {
  readonly main: DevToolsClient;
}

/** Beginning of the address of Holdfast's page. */
const HOLDFAST_PREFIX = 'app://holdfast/';

/** From this number of tiles on, the window fills the virtual display, as a wall fills a screen. */
const LARGE_WALL_TILES = 26;
/** Size of the window's content, CSS pixels. */
export function windowSize(tiles: number): WindowSize {
  return tiles < LARGE_WALL_TILES ? { width: 1280, height: 800 } : { width: 1900, height: 1000 };
}

/** Time between two checks whether all tiles show a picture, ms. */
const START_POLL_MS = 1000;

/**
 * Waits until every tile has shown a frame.
 * @returns number of tiles that have shown one at the end; a machine that is too slow may never show all
 */
export async function untilAllShow(wall: SampledWall, tiles: number, timeoutMs: number): Promise<number> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const shown = (await wall.sample()).filter(({ frames }) => frames > 0).length;
    if (shown === tiles || performance.now() > deadlineMs) return shown;
    await pause(START_POLL_MS);
  }
}

/** Opens Holdfast in Electron, in a window that Playwright does not drive. */
export function openHoldfastWall(configFile: string, tiles: number): Promise<MeasuredWall> {
  return openWall(configFile, tiles, 'closed');
}

/** As {@link openHoldfastWall}, with a DevTools connection to the main process too. */
export async function openInspectableWall(configFile: string, tiles: number): Promise<InspectableWall> {
  const wall = await openWall(configFile, tiles, 'inspectable');
  try {
    const main = await connectToMain(wall.electron);
    const close = (): Promise<void> => {
      main.close();
      return wall.close();
    };
    return { ...wall, main, close };
  } catch (error) {
    await wall.close();
    throw error;
  }
}

/** Opens a plain grid of hls.js in Electron. It connects to the sites directly, without a limit of connections to a host. */
export async function openBareWall(playlists: readonly string[]): Promise<MeasuredWall> {
  const server = await serveBareGrid(playlists);
  try {
    const options = bareGridWindow(server.url, windowSize(playlists.length));
    const opened = await openUndrivenWindow({
      argumentsFor: (profile) => plainWindowArguments(profile, options),
      urlPrefix: server.url,
      mainProcess: 'closed',
    });
    const close = (): Promise<void> => opened.close().finally(server.close);
    return await whenReady({ ...opened, close }, 'the page of the bare grid ran', {
      isReady: () => 'gridFigures' in window,
      sample: ({ page }) =>
        page.evaluate(() => (window as unknown as { gridFigures: () => TileSample[] }).gridFigures()),
    });
  } catch (error) {
    server.close();
    throw error;
  }
}

async function openWall(
  configFile: string,
  tiles: number,
  mainProcess: 'closed' | 'inspectable',
): Promise<MeasuredWall & Pick<UndrivenWindow, 'electron'>> {
  const { width, height } = windowSize(tiles);
  const opened = await openUndrivenWindow({
    argumentsFor: (profile) =>
      electronArguments(profile, ['--config', configFile, '--window', `${width}x${height}`]),
    urlPrefix: HOLDFAST_PREFIX,
    mainProcess,
  });
  return whenReady(opened, 'the page of Holdfast ran', {
    isReady: () => 'holdfastDiagnostics' in window,
    sample: async ({ page }) => (await takeDiagnostics(page)).tiles.map(pickSample),
  });
}

/** The wall in a window, as soon as its page can give figures. */
async function whenReady(
  opened: UndrivenWindow,
  what: string,
  { isReady, sample }: WallPage,
): Promise<MeasuredWall & Pick<UndrivenWindow, 'electron'>> {
  try {
    await untilPage(opened, what, isReady);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return { ...opened, pid: opened.electron.pid, sample: () => sample(opened) };
}

interface WallPage {
  /** Runs in the page. */
  readonly isReady: () => boolean;
  readonly sample: (window: UndrivenWindow) => Promise<TileSample[]>;
}

/** The part of a tile's diagnostics that a sample has. */
export function pickSample(tile: TileSample): TileSample {
  const { frames, presentedFrames, droppedFrames, pictureAgeMs, players } = tile;
  return { frames, presentedFrames, droppedFrames, pictureAgeMs, players };
}
