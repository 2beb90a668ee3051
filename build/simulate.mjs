// @ts-check
// npm run simulate: the deterministic simulation. It ends with a table of the states in which each fault found the tiles, and
// with the same closing line as all tests.
import { parseArgs } from 'node:util';
import { FULL_HOURS, replay, runSimulation } from '../e2e/simulation/run-simulation.mjs';
import { endWith, provideTools } from './setup.mjs';
import { SetUpError } from './steps/command.mjs';
import { closingLine } from './steps/tally.mjs';

const HELP = `npm run simulate -- [--hours H] [--seed N]

The real tiles, watches and selectors over simulated sites and players, under a virtual clock. Every world is made by its
seed: sites, tiles, and the faults that strike them. The invariants are watched at every step.

  without options  ${FULL_HOURS} tile-hours, as in npm run test:full: the same worlds on every machine
  --hours H        runs worlds for H tile-hours; from ${FULL_HOURS} on, every cell of the table has to be reached
  --seed N         the world of one seed again; when an invariant breaks, the last lines of what happened before

The table says how often each fault found a tile, or the struck stream of it, in each state. The bugs that are planted
on purpose (e2e/simulation/planted-bugs.ts) have to be caught in every run.`;

try {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, hours: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) console.log(HELP);
  else await simulate(values);
} catch (error) {
  endWith(error);
}

/** @param {{ seed?: string, hours?: string }} values */
async function simulate(values) {
  const seed = numberOf('--seed', values.seed);
  const hours = numberOf('--hours', values.hours);
  await provideTools();
  const tally = seed === undefined ? await runSimulation(hours) : await replay(seed);
  for (const name of tally.failed) console.log(`failed: ${name}`);
  console.log(closingLine(tally));
  process.exitCode = tally.failed.length === 0 ? 0 : 1;
}

/**
 * @param {string} option
 * @param {string | undefined} text
 */
function numberOf(option, text) {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0)
    throw new SetUpError(`${option} ${text}: give a number above 0`);
  return number;
}
