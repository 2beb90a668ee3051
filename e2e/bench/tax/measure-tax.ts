import { setTimeout as pause } from 'node:timers/promises';
import { coresByKind, readMemory, readTree } from '../../support/process-tree.ts';
import {
  type MeasuredWall,
  openBareWall,
  openHoldfastWall,
  type TileSample,
  untilAllShow,
} from '../suite/measured-wall.ts';
import { untilPlayersRest } from '../suite/players-rest.ts';
import { rigForWall } from '../suite/rig-for-wall.ts';
import { countedIn, median, quantile } from '../suite/statistics.ts';
import type { TaxCase, TaxTimes } from './tax-cases.ts';
import type { TaxFigures } from './tax-figures.ts';

/** Time between two readings of the pictures' ages, ms. */
const SAMPLE_INTERVAL_MS = 3000;
/** Longest wait until all tiles show a picture, ms. A wall that is too much for the machine is then measured as it is. */
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

/** Highest number of tiles that show main quality. Larger walls show sub quality (320x180), as walls do in use. */
const MOST_MAIN_TILES = 25;
const HOT_STANDBYS = { bare: 'off', probed: 'off', auto: 'auto', all: 'all' } as const;

async function measureWall(wall: MeasuredWall, tiles: number, times: TaxTimes): Promise<TaxFigures> {
  const shown = await untilAllShow(wall, tiles, START_TIMEOUT_MS);
  await pause(times.settleMs);
  await untilPlayersRest(() => wall.page.evaluate(() => document.querySelectorAll('video').length));
  const treeBefore = await timed(() => readTree(wall.pid));
  const first = await timed(() => wall.sample());
  const samples = [first];
  while (performance.now() - first.atMs < times.measureMs) {
    await pause(SAMPLE_INTERVAL_MS);
    samples.push(await timed(() => wall.sample()));
  }
  const treeAfter = await timed(() => readTree(wall.pid));
  const memory = await readMemory(treeAfter.value);
  const last = samples.at(-1) ?? first;
  const elapsedS = (last.atMs - first.atMs) / 1000;
  const [before, after] = [first.value, last.value];

  const framesPerS = after.map(
    (_, index) => countedIn(samples.map(({ value }) => value[index]?.presentedFrames ?? 0)) / elapsedS,
  );
  const toldPerS = after.map((tile, index) => (tile.frames - (before[index]?.frames ?? 0)) / elapsedS);
  const dropped = after.map((tile, index) =>
    Math.max(0, tile.droppedFrames - (before[index]?.droppedFrames ?? 0)),
  );
  const ages = samples.slice(1).flatMap(({ value }) => value.map(({ pictureAgeMs }) => pictureAgeMs));
  const knownAges = ages.filter((age) => age !== null);
  return {
    shown,
    players: playersOf(after),
    framesPerS: meanOf(framesPerS, tiles),
    toldPerS: meanOf(toldPerS, tiles),
    lowestFramesPerS: quantile(framesPerS, 1 / Math.max(1, framesPerS.length)) ?? 0,
    droppedPerS: dropped.reduce((sum, count) => sum + count, 0) / elapsedS,
    latencyMedianMs: median(knownAges),
    latencyP95Ms: quantile(knownAges, 0.95),
    cores: coresByKind(treeBefore.value, treeAfter.value, (treeAfter.atMs - treeBefore.atMs) / 1000),
    memoryMeasure: memory.measure,
    memoryMb: memory.byKind,
  };
}

function meanOf(rates: readonly number[], tiles: number): number {
  return rates.reduce((sum, rate) => sum + rate, 0) / tiles;
}

/** A reading, with the middle of the time that it took, ms. A busy window may answer late. */
async function timed<Value>(read: () => Promise<Value>): Promise<{ value: Value; atMs: number }> {
  const askedMs = performance.now();
  const value = await read();
  return { value, atMs: (askedMs + performance.now()) / 2 };
}

function playersOf(sample: readonly TileSample[]): number {
  return sample.reduce((sum, { players }) => sum + players, 0);
}
