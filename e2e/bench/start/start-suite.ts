import type { Suite } from '../suite/suite.ts';
import { measureStart } from './measure-start.ts';
import { measureWindow } from './measure-window.ts';
import { START_TILES, type StartCase, startCaseId, TEMPERATURES } from './start-cases.ts';
import { type StartSuiteFigures, startSuiteFiguresSchema } from './start-figures.ts';
import { startReport } from './start-report.ts';

const CASES: readonly StartCase[] = [
  ...START_TILES.flatMap((tiles) =>
    TEMPERATURES.map((temperature) => ({ kind: 'start', tiles, temperature }) as const),
  ),
  { kind: 'window' },
];

/** Usual duration of a run on 2 cores, seconds. A warm start has an earlier start before it. */
const TYPICAL_S = { warm: 10, cold: 8, window: 10 };

export const startSuite: Suite<StartCase, StartSuiteFigures> = {
  name: 'start',
  question: 'How long until there are pictures?',
  extents: {
    quick: '9 and 16 tiles, warm and cold, and a window that runs, 2 runs each, in about 2 minutes',
    full: 'the same, 5 runs each, in about 5 minutes',
  },
  shells: ['electron'],
  method: () => [
    'Times in ms from the start of the process to the first frame on the screen, as each tile’s journal entry tells it; no debugger is attached. Plain HLS in 1 s segments, 640x360, two sites, the default policies.',
    'Warm: with the user data folder of an earlier start, all files in the page cache. Cold: with a fresh folder, and the runtime’s and the application’s files dropped from the page cache (posix_fadvise, so libraries of the system and what another process maps stay).',
    'The settings window’s time is from the request to its heading on the screen as Playwright sees it, which adds some of its own. A view’s time is from the press of its name.',
  ],
  figures: startSuiteFiguresSchema,
  cases: () => CASES.map((what) => ({ id: startCaseId(what), row: startCaseId(what), what })),
  runs: { quick: 2, full: 5 },
  typicalS: (what) => (what.kind === 'window' ? TYPICAL_S.window : TYPICAL_S[what.temperature]),
  measuring: {
    kind: 'each-alone',
    measure: (what) => (what.kind === 'window' ? measureWindow() : measureStart(what)),
  },
  report: startReport,
};
