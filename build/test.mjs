// @ts-check
// npm test: sets up what is missing, then runs the tests that a change most likely breaks, within 10 minutes on two cores.
// npm run test:full (--full): the same with all tests. The last line of both is `N passed, N failed, N skipped`.

import { parseArgs } from 'node:util';
import { FULL_HOURS, runSimulation } from '../e2e/simulation/run-simulation.mjs';
import { CORE_PATTERN } from '../e2e/tiers.mjs';
import { setUpForTests } from './setup.mjs';
import { runChecks } from './steps/checks.mjs';
import { SetUpError } from './steps/command.mjs';
import { runEndToEnd, skipEndToEnd } from './steps/end-to-end.mjs';
import { closingLine, emptyTally, sumOf } from './steps/tally.mjs';

/** Length of the simulation in `npm test`, in tile-hours: about 40 worlds. All planted bugs are tried as well. */
const QUICK_HOURS = 100;

/**
 * @param {boolean} isFull
 * @returns {Promise<import('./steps/tally.mjs').Tally>}
 */
async function runTests(isFull) {
  const ofPlaywright = isFull ? [] : ['--grep', CORE_PATTERN];
  try {
    const machine = await setUpForTests();
    const checks = await runChecks();
    const simulation = await runSimulation(isFull ? FULL_HOURS : QUICK_HOURS);
    const endToEnd =
      machine.kind === 'ready'
        ? await runEndToEnd(ofPlaywright)
        : await skipEndToEnd(machine.reason, ofPlaywright);
    return sumOf([checks, simulation, endToEnd]);
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    return { ...emptyTally(), failed: [`set-up: ${error.message}`] };
  }
}

const { values } = parseArgs({ options: { full: { type: 'boolean', default: false } } });
const tally = await runTests(values.full);
console.log('');
for (const { name, reason } of tally.skipped) console.log(`skipped: ${name}: ${reason}`);
for (const name of tally.failed) console.log(`failed: ${name}`);
console.log(closingLine(tally));
process.exitCode = tally.failed.length === 0 ? 0 : 1;
