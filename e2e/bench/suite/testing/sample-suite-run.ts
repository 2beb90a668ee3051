import type { SuiteRun } from '../suite.ts';

/** A run on a quiet machine. */
export function sampleSuiteRun<Figures>(id: string, run: number, figures: Figures): SuiteRun<Figures> {
  return { id, run, othersCores: 0.1, machine: 'quiet', figures };
}
