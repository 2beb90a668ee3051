import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readEnvironment } from './environment.ts';
import { goalsLine } from './goal-result.ts';
import { LoadMeter } from './load-meter.ts';
import { loadWords } from './load-words.ts';
import { planVisits } from './plan-visits.ts';
import { ResultsFile } from './results-file.ts';
import { shellVersions } from './shell-versions.ts';
import type { PlannedRun, RunningVisit, Suite, Visit, VisitContext } from './suite.ts';
import { parseSuiteOptions, type SuiteOptions, suiteHelp } from './suite-options.ts';
import { type Environment, type SuiteRecord, suiteRecordSchema } from './suite-records.ts';
import { suiteReport } from './suite-report.ts';

/** A suite as the command line calls it. */
export type SuiteProgram = (args: readonly string[]) => Promise<'done' | 'failed'>;

export function programOf<What, Figures>(suite: Suite<What, Figures>): SuiteProgram {
  return async (args) => {
    const request = parseSuiteOptions(suite, args);
    switch (request.kind) {
      case 'help':
        process.stdout.write(suiteHelp(suite));
        return 'done';
      case 'invalid':
        process.stderr.write(`holdfast: ${request.message}; --help lists the options\n`);
        return 'failed';
      case 'run':
        return runSuite(suite, request.options);
    }
  };
}

/** Makes the runs that are not in the results yet. It stores each run when it ends, and then writes the report. */
async function runSuite<What, Figures>(
  suite: Suite<What, Figures>,
  { extent, out, only, runs, shell }: SuiteOptions,
): Promise<'done' | 'failed'> {
  const startedMs = performance.now();
  // npm changes into the project's folder, but `--out` is relative to the folder in which the user called npm.
  const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), out);
  const browser = process.env.CHROME_PATH;
  const environment = readEnvironment(shell, shellVersions(shell, browser));
  const results = await openResults(suite, folder, environment);
  const finished = (id: string): Set<number> =>
    new Set(
      results.records.flatMap((record) => (isRunOf(record, environment.id, extent, id) ? [record.run] : [])),
    );
  const visits = planVisits(
    suite.cases(extent).filter(({ id }) => only === null || only.test(id)),
    runs,
    suite.measuring.kind === 'in-visits' ? suite.measuring.runsAVisit : 1,
    finished,
  );
  const planned = visits.flat();
  const typicalS = planned.reduce((sum, { of }) => sum + suite.typicalS(of.what, extent), 0);
  say(
    suite.name,
    `${extent}: ${planned.length} runs to make, about ${Math.ceil(typicalS / 60)} min; results in ${folder}`,
  );
  /** @returns words for the goals and for the load */
  const report = async (): Promise<string> => {
    const { text, files, goals, load } = suiteReport(suite, results.records, {
      extent,
      runs,
      only,
      environment,
    });
    for (const file of [{ name: 'report.md', text }, ...files])
      await writeFile(path.join(folder, file.name), file.text);
    return `${goalsLine(goals)}. ${load.replaceAll('**', '')}`;
  };

  let failures = 0;
  const measureRun = async (
    { of, run }: PlannedRun<What>,
    measure: () => Promise<Figures>,
  ): Promise<void> => {
    const place = { environment: environment.id, extent, at: new Date().toISOString(), case: of.id, run };
    // The parent process, the set-up, has the virtual display among its children too.
    const load = await LoadMeter.start(process.ppid);
    const runStartedMs = performance.now();
    try {
      const figures = await measure();
      const durationMs = Math.round(performance.now() - runStartedMs);
      const others = (await load?.end()) ?? null;
      const othersCores = others === null ? null : Math.round(others * 100) / 100;
      await results.append({ kind: 'run', ...place, durationMs, othersCores, figures });
      const words = [
        `${(durationMs / 1000).toFixed(1)} s`,
        ...(suite.runWords === undefined ? [] : [suite.runWords(figures)]),
        `others ${loadWords(othersCores, environment.machine.cores)}`,
      ];
      say(suite.name, `${of.id}, run ${run}: ${words.join(', ')}`);
    } catch (error) {
      await load?.end();
      failures += 1;
      const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
      await results.append({ kind: 'failure', ...place, reason });
      say(suite.name, `${of.id}, run ${run}: failed: ${reason}`);
    }
    await report();
  };
  for (const visit of visits) {
    const running = await openVisit(suite, visit, extent, { shell, browser, runs });
    try {
      for (const one of visit) await measureRun(one, () => running.measure(one));
    } finally {
      await running.close();
    }
  }
  const verdict = await report();
  say(suite.name, `report: ${path.join(folder, 'report.md')}`);
  const minutes = ((performance.now() - startedMs) / 60_000).toFixed(1);
  say(
    suite.name,
    `ended after ${minutes} min${failures === 0 ? '' : `, ${failures} runs failed`}; ${verdict}`,
  );
  return failures === 0 ? 'done' : 'failed';
}

async function openResults<What, Figures>(
  suite: Suite<What, Figures>,
  folder: string,
  environment: Environment,
): Promise<ResultsFile<SuiteRecord<Figures>>> {
  const results = await ResultsFile.open(
    path.join(folder, 'results.jsonl'),
    suiteRecordSchema(suite.figures),
  );
  // The last environment in the file is that of the last runs.
  const last = results.records.findLast((record) => record.kind === 'environment');
  const isLast =
    last?.id === environment.id && last.commit === environment.commit && last.tree === environment.tree;
  if (!isLast) await results.append(environment);
  return results;
}

/** Opens a visit. Where that is not possible, each of its runs fails. */
async function openVisit<What, Figures>(
  { measuring }: Suite<What, Figures>,
  visit: Visit<What>,
  extent: SuiteOptions['extent'],
  context: VisitContext,
): Promise<RunningVisit<What, Figures>> {
  if (measuring.kind === 'each-alone')
    return { measure: ({ of }) => measuring.measure(of.what, extent), close: async () => {} };
  return measuring.open(visit, context).catch((error: unknown) => ({
    measure: () => Promise.reject(error),
    close: async () => {},
  }));
}

function isRunOf<Figures>(
  record: SuiteRecord<Figures>,
  environment: string,
  extent: string,
  id: string,
): record is Extract<SuiteRecord<Figures>, { kind: 'run' }> {
  return (
    record.kind === 'run' &&
    record.environment === environment &&
    record.extent === extent &&
    record.case === id
  );
}

function say(suite: string, line: string): void {
  process.stdout.write(`holdfast: ${suite}: ${line}\n`);
}
