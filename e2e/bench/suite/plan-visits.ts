import type { PlannedRun, SuiteCase, Visit } from './suite.ts';

/**
 * The runs that are still to be made. Every row gets one visit, then every row gets the next one. Within a visit all cases of
 * the row make their first run, then all make their next one. Each time another case begins, so that no case always runs
 * after the same one.
 *
 * @param runs number of runs of each case, at least 1
 * @param runsAVisit highest number of runs of each case in a visit; low, so that a noisy hour does not spoil a whole row
 * @param finished the finished runs of a case, by the id of the case
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

/** @param runs number of runs of a case without a limit of its own */
export function runsWantedOf({ mostRuns }: SuiteCase<unknown>, runs: number): number {
  return Math.min(runs, mostRuns ?? runs);
}
