// @ts-check
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, ROOT, run, toolEnvironment } from './command.mjs';
import { emptyTally, sumOf } from './tally.mjs';

const STATIC_CHECKS = [
  { name: 'types', command: 'tsc', args: ['-p', '.'] },
  { name: 'types of shared/, which has no platform', command: 'tsc', args: ['-p', 'shared'] },
  { name: 'lint and format', command: 'biome', args: ['ci', '.'] },
];

/**
 * Runs the checks of types, lint and format, and the unit tests, all at the same time. Each of them runs to its end, also when
 * another one fails. The output of the static checks follows that of the tests.
 *
 * @returns {Promise<import('./tally.mjs').Tally>} The results of the unit tests, in which each failed check is one more failure.
 */
export async function runChecks() {
  const [unitTests, ...results] = await Promise.all([
    runUnitTests(),
    ...STATIC_CHECKS.map(async ({ name, command, args }) => ({ name, ...(await capture(command, args)) })),
  ]);
  const checks = emptyTally();
  for (const { name, code, output } of results) {
    process.stdout.write(output);
    if (code !== 0) checks.failed.push(name);
  }
  return sumOf([checks, unitTests]);
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
