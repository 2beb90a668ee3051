import { inUnits } from '../suite/format-figure.ts';
import type { GoalResult } from '../suite/goal-result.ts';
import { LOAD_HEAD, loadCell } from '../suite/load-words.ts';
import { markdownTable } from '../suite/markdown-table.ts';
import { median, quantile } from '../suite/statistics.ts';
import type { SuiteReport, SuiteRun } from '../suite/suite.ts';
import { START_TILES, startCaseId, TEMPERATURES } from './start-cases.ts';
import type { StartFigures, StartSuiteFigures, WindowFigures } from './start-figures.ts';

type Run = SuiteRun<StartSuiteFigures>;

/** Goal: longest time from a warm start until all nine tiles have shown a picture, ms. */
const MOST_START_MS = 2000;

const PAGE_CACHE_WORDS: Readonly<Record<StartFigures['pageCache'], string>> = {
  warm: 'warm',
  dropped: 'dropped',
  kept: 'could not be dropped',
};

export function startReport(runs: readonly Run[]): SuiteReport {
  return {
    goals: [startGoal(runs)],
    sections: [
      { title: 'From the start of the process', text: startTable(runs) },
      { title: 'In a window that runs', text: windowTable(runs) },
    ],
    digest: digest(runs),
  };
}

function startGoal(runs: readonly Run[]): GoalResult {
  const words = `start to 9 pictures, warm: median of at most ${MOST_START_MS / 1000} s`;
  const own = startsOf(runs, startCaseId({ kind: 'start', tiles: 9, temperature: 'warm' }));
  const middle = median(own.map(({ allPicturesMs }) => allPicturesMs));
  if (middle === null) return { words, verdict: 'not measured', measured: '', values: 0 };
  return {
    words,
    verdict: middle <= MOST_START_MS ? 'met' : 'missed',
    measured: `${(middle / 1000).toFixed(2)} s`,
    values: own.length,
  };
}

function startTable(runs: readonly Run[]): string {
  const rows = START_TILES.flatMap((tiles) =>
    TEMPERATURES.flatMap((temperature) => {
      const id = startCaseId({ kind: 'start', tiles, temperature });
      const own = startsOf(runs, id);
      if (own.length === 0) return [];
      const first = own.map(({ firstPictureMs }) => firstPictureMs);
      const all = own.map(({ allPicturesMs }) => allPicturesMs);
      return [
        [
          String(tiles),
          temperature,
          [...new Set(own.map(({ pageCache }) => PAGE_CACHE_WORDS[pageCache]))].join(', '),
          String(own.length),
          ...spread(first),
          ...spread(all),
          loadCell(runs.filter((run) => run.id === id)),
        ],
      ];
    }),
  );
  if (rows.length === 0) return 'Not measured.';
  return markdownTable(
    [
      'tiles',
      'start',
      'page cache',
      'runs',
      'first picture, median ms',
      'max',
      'all pictures, median ms',
      'max',
      LOAD_HEAD,
    ],
    rows,
  );
}

function windowTable(runs: readonly Run[]): string {
  const own = runs.map(({ figures }) => figures).filter((figures) => figures.kind === 'window');
  if (own.length === 0) return 'Not measured.';
  const row = (words: string, figure: (figures: WindowFigures) => number): string[] => [
    words,
    String(own.length),
    ...spread(own.map(figure)),
    loadCell(runs.filter(({ figures }) => figures.kind === 'window')),
  ];
  return markdownTable(
    ['', 'runs', 'median ms', 'max', LOAD_HEAD],
    [
      row('settings window open', ({ settingsOpenMs }) => settingsOpenMs),
      row('view of 9 other cameras: first picture', ({ viewFirstPictureMs }) => viewFirstPictureMs),
      row('view of 9 other cameras: all pictures', ({ viewAllPicturesMs }) => viewAllPicturesMs),
    ],
  );
}

function digest(runs: readonly Run[]): string {
  const rows = START_TILES.flatMap((tiles) =>
    TEMPERATURES.flatMap((temperature) => {
      const own = startsOf(runs, startCaseId({ kind: 'start', tiles, temperature }));
      if (own.length === 0) return [];
      return [
        [
          `${tiles} tiles, ${temperature} start`,
          inUnits(median(own.map(({ firstPictureMs }) => firstPictureMs))),
          inUnits(median(own.map(({ allPicturesMs }) => allPicturesMs))),
        ],
      ];
    }),
  );
  const changes = runs.map(({ figures }) => figures).filter((figures) => figures.kind === 'window');
  if (changes.length > 0)
    rows.push([
      'another view of 9 tiles',
      inUnits(median(changes.map(({ viewFirstPictureMs }) => viewFirstPictureMs))),
      inUnits(median(changes.map(({ viewAllPicturesMs }) => viewAllPicturesMs))),
    ]);
  return rows.length === 0
    ? 'Not measured.'
    : markdownTable(['median ms', 'first picture', 'all pictures'], rows);
}

function startsOf(runs: readonly Run[], id: string): StartFigures[] {
  return runs
    .filter((run) => run.id === id)
    .map(({ figures }) => figures)
    .filter((figures) => figures.kind === 'start');
}

function spread(values: readonly number[]): string[] {
  return [inUnits(median(values)), inUnits(quantile(values, 1))];
}
