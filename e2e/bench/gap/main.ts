/** The suite `gap`, run by build/bench.mjs with the project's own Node: `node e2e/bench/gap/main.ts [options]`. */

import path from 'node:path';
import { bareGridMeter } from '../bare-grid/bare-grid.ts';
import { readEnvironment } from './environment.ts';
import { rowId } from './matrix.ts';
import { GAP_HELP, type GapOptions, parseGapOptions, rowsMatching } from './options.ts';
import { planVisits } from './plan.ts';
import { recordSchema } from './records.ts';
import { ResultsFile } from './results-file.ts';
import { openRigForGap } from './rig-for-gap.ts';
import { runVisit } from './run-visit.ts';
import { shellVersions } from './shell-versions.ts';
import { writeReport } from './write-report.ts';

/** Measured on 2 cores: launches, loads and waits of a round, seconds. */
const TYPICAL_ROUND_S = 9;

function say(line: string): void {
  process.stdout.write(`holdfast: ${line}\n`);
}

async function run({ extent, out, only, rounds, shell }: GapOptions): Promise<void> {
  // npm changes into the project's folder; folders are meant relative to where the user stands
  const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), out);
  const browser = process.env.CHROME_PATH;
  const results = await ResultsFile.open(path.join(folder, 'results.jsonl'), recordSchema);
  const environment = readEnvironment(shell, shellVersions(shell, browser));
  const isKnown = results.records.some(
    (record) =>
      record.kind === 'environment' &&
      record.id === environment.id &&
      record.commit === environment.commit &&
      record.tree === environment.tree,
  );
  if (!isKnown) await results.append(environment);

  const done = new Map<string, Set<number>>();
  let leftOut = 0;
  for (const record of results.records) {
    if (record.kind !== 'round') continue;
    if (record.environment !== environment.id) leftOut += 1;
    else done.set(rowId(record.row), (done.get(rowId(record.row)) ?? new Set()).add(record.round));
  }
  if (leftOut > 0)
    say(`${leftOut} rounds in ${results.path} are of another build, harness or machine: they do not count`);

  const visits = planVisits(rowsMatching(extent, only), rounds, (id) => done.get(id) ?? new Set());
  const planned = visits.reduce((total, visit) => total + visit.rounds.length, 0);
  say(
    `gap, ${extent}: ${planned} rounds to run, about ${Math.ceil((planned * TYPICAL_ROUND_S) / 60)} minutes; results in ${folder}`,
  );
  const tools = {
    openRig: openRigForGap,
    bareGrid: bareGridMeter(shell, browser),
    shell,
    environment: environment.id,
    results,
    // The set-up's process holds the virtual display as well.
    processRoot: process.ppid,
    say,
  };
  for (const visit of visits) {
    await runVisit(visit, tools);
    await writeReport(folder, results.records, extent, rounds, environment);
  }
  await writeReport(folder, results.records, extent, rounds, environment);
  say(`report: ${path.join(folder, 'report.md')}`);
}

const request = parseGapOptions(process.argv.slice(2));
switch (request.kind) {
  case 'help':
    process.stdout.write(GAP_HELP);
    break;
  case 'invalid':
    process.stderr.write(`holdfast: ${request.message}; --help lists the options\n`);
    process.exitCode = 1;
    break;
  case 'run':
    await run(request.options).catch((error: unknown) => {
      process.stderr.write(`holdfast: gap: ${error instanceof Error ? error.message : error}\n`);
      process.exitCode = 1;
    });
}
