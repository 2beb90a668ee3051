import type { Extent } from '../suite/extent.ts';
import type { Suite } from '../suite/suite.ts';
import { UNDRIVEN_WORDS } from '../suite/undriven-window.ts';
import { type EnduranceFigures, enduranceFiguresSchema } from './endurance-figures.ts';
import { enduranceReport } from './endurance-report.ts';
import { ENDURANCE_TILES, measureEndurance, TURN_MS } from './measure-endurance.ts';

/** Even, so that the wall ends at its first site; the full ones take a little more than the hour from which a run judges. */
const TURNS: Readonly<Record<Extent, number>> = { quick: 6, full: 186 };
/** A window's start and end, seconds. */
const AROUND_S = 10;

export const enduranceSuite: Suite<'back-and-forth', EnduranceFigures> = {
  name: 'endurance',
  question: 'Does anything grow while tiles change over again and again?',
  extents: {
    quick: `${TURNS.quick} turns of ${ENDURANCE_TILES} tiles, in about 2 minutes`,
    full: `${TURNS.full} turns of ${ENDURANCE_TILES} tiles, in about an hour. It counts as a whole: an ended run begins anew`,
  },
  shells: ['electron'],
  method: () => [
    `${ENDURANCE_TILES} tiles of plain HLS in 1 s segments, 640x360, standbys probed and not played, because how many play follows the load of the machine. Every ${TURN_MS / 1000} s the first of two sites goes into maintenance or comes back, so that every tile changes over. What is held is read at the end of each turn back, after a garbage collection in the page and in the main process.`,
    'Media elements are counted in the heap by the DevTools protocol, whether they are in the document or not. The page’s timers are not told by it; those of the main process are Node’s active resources, which leave out what does not keep a process alive, idle sockets among it; those are counted at the sites.',
    'A run of minutes mostly shows how a young process settles: the goal is judged only from an hour on, its figures are told before.',
    `${UNDRIVEN_WORDS} To read what the page holds, \`Performance\` is enabled, read and disabled.`,
  ],
  figures: enduranceFiguresSchema,
  cases: () => [{ id: 'back-and-forth', row: 'back-and-forth', what: 'back-and-forth' }],
  runs: { quick: 1, full: 1 },
  typicalS: (_what, extent) => (TURNS[extent] * TURN_MS) / 1000 + AROUND_S,
  measuring: { kind: 'each-alone', measure: (_what, extent) => measureEndurance(TURNS[extent]) },
  report: enduranceReport,
};
