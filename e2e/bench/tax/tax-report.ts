import { PROCESS_KINDS, sumOf } from '../../support/process-tree.ts';
import { inUnits } from '../suite/format-figure.ts';
import type { GoalResult } from '../suite/goal-result.ts';
import { LOAD_HEAD, loadCell } from '../suite/load-words.ts';
import { markdownTable } from '../suite/markdown-table.ts';
import { median } from '../suite/statistics.ts';
import type { SuiteReport, SuiteRun } from '../suite/suite.ts';
import { TAX_TILES, TAX_VIEWERS, type TaxTiles, type TaxViewer, taxCaseId } from './tax-cases.ts';
import type { TaxFigures } from './tax-figures.ts';

type Run = SuiteRun<TaxFigures>;

/** Goal at 16 tiles with standbys probed: highest ratio of CPU time to that of the bare grid. */
const MOST_CPU_RATIO = 1.1;
/** Goal at 16 tiles with standbys probed: highest ratio of memory to that of the bare grid. */
const MOST_MEMORY_RATIO = 1.15;
/** Goal at 64 tiles: lowest number of frames per second and tile. */
const LEAST_FRAMES_PER_S = 12;

const VIEWER_WORDS: Readonly<Record<TaxViewer, string>> = {
  bare: 'bare grid',
  probed: 'Holdfast, probed',
  auto: 'Holdfast, auto',
  all: 'Holdfast, all hot',
};

export function taxReport(runs: readonly Run[]): SuiteReport {
  const rows = TAX_TILES.filter((tiles) => runs.some(({ id }) => idsOf(tiles).includes(id)));
  return {
    goals: [
      ratioGoal(
        `16 tiles, probed: CPU at most ${MOST_CPU_RATIO.toFixed(2)} of the bare grid's`,
        ratios(runs, 16, 'probed', cpuOf),
        MOST_CPU_RATIO,
      ),
      ratioGoal(
        `16 tiles, probed: memory at most ${MOST_MEMORY_RATIO.toFixed(2)} of the bare grid's`,
        ratios(runs, 16, 'probed', memoryOf),
        MOST_MEMORY_RATIO,
      ),
      frameRateGoal(runs),
    ],
    sections: [
      { title: 'Pictures', text: picturesTable(runs, rows) },
      { title: 'CPU', text: cpuTable(runs, rows) },
      { title: 'Memory', text: memoryTable(runs, rows) },
    ],
    digest: digest(runs, rows),
  };
}

/**
 * One ratio for each pair: two walls with the same run number, which ran one after the other.
 * A pair is left out where it is incomplete, or where its walls measured memory in different ways.
 */
export function ratios(
  runs: readonly Run[],
  tiles: TaxTiles,
  viewer: TaxViewer,
  figure: (figures: TaxFigures) => number,
): number[] {
  return of(runs, tiles, viewer).flatMap(({ run, figures }) => {
    const bare = of(runs, tiles, 'bare').find((other) => other.run === run)?.figures;
    if (bare === undefined || figure(bare) <= 0 || bare.memoryMeasure !== figures.memoryMeasure) return [];
    return [figure(figures) / figure(bare)];
  });
}

export function cpuOf({ cores }: TaxFigures): number {
  return sumOf(cores);
}

export function memoryOf({ memoryMb }: TaxFigures): number {
  return sumOf(memoryMb);
}

function ratioGoal(words: string, values: readonly number[], limit: number): GoalResult {
  const middle = median(values);
  if (middle === null) return { words, verdict: 'not measured', measured: '', values: 0 };
  return {
    words,
    verdict: middle <= limit ? 'met' : 'missed',
    measured: `median ${middle.toFixed(3)}`,
    values: values.length,
  };
}

function frameRateGoal(runs: readonly Run[]): GoalResult {
  const words = `64 tiles of 320x180, probed: at least ${LEAST_FRAMES_PER_S} frames/s a tile, and more than the bare grid`;
  const own = medianOf(of(runs, 64, 'probed'), ({ framesPerS }) => framesPerS);
  const bare = medianOf(of(runs, 64, 'bare'), ({ framesPerS }) => framesPerS);
  if (own === null || bare === null) return { words, verdict: 'not measured', measured: '', values: 0 };
  return {
    words,
    verdict: own >= LEAST_FRAMES_PER_S && own > bare ? 'met' : 'missed',
    measured: `median ${own.toFixed(1)}, bare grid ${bare.toFixed(1)}`,
    values: of(runs, 64, 'probed').length,
  };
}

function picturesTable(runs: readonly Run[], rows: readonly TaxTiles[]): string {
  return tableOf(
    runs,
    rows,
    [
      'shown',
      'players',
      'frames/s a tile',
      'worst tile',
      'told to the page',
      'dropped/s, all tiles',
      'latency median, ms',
      'p95',
    ],
    (own) => [
      inUnits(medianOf(own, ({ shown }) => shown)),
      inUnits(medianOf(own, ({ players }) => players)),
      inUnits(
        medianOf(own, ({ framesPerS }) => framesPerS),
        1,
      ),
      inUnits(
        medianOf(own, ({ lowestFramesPerS }) => lowestFramesPerS),
        1,
      ),
      inUnits(
        medianOf(own, ({ toldPerS }) => toldPerS),
        1,
      ),
      inUnits(
        medianOf(own, ({ droppedPerS }) => droppedPerS),
        1,
      ),
      inUnits(medianOf(own, ({ latencyMedianMs }) => latencyMedianMs)),
      inUnits(medianOf(own, ({ latencyP95Ms }) => latencyP95Ms)),
    ],
  );
}

function cpuTable(runs: readonly Run[], rows: readonly TaxTiles[]): string {
  return tableOf(runs, rows, ['cores', 'of bare', ...PROCESS_KINDS], (own, tiles, viewer) => [
    inUnits(medianOf(own, cpuOf), 2),
    inUnits(median(ratios(runs, tiles, viewer, cpuOf)), 2),
    ...PROCESS_KINDS.map((kind) =>
      inUnits(
        medianOf(own, ({ cores }) => cores[kind]),
        2,
      ),
    ),
  ]);
}

function memoryTable(runs: readonly Run[], rows: readonly TaxTiles[]): string {
  return tableOf(runs, rows, ['MB', 'of bare', ...PROCESS_KINDS, 'measure'], (own, tiles, viewer) => [
    inUnits(medianOf(own, memoryOf)),
    inUnits(median(ratios(runs, tiles, viewer, memoryOf)), 2),
    ...PROCESS_KINDS.map((kind) => inUnits(medianOf(own, ({ memoryMb }) => memoryMb[kind]))),
    [...new Set(own.map(({ figures }) => figures.memoryMeasure.toUpperCase()))].join(', '),
  ]);
}

function digest(runs: readonly Run[], rows: readonly TaxTiles[]): string {
  const lines = rows.flatMap((tiles) =>
    TAX_VIEWERS.flatMap((viewer) => {
      const own = of(runs, tiles, viewer);
      if (own.length === 0) return [];
      const beside = (figure: (figures: TaxFigures) => number): string =>
        inUnits(median(ratios(runs, tiles, viewer, figure)), 2);
      return [
        [
          `${tiles} tiles`,
          VIEWER_WORDS[viewer],
          inUnits(
            medianOf(own, ({ framesPerS }) => framesPerS),
            1,
          ),
          `${inUnits(medianOf(own, cpuOf), 2)} (${beside(cpuOf)})`,
          `${inUnits(medianOf(own, memoryOf))} (${beside(memoryOf)})`,
        ],
      ];
    }),
  );
  if (lines.length === 0) return 'Not measured.';
  return markdownTable(['', 'viewer', 'frames/s a tile', 'cores (of bare)', 'MB (of bare)'], lines);
}

function tableOf(
  runs: readonly Run[],
  rows: readonly TaxTiles[],
  head: readonly string[],
  cells: (own: readonly Run[], tiles: TaxTiles, viewer: TaxViewer) => string[],
): string {
  const lines = rows.flatMap((tiles) =>
    TAX_VIEWERS.flatMap((viewer) => {
      const own = of(runs, tiles, viewer);
      if (own.length === 0) return [];
      return [
        [
          String(tiles),
          VIEWER_WORDS[viewer],
          String(own.length),
          ...cells(own, tiles, viewer),
          loadCell(own),
        ],
      ];
    }),
  );
  return lines.length === 0
    ? 'Not measured.'
    : markdownTable(['tiles', 'viewer', 'runs', ...head, LOAD_HEAD], lines);
}

function of(runs: readonly Run[], tiles: TaxTiles, viewer: TaxViewer): Run[] {
  return runs.filter(({ id }) => id === taxCaseId({ tiles, viewer }));
}

function idsOf(tiles: TaxTiles): string[] {
  return TAX_VIEWERS.map((viewer) => taxCaseId({ tiles, viewer }));
}

function medianOf(runs: readonly Run[], figure: (figures: TaxFigures) => number | null): number | null {
  return median(runs.map(({ figures }) => figure(figures)).filter((value) => value !== null));
}
