import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readEnvironment } from '../gap/environment.ts';
import { othersCores, readCpuTimes } from '../gap/machine-load.ts';
import { ResultsFile } from '../gap/results-file.ts';
import { shellVersions } from '../gap/shell-versions.ts';
import { planRuns } from './plan-runs.ts';
import type { Suite } from './suite.ts';
import { parseSuiteOptions, type SuiteOptions, suiteHelp } from './suite-options.ts';
import { type SuiteRecord, suiteRecordSchema } from './suite-records.ts';
import { suiteReport } from './suite-report.ts';

/** A suite as the command line sees it. */
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

/** Runs what is not in the results yet, stores every run as it ends, and writes the report after each. */
async function runSuite<What, Figures>(
  suite: Suite<What, Figures>,
  { extent, out, only, runs }: SuiteOptions,
): Promise<'done' | 'failed'> {
  // npm changes into the project's folder; folders are meant relative to where the user stands
  const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), out);
  const results = await ResultsFile.open(
    path.join(folder, 'results.jsonl'),
    suiteRecordSchema(suite.figures),
  );
  const environment = readEnvironment('electron', shellVersions('electron', undefined));
  const isKnown = results.records.some(
    (record) =>
      record.kind === 'environment' &&
      record.id === environment.id &&
      record.commit === environment.commit &&
      record.tree === environment.tree,
  );
  if (!isKnown) await results.append(environment);

  const cases = suite.cases(extent);
  const finished = (id: string): Set<number> =>
    new Set(
      results.records.flatMap((record) => (isRunOf(record, environment.id, extent, id) ? [record.run] : [])),
    );
  const planned = planRuns(
    cases.filter(({ id }) => only === null || only.test(id)),
    runs,
    finished,
  );
  const typicalS = planned.reduce((sum, { of }) => sum + suite.typicalS(of.what, extent), 0);
  say(
    suite.name,
    `${extent}: ${planned.length} runs to make, about ${Math.ceil(typicalS / 60)} minutes; results in ${folder}`,
  );
  const writeReport = (): Promise<void> =>
    writeFile(
      path.join(folder, 'report.md'),
      suiteReport(suite, results.records, { extent, runsWanted: runs, environment }),
    );

  let failures = 0;
  for (const { of, run } of planned) {
    const place = { environment: environment.id, extent, at: new Date().toISOString(), case: of.id, run };
    // The set-up's process holds the virtual display as well.
    const loadBefore = await readCpuTimes(process.ppid);
    const startedMs = performance.now();
    try {
      const figures = await suite.measure(of.what, extent);
      const durationMs = performance.now() - startedMs;
      const loadAfter = await readCpuTimes(process.ppid);
      const others =
        loadBefore === null || loadAfter === null
          ? null
          : othersCores(loadBefore, loadAfter, durationMs / 1000);
      await results.append({
        kind: 'run',
        ...place,
        durationMs: Math.round(durationMs),
        othersCores: others === null ? null : Math.round(others * 100) / 100,
        figures,
      });
      say(
        suite.name,
        `${of.id}, run ${run}: ${(durationMs / 1000).toFixed(1)} s${others === null ? '' : `, others ${others.toFixed(2)} cores`}`,
      );
    } catch (error) {
      failures += 1;
      const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
      await results.append({ kind: 'failure', ...place, reason });
      say(suite.name, `${of.id}, run ${run}: failed: ${reason}`);
    }
    await writeReport();
  }
  await writeReport();
  say(suite.name, `report: ${path.join(folder, 'report.md')}`);
  return failures === 0 ? 'done' : 'failed';
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
