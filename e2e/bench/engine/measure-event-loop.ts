import { setTimeout as pause } from 'node:timers/promises';
import { openInspectableWall, untilAllShow } from '../suite/measured-wall.ts';
import { rigForWall } from '../suite/rig-for-wall.ts';
import type { EventLoopFigures } from './engine-figures.ts';

export const EVENT_LOOP_TILES = 64;
/** Longest wait until all tiles show a picture, ms. A wall that is too much for the machine is then measured as it is. */
const START_TIMEOUT_MS = 40_000;
const SETTLE_MS = 3000;
/** Interval of Node's meter, ms. A sample is the time from one wake-up to the next: without a delay it is this interval. */
const RESOLUTION_MS = 10;
/** How long the main process may take to answer after the watch, ms. */
const ANSWER_TIMEOUT_MS = 30_000;

/** Measures how late the main process's event loop is while it passes on all the bytes of a large wall. */
export async function measureEventLoop(watchMs: number): Promise<EventLoopFigures> {
  const rig = await rigForWall({
    tiles: EVENT_LOOP_TILES,
    quality: 'sub',
    policies: { hotStandbys: 'off' },
  });
  try {
    const wall = await openInspectableWall(rig.configFile, EVENT_LOOP_TILES);
    try {
      const shown = await untilAllShow(wall, EVENT_LOOP_TILES, START_TIMEOUT_MS);
      await pause(SETTLE_MS);
      const delaysNs = await wall.main.evaluate(
        watchDelays,
        { resolutionMs: RESOLUTION_MS, watchMs },
        watchMs + ANSWER_TIMEOUT_MS,
      );
      const lateMs = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS);
      return {
        kind: 'event-loop',
        tiles: EVENT_LOOP_TILES,
        shown,
        watchedMs: watchMs,
        medianMs: lateMs(delaysNs.median),
        p99Ms: lateMs(delaysNs.p99),
        maxMs: lateMs(delaysNs.max),
      };
    } finally {
      await wall.close();
    }
  } finally {
    await rig.close();
  }
}

/** Runs in the main process. @returns times between wake-ups, ns */
async function watchDelays({
  resolutionMs,
  watchMs,
}: {
  readonly resolutionMs: number;
  readonly watchMs: number;
}): Promise<{ median: number; p99: number; max: number }> {
  const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  await new Promise((resolve) => setTimeout(resolve, watchMs));
  histogram.disable();
  return { median: histogram.percentile(50), p99: histogram.percentile(99), max: histogram.max };
}
