// @ts-check
import { pathToFileURL } from 'node:url';
import { provideBrowser } from './steps/browser.mjs';
import { provideBuiltFiles } from './steps/built-files.mjs';
import { SetUpError, say, warn } from './steps/command.mjs';
import { provideDependencies } from './steps/dependencies.mjs';
import { provideElectron } from './steps/electron-runtime.mjs';
import { startProblem } from './steps/electron-start.mjs';
import { checkNodeVersion } from './steps/node-version.mjs';
import { provideSystemPackages } from './steps/system-packages.mjs';
import { hasDisplay } from './steps/virtual-display.mjs';

/** @typedef {import('./steps/electron-runtime.mjs').ElectronRuntime} ElectronRuntime */

/**
 * What shows the window.
 *
 * @typedef {{ kind: 'electron', electron: ElectronRuntime } | { kind: 'chromium', browser: string }} Shell
 */

/**
 * Makes a fresh clone ready to run in Electron: dependencies, Electron's runtime, system libraries, built files.
 * Needs nothing but Node; does nothing when nothing is missing.
 *
 * @returns {Promise<ElectronRuntime>}
 * @throws {SetUpError}
 */
export async function setUp() {
  await provideTools();
  return setUpElectron(await provideElectron());
}

/**
 * As {@link setUp}, for any shell that can show the window on this machine: where Electron's runtime is not available, an
 * installed Chromium, Chrome or Edge shows it.
 *
 * @param {import('./steps/shell-choice.mjs').ShellChoice} choice
 * @returns {Promise<Shell>}
 * @throws {SetUpError}
 */
export async function setUpShell(choice) {
  await provideTools();
  if (choice === 'chromium') return setUpChromium();
  const electron = await provideElectron();
  if (electron.kind === 'ready' || choice === 'electron')
    return { kind: 'electron', electron: await setUpElectron(electron) };
  warn(`${electron.reason}. Until then an installed browser shows the window`);
  return setUpChromium();
}

/**
 * @param {ElectronRuntime | import('./steps/electron-runtime.mjs').NoElectron} electron
 * @returns {Promise<ElectronRuntime>}
 */
async function setUpElectron(electron) {
  if (electron.kind === 'missing') throw new SetUpError(electron.reason);
  await provideSystemPackages(electron.executable, displayCommands());
  await provideBuiltFiles();
  return electron;
}

/** @returns {Promise<Shell>} */
async function setUpChromium() {
  await provideBuiltFiles();
  const browser = await provideBrowser();
  await provideSystemPackages(undefined, displayCommands());
  return { kind: 'chromium', browser };
}

/**
 * As {@link setUp}, for tests. Only the dependencies and the built files are required: tests that need a missing program are
 * skipped.
 *
 * @returns {Promise<{ kind: 'ready' } | { kind: 'no-window', reason: string }>} `no-window`: Electron cannot run here. The
 *   reason names the remedy.
 */
export async function setUpForTests() {
  await provideTools();
  await provideBuiltFiles();
  for (const commands of COMMANDS_OF_TESTS)
    await provideIfPossible(() => provideSystemPackages(undefined, commands));
  // For the tests of the Chromium shell.
  await provideIfPossible(provideBrowser);
  try {
    const problem = await startProblem(await setUp());
    return problem === undefined ? { kind: 'ready' } : { kind: 'no-window', reason: problem };
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    return { kind: 'no-window', reason: error.message };
  }
}

/** Commands that tests need. Each group is installed separately: when one fails, the others are still installed. */
const COMMANDS_OF_TESTS = [['ffmpeg', 'ip', 'openbox'], ['nginx'], ['gst-launch-1.0'], ['cvlc']];

/** @param {() => Promise<unknown>} provide */
async function provideIfPossible(provide) {
  try {
    await provide();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    warn(`some tests will be skipped: ${error.message}`);
  }
}

/**
 * Ends the process with code 1 after an error that the user can remedy, and prints it as one line.
 *
 * @param {unknown} error
 * @returns {never}
 * @throws Any other error.
 */
export function endWith(error) {
  // The message of an error of parseArgs says what is wrong with an option.
  const isUsage = error instanceof TypeError && 'code' in error && /^ERR_PARSE_ARGS/.test(String(error.code));
  if (!isUsage && !(error instanceof SetUpError)) throw error;
  warn(error.message);
  process.exit(1);
}

/** Provides what every `npm run` needs: a Node that is new enough, and the dependencies. */
export async function provideTools() {
  checkNodeVersion(process.versions.node);
  await provideDependencies();
}

/** @returns {string[]} */
function displayCommands() {
  return hasDisplay(process.env, process.platform) ? [] : ['Xvfb'];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await setUpShell('whichever');
    say('ready: npm start');
  } catch (error) {
    endWith(error);
  }
}
