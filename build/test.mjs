// @ts-check
// npm test: sets up what is missing, then runs everything. Its last line is `N passed, N failed, N skipped`.

import { runSimulation } from '../e2e/simulation/run-simulation.mjs';
import { setUpForTests } from './setup.mjs';
import { runChecks } from './steps/checks.mjs';
import { SetUpError } from './steps/command.mjs';
import { runEndToEnd, skipEndToEnd } from './steps/end-to-end.mjs';
import { closingLine, emptyTally, sumOf } from './steps/tally.mjs';

/** @returns {Promise<import('./steps/tally.mjs').Tally>} */
async function testEverything() {
  try {
    const machine = await setUpForTests();
    const checks = await runChecks();
    const simulation = await runSimulation();
    const endToEnd = machine.kind === 'ready' ? await runEndToEnd([]) : await skipEndToEnd(machine.reason);
    return sumOf([checks, simulation, endToEnd]);
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    return { ...emptyTally(), failed: [`set-up: ${error.message}`] };
  }
}

const tally = await testEverything();
console.log('');
for (const { name, reason } of tally.skipped) console.log(`skipped: ${name}: ${reason}`);
for (const name of tally.failed) console.log(`failed: ${name}`);
console.log(closingLine(tally));
process.exitCode = tally.failed.length === 0 ? 0 : 1;
