/** The suites of windows and of the engine, run by build/bench.mjs: `node e2e/bench/suite/main.ts SUITE [options]`. */

import { enduranceSuite } from '../endurance/endurance-suite.ts';
import { engineSuite } from '../engine/engine-suite.ts';
import { peerSuite } from '../peers/peer-suite.ts';
import { startSuite } from '../start/start-suite.ts';
import { steadySuite } from '../steady/steady-suite.ts';
import { taxSuite } from '../tax/tax-suite.ts';
import { programOf, type SuiteProgram } from './run-suite.ts';

const PROGRAMS: Readonly<Record<string, SuiteProgram>> = {
  peers: programOf(peerSuite),
  tax: programOf(taxSuite),
  steady: programOf(steadySuite),
  endurance: programOf(enduranceSuite),
  start: programOf(startSuite),
  engine: programOf(engineSuite),
};

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
