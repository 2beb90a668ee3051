import type { Extent } from './extent.ts';
import type { GoalResult } from './goal-result.ts';
import { loadParagraph, machineState } from './load-words.ts';
import { markdownTable } from './markdown-table.ts';
import { runsWantedOf } from './plan-visits.ts';
import { environmentRows, goalsTable, shellWords } from './report-parts.ts';
import { median, quantile } from './statistics.ts';
import type { Suite, SuiteReport, SuiteRun } from './suite.ts';
import type { Environment, RunRecord, SuiteRecord } from './suite-records.ts';

export interface ReportScope {
  readonly extent: Extent;
  /** Number of runs of each case that the user wants. */
  readonly runs: number;
  /** The cases that the user wants; `null`: all. */
  readonly only: RegExp | null;
  /** Only the runs in this environment count. */
  readonly environment: Environment;
}

export interface WrittenReport {
  /** Content of report.md. */
  readonly text: string;
  readonly files: NonNullable<SuiteReport['files']>;
  readonly goals: readonly GoalResult[];
  /** Paragraph about the load in the runs. */
  readonly load: string;
}

/** The same records give the same report. */
export function suiteReport<What, Figures>(
  suite: Suite<What, Figures>,
  records: readonly SuiteRecord<Figures>[],
  scope: ReportScope,
): WrittenReport {
  const { extent, environment } = scope;
  const all = records.filter((record): record is RunRecord<Figures> => record.kind === 'run');
  const own = runRecordsOf(records, environment, extent);
  const runs = suiteRuns(own, environment);
  const { goals, sections, files = [] } = suite.report(runs, extent);
  const load = loadParagraph(runs);
  const paragraphs = [
    `# ${suite.question}`,
    `${own.length} runs (${extent}; ${scope.runs} of each case asked for) in ${shellWords(environment)}${timeWords(own)}.`,
    load,
    ...suite.method(extent),
  ];
  if (all.length > own.length)
    paragraphs.push(
      `**${all.length - own.length} runs in the file were made with another build, harness, machine or extent and are in no figure here.**`,
    );
  if (goals.length > 0) paragraphs.push('## Goals', goalsTable(goals));
  for (const { title, text } of sections) paragraphs.push(`## ${title}`, text);
  paragraphs.push('## Not run', notRun(suite, records, own, scope));
  paragraphs.push('## Machine and versions', machine(records, own, environment));
  return { text: `${paragraphs.join('\n\n')}\n`, files, goals, load };
}

/** The runs of one build on one machine. */
export function runRecordsOf<Figures>(
  records: readonly SuiteRecord<Figures>[],
  environment: Environment,
  extent: Extent,
): RunRecord<Figures>[] {
  return records.filter(
    (record): record is RunRecord<Figures> =>
      record.kind === 'run' && record.environment === environment.id && record.extent === extent,
  );
}

/** The runs in the form that a suite's report takes. */
export function suiteRuns<Figures>(
  records: readonly RunRecord<Figures>[],
  { machine: { cores } }: Environment,
): SuiteRun<Figures>[] {
  return records.map(({ case: id, run, othersCores, figures }) => ({
    id,
    run,
    othersCores,
    machine: machineState(othersCores, cores),
    figures,
  }));
}

function timeWords(runs: readonly RunRecord<unknown>[]): string {
  const starts = runs.map(({ at }) => Date.parse(at));
  const ends = runs.map(({ at, durationMs }) => Date.parse(at) + durationMs);
  const words = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  if (runs.length === 0) return '';
  return `, from ${words(Math.min(...starts))} to ${words(Math.max(...ends))}`;
}

function notRun<What, Figures>(
  suite: Suite<What, Figures>,
  records: readonly SuiteRecord<Figures>[],
  runs: readonly RunRecord<Figures>[],
  { extent, runs: runsAskedFor, only, environment }: ReportScope,
): string {
  const hasRun = (id: string, run: number): boolean =>
    runs.some((other) => other.case === id && other.run === run);
  const lacking = suite.cases(extent).flatMap((one) => {
    const count = runs.filter((run) => run.case === one.id).length;
    const wanted = runsWantedOf(one, runsAskedFor);
    return count < wanted ? [{ id: one.id, count, wanted }] : [];
  });
  const isAskedFor = (id: string): boolean => only === null || only.test(id);
  const missing = lacking.filter(({ id }) => isAskedFor(id));
  const left = lacking.filter(({ id }) => !isAskedFor(id));
  const failures = new Map<string, string>();
  for (const record of records)
    if (
      record.kind === 'failure' &&
      record.environment === environment.id &&
      record.extent === extent &&
      !hasRun(record.case, record.run)
    )
      failures.set(
        `${record.case} ${record.run}`,
        `* failed at ${record.at}: ${record.case}, run ${record.run}: ${record.reason}`,
      );
  const lines = [
    ...missing.map(({ id, count, wanted }) => `* ${id}: ${count} of ${wanted} runs`),
    ...failures.values(),
  ];
  const paragraphs = lines.length === 0 ? [] : [lines.join('\n')];
  if (left.length > 0)
    paragraphs.push(`Left out by \`--only\` (${left.length}): ${left.map(({ id }) => id).join(', ')}.`);
  return paragraphs.length === 0 ? 'Nothing of this extent.' : paragraphs.join('\n\n');
}

function machine<Figures>(
  records: readonly SuiteRecord<Figures>[],
  runs: readonly RunRecord<Figures>[],
  environment: Environment,
): string {
  const sameBuild = records.filter(
    (record): record is Environment => record.kind === 'environment' && record.id === environment.id,
  );
  const others = runs.map(({ othersCores }) => othersCores).filter((cores) => cores !== null);
  return markdownTable(
    ['', ''],
    environmentRows(environment, sameBuild, { median: median(others), max: quantile(others, 1) }),
  );
}
