import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { journalEntrySchema } from '../../../shared/journal/journal-entry.ts';
import { electronArguments, electronExecutable, PROJECT } from '../../support/launch.ts';
import { ElectronProcess } from '../suite/electron-process.ts';
import { windowSize } from '../suite/measured-wall.ts';
import { rigForWall } from '../suite/rig-for-wall.ts';
import type { StartCase } from './start-cases.ts';
import type { StartFigures } from './start-figures.ts';

/** How long a wall may take to show all pictures, ms. */
const TIMEOUT_MS = 60_000;
/** How long a wall runs before its warm start, ms. In this time it writes all that it keeps to the disk. */
const FIRST_RUN_MS = 1500;
const POLL_MS = 100;

/**
 * Starts the application as a user does, without a debugger, and reads from its journal when each tile showed its
 * first frame. Warm: with the user data folder of an earlier start. Cold: with an empty one, and without the files of the
 * runtime and of the application in the page cache, except for files that another process maps.
 */
export async function measureStart({
  tiles,
  temperature,
}: Extract<StartCase, { kind: 'start' }>): Promise<StartFigures> {
  const rig = await rigForWall({ tiles, quality: 'main' });
  const userDataDir = await mkdtemp(path.join(tmpdir(), 'holdfast-start-'));
  try {
    let pageCache: StartFigures['pageCache'] = 'warm';
    if (temperature === 'warm') {
      await start(rig.configFile, tiles, userDataDir, FIRST_RUN_MS);
      await rm(path.join(userDataDir, 'journal'), { recursive: true, force: true });
    } else pageCache = await dropFromPageCache();
    const firstFramesMs = await start(rig.configFile, tiles, userDataDir, 0);
    return {
      kind: 'start',
      pageCache,
      firstPictureMs: Math.min(...firstFramesMs),
      allPicturesMs: Math.max(...firstFramesMs),
    };
  } finally {
    await rig.close();
    await rm(userDataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** @returns when each tile showed its first frame, ms after the process was started */
async function start(
  configFile: string,
  tiles: number,
  userDataDir: string,
  lingerMs: number,
): Promise<number[]> {
  const { width, height } = windowSize(tiles);
  const args = electronArguments(userDataDir, ['--config', configFile, '--window', `${width}x${height}`]);
  const startedMs = Date.now();
  const application = new ElectronProcess(args);
  const journal = path.join(userDataDir, 'journal');
  try {
    const found = await application.until(
      `all ${tiles} tiles showed a picture`,
      { pollMs: POLL_MS, timeoutMs: TIMEOUT_MS },
      async () => {
        const shown = await firstFrames(journal);
        return shown.size === tiles ? shown : null;
      },
    );
    await pause(lingerMs);
    return [...found.values()].map((atMs) => atMs - startedMs);
  } finally {
    await application.end();
  }
}

/** Time of the first frame by tile, ms since 1970. Empty while there is no journal. */
async function firstFrames(folder: string): Promise<Map<number, number>> {
  const names = await readdir(folder).catch(() => []);
  const found = new Map<number, number>();
  for (const name of names.filter((file) => file.endsWith('.jsonl'))) {
    const lines = (await readFile(path.join(folder, name), 'utf8')).split('\n').slice(0, -1);
    for (const line of lines) {
      const entry = journalEntrySchema.parse(JSON.parse(line));
      if (entry.kind === 'change' && entry.from === null && !found.has(entry.tile))
        found.set(entry.tile, Date.parse(entry.firstFrameAt));
    }
  }
  return found;
}

/**
 * Drops the pages of the files from the page cache (posix_fadvise(2), by dd), which needs no privilege. Pages that another
 * process maps stay.
 */
async function dropFromPageCache(): Promise<'dropped' | 'kept'> {
  if (process.platform !== 'linux') return 'kept';
  try {
    for (const folder of [path.dirname(electronExecutable()), path.join(PROJECT, 'dist')])
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
        if (entry.isFile())
          await promisify(execFile)('dd', [
            `if=${path.join(entry.parentPath, entry.name)}`,
            'iflag=nocache',
            'count=0',
          ]);
    return 'dropped';
  } catch {
    return 'kept';
  }
}
