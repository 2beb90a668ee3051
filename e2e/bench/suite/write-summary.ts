import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ResultsFile } from './results-file.ts';
import type { Suite } from './suite.ts';
import { suiteRecordSchema } from './suite-records.ts';
import { runRecordsOf, suiteRuns } from './suite-report.ts';
import { type SuiteDigest, summaryMarkdown } from './summary.ts';

/**
 * The digest of a suite's newest quick runs: those of the latest build with finished runs.
 * @param folder the folder with the results of all suites
 * @returns `null` where there are no runs
 * @throws where the suite's results cannot be read
 */
export async function digestOf<What, Figures>(
  suite: Suite<What, Figures>,
  folder: string,
): Promise<SuiteDigest | null> {
  const file = path.join(folder, `${suite.name}-quick`, 'results.jsonl');
  const records = await ResultsFile.read(file, suiteRecordSchema(suite.figures));
  const environment = records
    .filter((record) => record.kind === 'environment')
    .findLast((candidate) => runRecordsOf(records, candidate, 'quick').length > 0);
  if (environment === undefined) return null;
  const own = runRecordsOf(records, environment, 'quick');
  const runs = suiteRuns(own, environment);
  const { digest, goals } = suite.report(runs, 'quick');
  const at = own.map((run) => run.at).sort()[0] ?? '';
  return { name: suite.name, question: suite.question, environment, at, runs, goals, text: digest };
}

/** Writes summary.md. @param digests in the order of the summary; a suite without results is left out */
export async function writeSummary(folder: string, digests: readonly (SuiteDigest | null)[]): Promise<void> {
  const file = path.join(folder, 'summary.md');
  await writeFile(file, summaryMarkdown(digests.filter((digest) => digest !== null)));
  process.stdout.write(`holdfast: the figures of all suites: ${file}\n`);
}
