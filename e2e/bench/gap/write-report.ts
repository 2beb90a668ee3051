import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GAP_GOALS } from './gap-goals.ts';
import { failbackGaps, failoverGaps } from './gaps.ts';
import { type Extent, rowId, rowsOf } from './matrix.ts';
import { plotSvg } from './plot.ts';
import type { Environment, Record, Round } from './records.ts';
import { reportMarkdown } from './report.ts';
import { SETTINGS } from './run-round.ts';
import { summarise } from './summary.ts';

/** Writes summary.json, report.md and gap.svg; the same records give the same files. */
export async function writeReport(
  folder: string,
  records: readonly Record[],
  extent: Extent,
  roundsWanted: number,
  environment: Environment,
): Promise<void> {
  const summary = summarise(records, {
    extent,
    rows: rowsOf(extent),
    roundsWanted,
    environment,
    goals: GAP_GOALS,
  });
  const rounds = records.filter(
    (record): record is Round => record.kind === 'round' && record.environment === environment.id,
  );
  const plotRows = summary.rows.map(({ id }) => {
    const own = rounds.filter(({ row }) => rowId(row) === id);
    return { label: id, failovers: failoverGaps(own), failbacks: failbackGaps(own) };
  });
  await writeFile(path.join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  await writeFile(path.join(folder, 'report.md'), reportMarkdown(summary, SETTINGS));
  await writeFile(path.join(folder, 'gap.svg'), plotSvg(plotRows));
}
