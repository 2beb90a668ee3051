import type { Extent } from '../gap/matrix.ts';
import type { Environment } from '../gap/records.ts';
import { median, quantile } from '../gap/statistics.ts';
import { markdownTable } from './markdown-table.ts';
import { environmentRows, goalsTable } from './report-parts.ts';
import type { Suite } from './suite.ts';
import type { RunRecord, SuiteRecord } from './suite-records.ts';

export interface ReportScope {
  readonly extent: Extent;
  /** Of each case. */
  readonly runsWanted: number;
  /** Only its runs count. */
  readonly environment: Environment;
}

/** report.md; the same records give the same text. */
export function suiteReport<What, Figures>(
  suite: Suite<What, Figures>,
  records: readonly SuiteRecord<Figures>[],
  { extent, runsWanted, environment }: ReportScope,
): string {
  const all = records.filter((record): record is RunRecord<Figures> => record.kind === 'run');
  const runs = all.filter((run) => run.environment === environment.id && run.extent === extent);
  const times = runs.map(({ at }) => at).sort();
  const { goals, sections } = suite.report(
    runs.map(({ case: id, run, figures }) => ({ id, run, figures })),
    extent,
  );
  const paragraphs = [
    `# ${suite.question}`,
    `${runs.length} runs (${extent}, ${runsWanted} per case) in the real Electron ${environment.electron ?? ''}, from ${times[0] ?? 'never'} to ${times.at(-1) ?? 'never'}.`,
    ...suite.method(extent),
  ];
  if (all.length > runs.length)
    paragraphs.push(
      `**${all.length - runs.length} runs in the file were made with another build, harness, machine or extent and are in no figure here.**`,
    );
  if (goals.length > 0) paragraphs.push('## Goals', goalsTable(goals));
  for (const { title, text } of sections) paragraphs.push(`## ${title}`, text);
  paragraphs.push('## Not run', notRun(suite, records, runs, { extent, runsWanted, environment }));
  paragraphs.push('## Machine and versions', machine(records, runs, environment));
  return `${paragraphs.join('\n\n')}\n`;
}

function notRun<What, Figures>(
  suite: Suite<What, Figures>,
  records: readonly SuiteRecord<Figures>[],
  runs: readonly RunRecord<Figures>[],
  { extent, runsWanted, environment }: ReportScope,
): string {
  const missing = suite.cases(extent).flatMap(({ id }) => {
    const count = runs.filter((run) => run.case === id).length;
    return count < runsWanted ? [`* ${id}: ${count} of ${runsWanted} runs`] : [];
  });
  const failures = records.flatMap((record) =>
    record.kind === 'failure' && record.environment === environment.id && record.extent === extent
      ? [`* failed at ${record.at}: ${record.case}, run ${record.run}: ${record.reason}`]
      : [],
  );
  const lines = [...missing, ...failures];
  return lines.length === 0 ? 'Nothing of this extent.' : lines.join('\n');
}

function machine<Figures>(
  records: readonly SuiteRecord<Figures>[],
  runs: readonly RunRecord<Figures>[],
  environment: Environment,
): string {
  const commits = records.flatMap((record) =>
    record.kind === 'environment' && record.id === environment.id ? [record] : [],
  );
  const others = runs.map(({ othersCores }) => othersCores).filter((cores) => cores !== null);
  return markdownTable(
    ['', ''],
    environmentRows(environment, commits, { median: median(others), max: quantile(others, 1) }),
  );
}
