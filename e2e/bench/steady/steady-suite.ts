import type { Suite } from '../suite/suite.ts';
import { UNDRIVEN_WORDS } from '../suite/undriven-window.ts';
import { measureSteady } from './measure-steady.ts';
import { STEADY_CONDITIONS, STEADY_MS, STEADY_TILES, type SteadyCondition } from './steady-cases.ts';
import { type SteadyFigures, steadyFiguresSchema } from './steady-figures.ts';
import { steadyReport } from './steady-report.ts';

/** Duration of the window's start, of the wait until it settles, and of its end, seconds. */
const AROUND_S = 14;

export const steadySuite: Suite<SteadyCondition, SteadyFigures> = {
  name: 'steady',
  question: 'Does a wall stay quiet while its sites are well?',
  extents: {
    quick: `${STEADY_TILES} tiles, ${STEADY_MS.quick / 1000} s each way, in about 2 minutes`,
    full: `${STEADY_TILES} tiles, ${STEADY_MS.full / 60_000} minutes each way, in about an hour`,
  },
  shells: ['electron'],
  method: () => [
    `${STEADY_TILES} tiles of plain HLS in 1 s segments, 640x360 at 15 fps, two sites, the default policies. \`plain\`: a perfect line. \`jitter\`: every answer of both sites 150 ms late, give or take 100. \`load\`: beside it as many busy processes as the machine has cores, at the same priority.`,
    'No site fails, so every change is a false one. A still tile second is one in which a tile presented no new picture. Missing are frames that the streams had in that time and the wall did not present. Latency is the age of the newest frame by program date-time, median of all tiles, ms; drift is the last third less the first.',
    UNDRIVEN_WORDS,
  ],
  figures: steadyFiguresSchema,
  cases: () => STEADY_CONDITIONS.map((condition) => ({ id: condition, row: condition, what: condition })),
  runs: { quick: 1, full: 1 },
  typicalS: (_condition, extent) => STEADY_MS[extent] / 1000 + AROUND_S,
  measuring: {
    kind: 'each-alone',
    measure: (condition, extent) => measureSteady(condition, STEADY_MS[extent]),
  },
  report: steadyReport,
};
