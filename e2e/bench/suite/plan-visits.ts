import type { PlannedRun, SuiteCase, Visit } from './suite.ts';

/**
 * What is still to be run: every row has a visit, then every row again. Within a visit the cases take turns run by
 * run, and in being first, so that none always has the machine as the one before left it.
 *
 * @param runs of each case, at least 1
 * @param runsAVisit of each case at most; few, so that a noisy hour spoils no row as a whole
 * @param finished which runs of a case (by its id) are there already
 */
export function planVisits<What>(
  cases: readonly SuiteCase<What>[],
  runs: number,
  runsAVisit: number,
  finished: (caseId: string) => ReadonlySet<number>,
): Visit<What>[] {
  const visits: Visit<What>[] = [];
  for (let from = 1; from <= runs; from += runsAVisit)
    for (const row of Map.groupBy(cases, (one) => one.row).values()) {
      const visit: PlannedRun<What>[] = [];
      for (let run = from; run < from + runsAVisit && run <= runs; run += 1) {
        const first = (run - 1) % row.length;
        for (const of of [...row.slice(first), ...row.slice(0, first)])
          if (run <= runsWantedOf(of, runs) && !finished(of.id).has(run)) visit.push({ of, run });
      }
      if (visit.length > 0) visits.push(visit);
    }
  return visits;
}

/** @param runs of a case that sets no limit of its own */
export function runsWantedOf({ mostRuns }: SuiteCase<unknown>, runs: number): number {
  return Math.min(runs, mostRuns ?? runs);
}
