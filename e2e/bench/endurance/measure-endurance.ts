import { setTimeout as pause } from 'node:timers/promises';
import { readMemory, readTree, sumOf } from '../../support/process-tree.ts';
import { journalSince } from '../../support/wall.ts';
import { type InspectableWall, openInspectableWall, untilAllShow } from '../suite/measured-wall.ts';
import { readPageCounters } from '../suite/page-counters.ts';
import { rigForWall, WALL_SITES, type WallRig, type WallSite } from '../suite/rig-for-wall.ts';
import type { EnduranceFigures, EnduranceSample, EnduranceTrial } from './endurance-figures.ts';

export const ENDURANCE_TILES = 9;
/** Time from one edit or kill to the next, ms. After an edit the change-overs are spread over 5 s (rules 8 and 14). */
export const TURN_MS: Readonly<Record<EnduranceTrial, number>> = {
  'back-and-forth': 20_000,
  'graphics-killed': 60_000,
};
/** How long all tiles may take to show a picture, ms. */
const START_TIMEOUT_MS = 60_000;

/**
 * Does the same to a wall repeatedly. In `back-and-forth` the first site goes into maintenance and does not fail: after faults
 * each failback would be later, because a failback that is undone within minutes is damped (rule 9).
 */
export async function measureEndurance(trial: EnduranceTrial, turns: number): Promise<EnduranceFigures> {
  // The number of hot standbys, and with it all metrics, would depend on the load of the machine.
  const policies = { hotStandbys: 'off' } as const;
  const rig = await rigForWall({ tiles: ENDURANCE_TILES, quality: 'main', policies });
  try {
    const wall = await openInspectableWall(rig.configFile, ENDURANCE_TILES);
    try {
      return await endure(trial, rig, wall, turns);
    } finally {
      await wall.close();
    }
  } finally {
    await rig.close();
  }
}

async function endure(
  trial: EnduranceTrial,
  rig: WallRig,
  wall: InspectableWall,
  turns: number,
): Promise<EnduranceFigures> {
  const { page } = wall;
  const shown = await untilAllShow(wall, ENDURANCE_TILES, START_TIMEOUT_MS);
  if (shown < ENDURANCE_TILES)
    throw new Error(
      `${shown} of ${ENDURANCE_TILES} tiles showed a picture within ${START_TIMEOUT_MS / 1000} s`,
    );
  const samples: EnduranceSample[] = [];
  let measure: EnduranceFigures['memoryMeasure'] = 'pss';
  let left = 0;
  let changes = 0;
  let alarms = 0;
  const startedMs = performance.now();
  for (let turn = 1; turn <= turns; turn += 1) {
    const isAway = trial === 'back-and-forth' && turn % 2 === 1;
    const target: WallSite = WALL_SITES[isAway ? 1 : 0];
    const turnedAt = new Date().toISOString();
    if (trial === 'graphics-killed') await killGraphics(wall);
    else rig.setMaintenance(isAway ? WALL_SITES[0] : null);
    await pause(Math.max(0, startedMs + turn * TURN_MS[trial] - performance.now()));
    left += ENDURANCE_TILES - (await page.evaluate(countTiles, target));
    const told = await journalSince(page, turnedAt);
    changes += told.filter(({ kind }) => kind === 'change').length;
    alarms += told.filter(({ kind }) => kind === 'alarm').length;
    if (isAway) continue;
    const taken = await takeSample(rig, wall, performance.now() - startedMs);
    measure = taken.measure;
    samples.push(taken.sample);
  }
  return { turns, left, changes, alarms, memoryMeasure: measure, samples };
}

/** @throws where there is no graphics process: it has to come back within a turn */
async function killGraphics({ pid }: InspectableWall): Promise<void> {
  const graphics = (await readTree(pid)).find(({ kind }) => kind === 'gpu');
  if (graphics === undefined) throw new Error('there is no graphics process');
  process.kill(graphics.pid, 'SIGKILL');
}

/** Number of tiles that are live from the site. Runs in the page. */
function countTiles(site: WallSite): number {
  return document.querySelectorAll(`[data-tile][data-live="true"][data-site="${site}"]`).length;
}

async function takeSample(
  { rig }: WallRig,
  { page, main, pid }: InspectableWall,
  atMs: number,
): Promise<{ sample: EnduranceSample; measure: EnduranceFigures['memoryMeasure'] }> {
  const counters = await readPageCounters(page);
  await main.send('HeapProfiler.collectGarbage');
  const held = await main.evaluate(() => {
    const resources = process.getActiveResourcesInfo();
    const timers = resources.filter((name) => name === 'Timeout' || name === 'Immediate').length;
    return {
      mainHeapMb: process.memoryUsage().heapUsed / 1e6,
      timers,
      handles: resources.length - timers,
    };
  });
  const tree = await readTree(pid);
  const memory = await readMemory(tree);
  const own = await readMemory(tree, 'own');
  const sites = await rig.stats();
  return {
    measure: memory.measure,
    sample: {
      atMs: Math.round(atMs),
      ...counters,
      ...held,
      mainMb: memory.byKind.main,
      rendererMb: memory.byKind.renderer,
      gpuMb: memory.byKind.gpu,
      totalMb: sumOf(memory.byKind),
      ownMb: sumOf(own.byKind),
      sockets: sites.reduce((sum, { openConnections }) => sum + openConnections, 0),
    },
  };
}
