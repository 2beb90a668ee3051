// @ts-check
// npm run simulate: the deterministic simulation. `--seed N` replays one world; `--hours H` runs so many tile-hours,
// however long they take. Ends with a table of what every fault found, and the closing line of all tests.
import { parseArgs } from 'node:util';
import { replay, runSimulation } from './steps/simulation.mjs';
import { closingLine } from './steps/tally.mjs';

const { values } = parseArgs({ options: { seed: { type: 'string' }, hours: { type: 'string' } } });
const seed = numberOf('--seed', values.seed);
const hours = numberOf('--hours', values.hours);
const tally =
  seed !== undefined
    ? await replay(seed)
    : await runSimulation(hours === undefined ? undefined : { hours, longestMs: Number.POSITIVE_INFINITY });
for (const name of tally.failed) console.log(`failed: ${name}`);
console.log(closingLine(tally));
process.exitCode = tally.failed.length === 0 ? 0 : 1;

/**
 * @param {string} option
 * @param {string | undefined} text
 */
function numberOf(option, text) {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new Error(`${option} ${text}: give a number above 0`);
  return number;
}
