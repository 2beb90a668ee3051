// @ts-check
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, run, toolEnvironment } from './command.mjs';
import { emptyTally, sumOf } from './tally.mjs';

/** Each of them says nothing, or little, when all is well. */
const STATIC_CHECKS = [
  { name: 'types', command: 'tsc', args: ['-p', '.'] },
  { name: 'types of shared/, which has no platform', command: 'tsc', args: ['-p', 'shared'] },
  { name: 'lint and format', command: 'biome', args: ['ci', '.'] },
];

/**
 * Types, lint, format and the unit tests; all of them, also when an early one fails.
 *
 * @returns {Promise<import('./tally.mjs').Tally>} Of the unit tests; a failed check counts as one failure more.
 */
export async function runChecks() {
  const checks = emptyTally();
  for (const { name, command, args } of STATIC_CHECKS)
    if ((await run(command, args)) !== 0) checks.failed.push(name);
  return sumOf([checks, await runUnitTests()]);
}

async function runUnitTests() {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-unit-'));
  const tallyFile = join(folder, 'tally.json');
  const reporter = join(ROOT, 'build', 'steps', 'vitest-tally.mjs');
  try {
    const args = ['run', '--reporter=default', `--reporter=${reporter}`];
    const code = await run('vitest', args, { ...toolEnvironment(), HOLDFAST_TALLY_FILE: tallyFile });
    const tally = readTally(tallyFile);
    if (tally === undefined || (code !== 0 && tally.failed.length === 0))
      return sumOf([
        tally ?? emptyTally(),
        { ...emptyTally(), failed: [`unit tests (vitest ended with code ${code})`] },
      ]);
    return tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} file
 * @returns {import('./tally.mjs').Tally | undefined} `undefined` when vitest ended before it wrote one.
 */
function readTally(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
