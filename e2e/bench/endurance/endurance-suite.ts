import type { Extent } from '../suite/extent.ts';
import type { Suite } from '../suite/suite.ts';
import { UNDRIVEN_WORDS } from '../suite/undriven-window.ts';
import { type EnduranceFigures, type EnduranceTrial, enduranceFiguresSchema } from './endurance-figures.ts';
import { enduranceReport } from './endurance-report.ts';
import { ENDURANCE_TILES, measureEndurance, TURN_MS } from './measure-endurance.ts';

/**
 * Number of turns. Those of `back-and-forth` are even, so that the wall ends at its first site. The full ones take slightly
 * more than one hour, which is the shortest run that judges the goal.
 */
const TURNS: Readonly<Record<EnduranceTrial, Readonly<Record<Extent, number>>>> = {
  'back-and-forth': { quick: 6, full: 186 },
  'graphics-killed': { quick: 3, full: 62 },
};
const TRIALS = Object.keys(TURNS) as EnduranceTrial[];
/** Duration of the window's start and end, seconds. */
const AROUND_S = 10;

export const enduranceSuite: Suite<EnduranceTrial, EnduranceFigures> = {
  name: 'endurance',
  question: 'Does anything grow while tiles change over, or the graphics process ends, again and again?',
  extents: {
    quick: extentWords('quick', 'about 5 minutes'),
    full: `${extentWords('full', 'about two hours')}. Each of the two counts as a whole: an ended run begins anew`,
  },
  shells: ['electron'],
  method: () => [
    `${ENDURANCE_TILES} tiles of plain HLS in 1 s segments, 640x360. Standbys are probed and not played: otherwise the load of the machine would decide how many play. Back and forth: every ${TURN_MS['back-and-forth'] / 1000} s the first of two sites goes into maintenance or comes back, so that every tile changes over. What is held is read at the end of each turn back, after a garbage collection in the page and in the main process. Graphics killed: every ${TURN_MS['graphics-killed'] / 1000} s the graphics process is killed, and what is held is read before the next time.`,
    'Media elements are counted in the heap by the DevTools protocol, whether they are in the document or not. The page’s timers are not told by it; those of the main process are Node’s active resources, which leave out what does not keep a process alive, idle sockets among it; those are counted at the sites.',
    'A run of minutes mostly shows how a young process settles: the goal is judged only from an hour on, its figures are told before.',
    `${UNDRIVEN_WORDS} To read what the page holds, \`Performance\` is enabled, read and disabled.`,
  ],
  figures: enduranceFiguresSchema,
  cases: () => TRIALS.map((trial) => ({ id: trial, row: trial, what: trial })),
  runs: { quick: 1, full: 1 },
  typicalS: (trial, extent) => (TURNS[trial][extent] * TURN_MS[trial]) / 1000 + AROUND_S,
  measuring: {
    kind: 'each-alone',
    measure: (trial, extent) => measureEndurance(trial, TURNS[trial][extent]),
  },
  report: enduranceReport,
};

function extentWords(extent: Extent, time: string): string {
  const { 'back-and-forth': turns, 'graphics-killed': kills } = TURNS;
  return `${turns[extent]} turns of ${ENDURANCE_TILES} tiles, and ${kills[extent]} kills of their graphics process, in ${time}`;
}
