/**
 * The suites, run by build/bench.mjs: `node e2e/bench/suite/main.ts SUITE [options]`. `summary` instead of a suite
 * writes bench-results/summary.md from the stored quick runs of all suites.
 */

import { constants } from 'node:os';
import path from 'node:path';
import { enduranceSuite } from '../endurance/endurance-suite.ts';
import { engineSuite } from '../engine/engine-suite.ts';
import { gapSuite } from '../gap/gap-suite.ts';
import { linkSuite } from '../link/link-suite.ts';
import { peerSuite } from '../peers/peer-suite.ts';
import { startSuite } from '../start/start-suite.ts';
import { steadySuite } from '../steady/steady-suite.ts';
import { taxSuite } from '../tax/tax-suite.ts';
import { programOf, type SuiteProgram } from './run-suite.ts';
import { digestOf, writeSummary } from './write-summary.ts';

const PROGRAMS: Readonly<Record<string, SuiteProgram>> = {
  gap: programOf(gapSuite),
  peers: programOf(peerSuite),
  tax: programOf(taxSuite),
  start: programOf(startSuite),
  steady: programOf(steadySuite),
  endurance: programOf(enduranceSuite),
  engine: programOf(engineSuite),
  link: programOf(linkSuite),
  summary: async () => {
    const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), 'bench-results');
    await writeSummary(folder, [
      await digestOf(gapSuite, folder),
      await digestOf(peerSuite, folder),
      await digestOf(taxSuite, folder),
      await digestOf(startSuite, folder),
      await digestOf(steadySuite, folder),
      await digestOf(enduranceSuite, folder),
      await digestOf(engineSuite, folder),
      await digestOf(linkSuite, folder),
    ]);
    return 'done';
  },
};

// On these signals Playwright closes its windows, but the process would go on with the next case.
for (const signal of ['SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(128 + constants.signals[signal]));

const [name = '', ...args] = process.argv.slice(2);
try {
  const program = PROGRAMS[name];
  if (program === undefined)
    throw new Error(`there is no suite "${name}", only ${Object.keys(PROGRAMS).join(', ')}`);
  if ((await program(args)) === 'failed') process.exitCode = 1;
} catch (error) {
  process.stderr.write(`holdfast: ${name}: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
