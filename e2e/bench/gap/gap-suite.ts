import type { Suite } from '../suite/suite.ts';
import { type GapFigures, gapFiguresSchema } from './gap-figures.ts';
import { gapReport } from './gap-report.ts';
import { GapSession } from './gap-session.ts';
import { type GapCase, gapCases, QUICK_CHOICE } from './matrix.ts';
import { SETTINGS } from './run-round.ts';

/** Usual duration of a run on 2 cores, with launches, loads and waits, seconds. */
const TYPICAL_S: Readonly<Record<GapCase['kind'], number>> = { round: 12, 'bare-grid': 12 };
/** Number of rounds of a case in a visit: so few that a noisy hour does not spoil a whole row. Fewer need more launches. */
const ROUNDS_A_VISIT = 5;

/** Measures the time without a new picture when a site fails for the whole wall. */
export const gapSuite: Suite<GapCase, GapFigures> = {
  name: 'gap',
  question: 'How long is a tile without a new picture?',
  extents: {
    quick: `${QUICK_CHOICE}; in under 10 minutes`,
    full: 'every fault on every stream, wall and network, in hours',
  },
  shells: ['electron', 'chromium'],
  method: (extent) => [
    `In each round the first of two sites fails for all tiles together; the streams are 640x360 at 15 fps. Gap: time without a new picture on the screen, from frame to frame, by the viewer's own gap meter. Before each fault the wall is quiet for at least ${SETTINGS.quietMs / 1000} s, until its hot standbys are allotted. Rounds of one setup share a window.`,
    `A tile that has not changed over ${SETTINGS.failoverWaitMs / 1000} s after the fault counts as not recovered (∞), one that has not returned ${SETTINGS.failbackWaitMs / 1000} s after its end likewise. For the failback the stable time is ${SETTINGS.stableMs} ms, far below the default; the random spread is the real one. Not every round waits for it, since it takes most of the time.`,
    ...(extent === 'quick' ? [`Rows of the quick run: ${QUICK_CHOICE}.`] : []),
  ],
  figures: gapFiguresSchema,
  cases: gapCases,
  // Fewer than 10 rounds say too little about the worst gap.
  runs: { quick: 2, full: 10 },
  typicalS: ({ kind }) => TYPICAL_S[kind],
  measuring: { kind: 'in-visits', runsAVisit: ROUNDS_A_VISIT, open: GapSession.open },
  runWords: (figures) => {
    if (figures.kind === 'bare-grid') return `${figures.latenciesMs.length} tiles shown`;
    const gaps = figures.tiles.map(({ failover }) =>
      failover === null ? '∞' : Math.round(failover.gapMs ?? 0),
    );
    const { length } = figures.falseChanges;
    return `gaps ${gaps.join(' ')} ms${length === 0 ? '' : `, ${length} false changes`}`;
  },
  report: (runs, extent) => gapReport(gapCases(extent), runs),
};
