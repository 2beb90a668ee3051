import { setTimeout as pause } from 'node:timers/promises';
import type { NetworkConditions } from '../../../electron/demo/network-conditions.ts';
import { journalSince } from '../../support/wall.ts';
import { openHoldfastWall, untilAllShow } from '../suite/measured-wall.ts';
import { rigForWall, STREAM_FRAMES_PER_S } from '../suite/rig-for-wall.ts';
import { BusyMachine } from './busy-machine.ts';
import { judgeSteady } from './judge-steady.ts';
import { STEADY_TILES, type SteadyCondition } from './steady-cases.ts';
import type { SteadyFigures, SteadySample } from './steady-figures.ts';

const JITTER: NetworkConditions = { delayMs: 150, jitterMs: 100, bytesPerS: null, loss: 0 };
/** Time between two samples, ms. Such an interval without a frame counts as a still picture. */
const INTERVAL_MS = 1000;
/** How long all tiles may take to show a picture, ms. */
const START_TIMEOUT_MS = 60_000;
/** Time after the first pictures in which players find their position behind the live edge, ms. */
const SETTLE_MS = 5000;
/**
 * Number of samples between two readings of the journal. Even when all tiles flap, they write fewer entries in this time than
 * the window returns at once.
 */
const SAMPLES_A_JOURNAL = 20;

/** Watches a wall while its sites work. */
export async function measureSteady(condition: SteadyCondition, watchMs: number): Promise<SteadyFigures> {
  const rig = await rigForWall({
    tiles: STEADY_TILES,
    quality: 'main',
    ...(condition === 'jitter' && { conditions: JITTER }),
  });
  let busy: BusyMachine | null = null;
  try {
    const wall = await openHoldfastWall(rig.configFile, STEADY_TILES);
    try {
      const shown = await untilAllShow(wall, STEADY_TILES, START_TIMEOUT_MS);
      if (shown < STEADY_TILES)
        throw new Error(
          `${shown} of ${STEADY_TILES} tiles showed a picture within ${START_TIMEOUT_MS / 1000} s`,
        );
      await pause(SETTLE_MS);
      if (condition === 'load') busy = new BusyMachine();

      const falseChanges: string[] = [];
      const alarms: string[] = [];
      const samples: (readonly SteadySample[])[] = [await wall.sample()];
      const startedMs = performance.now();
      let journalFrom = new Date();
      const readJournal = async (): Promise<void> => {
        const until = new Date().toISOString();
        const entries = await journalSince(wall.page, journalFrom.toISOString());
        for (const entry of entries.filter(({ time }) => time < until)) {
          const at = `${((Date.parse(entry.time) - startedAt) / 1000).toFixed(1)} s`;
          if (entry.kind === 'change')
            falseChanges.push(
              `tile ${entry.tile} from ${entry.from} to ${entry.to} (${entry.cause}) after ${at}`,
            );
          if (entry.kind === 'alarm')
            alarms.push(`${entry.alarm}${entry.tile === null ? '' : `, tile ${entry.tile}`} after ${at}`);
        }
        journalFrom = new Date(until);
      };
      const startedAt = journalFrom.getTime();
      for (let taken = 1; performance.now() - startedMs < watchMs; taken += 1) {
        await pause(Math.max(0, startedMs + taken * INTERVAL_MS - performance.now()));
        samples.push(await wall.sample());
        if (taken % SAMPLES_A_JOURNAL === 0) await readJournal();
      }
      const watchedMs = performance.now() - startedMs;
      await readJournal();
      return {
        ...judgeSteady(samples, { intervalMs: INTERVAL_MS, watchedMs, framesPerS: STREAM_FRAMES_PER_S }),
        falseChanges,
        alarms,
      };
    } finally {
      busy?.end();
      await wall.close();
    }
  } finally {
    await rig.close();
  }
}
