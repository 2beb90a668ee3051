import type { Suite } from '../suite/suite.ts';
import {
  LINK_CASES,
  LINK_MS,
  LINK_TILES,
  type LinkCase,
  linkCaseId,
  NEEDED_KBIT_PER_S,
} from './link-cases.ts';
import { type LinkFigures, linkFiguresSchema } from './link-figures.ts';
import { linkReport } from './link-report.ts';
import { measureLink } from './measure-link.ts';

/** Duration of the window's start, of the wait until the wall settles, and of the window's end, seconds. */
const AROUND_S = 40;

export const linkSuite: Suite<LinkCase, LinkFigures> = {
  name: 'link',
  question: 'What does a wall make of a poor link?',
  extents: {
    quick: `${LINK_TILES} tiles, five links, ${LINK_MS.quick / 1000} s each, in about 7 minutes`,
    full: `${LINK_TILES} tiles, five links, ${LINK_MS.full / 60_000} minutes each, in about an hour`,
  },
  shells: ['electron'],
  method: () => [
    `${LINK_TILES} tiles of plain HLS in 2 s segments with main streams (640x360) and sub-streams (320x180), two sites that are well, the default policies. \`loss\`: each answer comes 150 ± 100 ms late, and each piece of it is lost with that chance and sent again after TCP’s time-out. \`thin\`: both sites are behind one cable (a token bucket of Linux, 400 ms of queue), which carries that share of the ${NEEDED_KBIT_PER_S} kbit/s that the main streams need; that takes root and iproute2.`,
    'LIVE is what the tiles say, five times a second, from 30 s after the start on. Bytes are media of players that were shown and of those that were not, and all that watches fetched, playlists included.',
  ],
  figures: linkFiguresSchema,
  cases: () => LINK_CASES.map((what) => ({ id: linkCaseId(what), row: linkCaseId(what), what })),
  runs: { quick: 1, full: 1 },
  typicalS: (_what, extent) => LINK_MS[extent] / 1000 + AROUND_S,
  measuring: { kind: 'each-alone', measure: (what, extent) => measureLink(what, LINK_MS[extent]) },
  report: linkReport,
};
