// @ts-check
// npm start [-- <options of Holdfast>]: sets up what is missing, then opens the viewer.
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { endWith, setUpShell } from './setup.mjs';
import { CHROMIUM_SHELL } from './steps/browser.mjs';
import { ROOT, say, toolEnvironment, warn } from './steps/command.mjs';
import {
  applicationOptions,
  electronArguments,
  isChromiumLog,
  onlyPrints,
  remedyFor,
  sandboxHere,
} from './steps/electron-start.mjs';
import { shellChoice } from './steps/shell-choice.mjs';
import { hasDisplay, startVirtualDisplay } from './steps/virtual-display.mjs';

/** Number of log lines that are kept, to be printed when a start fails. */
const LOG_LINES_KEPT = 40;
/** Interval at which {@link watchParent} checks whether npm is still running, in milliseconds. */
const PARENT_CHECK_MS = 500;
const END_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

// npm changes into the project's folder, but files in the options are relative to the user's working directory.
const folder = process.env.INIT_CWD ?? process.cwd();

try {
  const { shell, rest } = shellChoice(process.argv.slice(2));
  process.exitCode = await start(await setUpShell(shell), rest);
} catch (error) {
  endWith(error);
}

/**
 * @param {import('./setup.mjs').Shell} shell
 * @param {readonly string[]} options For the application.
 * @returns {Promise<number>} The application's exit code.
 */
async function start(shell, options) {
  const isVirtual = !onlyPrints(options) && !hasDisplay(process.env, process.platform);
  const display = isVirtual ? await startVirtualDisplay() : undefined;
  if (display !== undefined) say(`no display: running on a virtual one, ${display.env.DISPLAY}`);
  try {
    const command = commandOf(shell, options, isVirtual ? 'virtual' : 'real');
    const environment = {
      ...(shell.kind === 'chromium' ? toolEnvironment() : process.env),
      ...(shell.kind === 'chromium' && { CHROME_PATH: shell.browser }),
      ...display?.env,
    };
    return await keepRunning(command, environment, options);
  } finally {
    display?.stop();
  }
}

/**
 * @typedef {object} ShellCommand
 * @property {string} name
 * @property {string} executable
 * @property {string[]} args
 * @property {string} dist The folder of the browser or of Electron's release.
 */

/**
 * @param {import('./setup.mjs').Shell} shell
 * @param {readonly string[]} options
 * @param {'real' | 'virtual'} display
 * @returns {ShellCommand}
 */
function commandOf(shell, options, display) {
  // Without a sandbox, the application itself warns, on the terminal and in the window.
  const start = { options, sandbox: sandboxHere(), display, folder };
  if (shell.kind === 'electron') {
    const { executable, dist } = shell.electron;
    return { name: 'Electron', executable, args: electronArguments(start), dist };
  }
  return {
    name: 'The Chromium shell',
    // The project's own Node: it is the first one on the PATH of the environment.
    executable: 'node',
    args: [CHROMIUM_SHELL, ...applicationOptions(start)],
    dist: dirname(shell.browser),
  };
}

/**
 * Runs the application under the keeper, as a package does. The keeper is loaded from the built files.
 *
 * @param {ShellCommand} command
 * @param {NodeJS.ProcessEnv} environment
 * @param {readonly string[]} options
 * @returns {Promise<number>} The application's exit code.
 */
async function keepRunning({ name, executable, args, dist }, environment, options) {
  const built = (/** @type {string} */ file) =>
    import(pathToFileURL(join(ROOT, 'dist', 'electron', file)).href);
  /** @type {typeof import('../electron/keeper/keeper.ts')} */
  const { Keeper } = await built('keeper.js');
  /** @type {typeof import('../electron/keeper/kept-process.ts')} */
  const { startKept } = await built('kept-process.js');

  const isLogWanted = options.some((option) => option.startsWith('--enable-logging'));
  /** @type {string[]} The last lines of the latest start. */
  let log = [];
  const keeper = new Keeper({
    name,
    start: (endsInARow) => {
      const program = { executable, args, folder, environment, stderr: /** @type {const} */ ('pipe') };
      const kept = startKept(program, endsInARow);
      log = [];
      if (kept.child.stderr !== null)
        createInterface({ input: kept.child.stderr }).on('line', (line) => {
          if (isLogWanted || !isChromiumLog(line)) process.stderr.write(`${line}\n`);
          log.push(line);
          if (log.length > LOG_LINES_KEPT) log.shift();
        });
      return kept;
    },
    onUnexpectedEnd: ({ kind }) => {
      if (kind === 'crashed' && !isLogWanted)
        for (const line of log.filter(isChromiumLog)) process.stderr.write(`${line}\n`);
    },
    obstacle: () => remedyFor(log.join('\n'), dist),
    log: warn,
  });
  for (const signal of END_SIGNALS) process.on(signal, () => keeper.end(signal));
  process.on('exit', () => keeper.kill());
  const stopWatching = watchParent(() => keeper.end('SIGTERM'));
  try {
    return await keeper.run();
  } finally {
    stopWatching();
  }
}

/**
 * Watches whether the parent process still exists: a signal to npm ends the shell between npm and this process, but does not
 * reach this process.
 *
 * @param {() => void} onGone
 * @returns {() => void} Ends the watching.
 */
function watchParent(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return () => {};
  const parent = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(check);
    onGone();
  }, PARENT_CHECK_MS);
  return () => clearInterval(check);
}
