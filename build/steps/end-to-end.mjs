// @ts-check
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, run, say, toolEnvironment } from './command.mjs';
import { emptyTally, sumOf, tallyOfPlaywright, tallyOfUnrun } from './tally.mjs';
import { hasDisplay, startVirtualDisplay } from './virtual-display.mjs';

/**
 * Runs the Playwright tests in the real Electron, on a virtual display where there is no other one.
 *
 * @param {readonly string[]} args For Playwright: file names, `--grep` and so on.
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function runEndToEnd(args) {
  const display = hasDisplay(process.env, process.platform) ? undefined : await startVirtualDisplay();
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'));
  const reportFile = join(folder, 'report.json');
  if (display !== undefined) say(`no display: the tests run on a virtual one, ${display.env.DISPLAY}`);
  try {
    const env = { ...toolEnvironment(), ...display?.env, PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile };
    const code = await run('playwright', ['test', '--reporter=list,json', ...args], env);
    const tally = tallyOfPlaywright(readReport(reportFile));
    if (code !== 0 && tally.failed.length === 0)
      return sumOf([
        tally,
        { ...emptyTally(), failed: [`end-to-end tests (Playwright ended with code ${code})`] },
      ]);
    return tally;
  } finally {
    display?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} reason Why none of the end-to-end tests can run.
 * @param {readonly string[]} args For Playwright, which selects the tests by them.
 * @returns {Promise<import('./tally.mjs').Tally>} All of these tests by name, as skipped.
 */
export async function skipEndToEnd(reason, args) {
  const listing = ['test', '--list', '--reporter=json', ...args];
  const { stdout, output, code } = await capture('playwright', listing);
  try {
    return tallyOfUnrun(JSON.parse(stdout), reason);
  } catch {
    const line = output.trim().split('\n')[0];
    return { ...emptyTally(), failed: [`end-to-end tests cannot be listed (code ${code}): ${line}`] };
  }
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { suites: [], errors: [{ message: 'Playwright ended without a report' }] };
  }
}
