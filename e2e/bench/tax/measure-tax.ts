import { setTimeout as pause } from 'node:timers/promises';
import { median, quantile } from '../gap/statistics.ts';
import {
  type MeasuredWall,
  openBareWall,
  openHoldfastWall,
  type TileSample,
  untilAllShow,
} from '../suite/measured-wall.ts';
import { untilPlayersRest } from '../suite/players-rest.ts';
import { coresByKind, readMemory, readTree } from '../suite/process-tree.ts';
import { rigForWall } from '../suite/rig-for-wall.ts';
import type { TaxCase, TaxTimes } from './tax-cases.ts';
import type { TaxFigures } from './tax-figures.ts';

/** Between two readings of the pictures' ages, ms. */
const SAMPLE_INTERVAL_MS = 1000;
/** How long all tiles may take to show a picture, ms: a wall that the machine cannot carry is measured as it is then. */
const START_TIMEOUT_MS = 40_000;

/** Opens the wall of a case on a rig of its own, and measures it. */
export async function measureTax({ tiles, viewer }: TaxCase, times: TaxTimes): Promise<TaxFigures> {
  const rig = await rigForWall({
    tiles,
    quality: tiles <= MOST_MAIN_TILES ? 'main' : 'sub',
    policies: { hotStandbys: HOT_STANDBYS[viewer] },
  });
  try {
    const wall =
      viewer === 'bare' ? await openBareWall(rig.playlists) : await openHoldfastWall(rig.configFile, tiles);
    try {
      return await measureWall(wall, tiles, times);
    } finally {
      await wall.close();
    }
  } finally {
    await rig.close();
  }
}

/** Above it the sub streams of 320x180 are shown, as a wall does. */
const MOST_MAIN_TILES = 25;
const HOT_STANDBYS = { bare: 'off', probed: 'off', auto: 'auto', all: 'all' } as const;

async function measureWall(wall: MeasuredWall, tiles: number, times: TaxTimes): Promise<TaxFigures> {
  const shown = await untilAllShow(wall, tiles, START_TIMEOUT_MS);
  await pause(times.settleMs);
  await untilPlayersRest(async () => playersOf(await wall.sample()));
  const treeBefore = await readTree(wall.pid);
  const before = await wall.sample();
  const startedMs = performance.now();
  const samples: TileSample[][] = [];
  while (performance.now() - startedMs < times.measureMs) {
    await pause(SAMPLE_INTERVAL_MS);
    samples.push(await wall.sample());
  }
  const elapsedS = (performance.now() - startedMs) / 1000;
  const treeAfter = await readTree(wall.pid);
  const memory = await readMemory(treeAfter);
  const after = samples.at(-1) ?? [];

  const framesPerS = after.map((tile, index) => (tile.frames - (before[index]?.frames ?? 0)) / elapsedS);
  const dropped = after.map((tile, index) =>
    Math.max(0, tile.droppedFrames - (before[index]?.droppedFrames ?? 0)),
  );
  const ages = samples.flatMap((sample) => sample.map(({ pictureAgeMs }) => pictureAgeMs));
  const knownAges = ages.filter((age) => age !== null);
  return {
    shown,
    players: playersOf(after),
    framesPerS: framesPerS.reduce((sum, rate) => sum + rate, 0) / tiles,
    lowestFramesPerS: quantile(framesPerS, 1 / Math.max(1, framesPerS.length)) ?? 0,
    droppedPerS: dropped.reduce((sum, count) => sum + count, 0) / elapsedS,
    latencyMedianMs: median(knownAges),
    latencyP95Ms: quantile(knownAges, 0.95),
    cores: coresByKind(treeBefore, treeAfter, elapsedS),
    memoryMeasure: memory.measure,
    memoryMb: memory.byKind,
  };
}

function playersOf(sample: readonly TileSample[]): number {
  return sample.reduce((sum, { players }) => sum + players, 0);
}
