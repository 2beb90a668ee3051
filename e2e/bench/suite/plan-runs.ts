import type { SuiteCase } from './suite.ts';

/** One run to be made. */
export interface PlannedRun<What> {
  readonly of: SuiteCase<What>;
  /** Counted from 1 within its case. */
  readonly run: number;
}

/**
 * What is still to be run: every row once, then every row again. The cases of a row take turns in being
 * first, so that none always has the machine as the one before left it.
 *
 * @param runs of each case, at least 1
 * @param finished which runs of a case (by its id) are there already
 */
export function planRuns<What>(
  cases: readonly SuiteCase<What>[],
  runs: number,
  finished: (caseId: string) => ReadonlySet<number>,
): PlannedRun<What>[] {
  const rows = new Map<string, SuiteCase<What>[]>();
  for (const one of cases) rows.set(one.row, [...(rows.get(one.row) ?? []), one]);
  const planned: PlannedRun<What>[] = [];
  for (let run = 1; run <= runs; run += 1)
    for (const inRow of rows.values()) {
      const first = (run - 1) % inRow.length;
      for (const of of [...inRow.slice(first), ...inRow.slice(0, first)])
        if (!finished(of.id).has(run)) planned.push({ of, run });
    }
  return planned;
}
