import { z } from 'zod';
import type { Suite } from '../suite.ts';
import type { RunRecord } from '../suite-records.ts';

/** A suite of two cases in one row whose figure is a number. */
export const SAMPLE_SUITE: Suite<string, number> = {
  name: 'sample',
  question: 'How many?',
  extents: { quick: 'one', full: 'both' },
  shells: ['electron'],
  method: (extent) => [`Counted ${extent}.`],
  figures: z.number(),
  cases: (extent) =>
    (extent === 'quick' ? ['row/one'] : ['row/one', 'row/other']).map((id) => ({ id, row: 'row', what: id })),
  runs: { quick: 1, full: 2 },
  typicalS: () => 1,
  measuring: { kind: 'each-alone', measure: async () => 7 },
  report: (runs) => ({
    goals: [
      {
        words: 'at least seven',
        verdict: runs.every(({ figures }) => figures >= 7) ? 'met' : 'missed',
        measured: runs.map(({ figures }) => figures).join(' '),
        values: runs.length,
      },
    ],
    sections: [{ title: 'Counts', text: runs.map(({ id, run }) => `${id} ${run}`).join(', ') }],
    digest: `${runs.length} counted`,
  }),
};

export function sampleRun(changes: Partial<RunRecord<number>> = {}): RunRecord<number> {
  return {
    kind: 'run',
    environment: 'env-1',
    extent: 'full',
    at: '2026-01-01T00:00:00.000Z',
    case: 'row/one',
    run: 1,
    durationMs: 1000,
    othersCores: 0.5,
    figures: 7,
    ...changes,
  };
}
