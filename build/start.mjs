// @ts-check
// npm start [-- <options of Holdfast>]: sets up what is missing, then opens the viewer.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { endWith, setUpShell } from './setup.mjs';
import { CHROMIUM_SHELL } from './steps/browser.mjs';
import { say, toolEnvironment, warn } from './steps/command.mjs';
import {
  applicationOptions,
  electronArguments,
  isChromiumLog,
  KEEPER_VARIABLE,
  mayStartAgain,
  onlyPrints,
  remedyFor,
  sandboxHere,
} from './steps/electron-start.mjs';
import { shellChoice } from './steps/shell-choice.mjs';
import { hasDisplay, startVirtualDisplay } from './steps/virtual-display.mjs';

/** How many lines of Chromium's log are kept for a start that fails. */
const LOG_LINES_KEPT = 40;
/** Ctrl-C reaches this process from the terminal and again from npm; the second within this time is the same. Milliseconds. */
const SAME_SIGNAL_MS = 1000;
/** How often it is looked whether npm is still there, in milliseconds. */
const PARENT_CHECK_MS = 500;
/** How long the application may take to end after a signal, in milliseconds. */
const END_TIMEOUT_MS = 10_000;

// npm changes into the project's folder; files are meant relative to where the user stands
const folder = process.env.INIT_CWD ?? process.cwd();

try {
  const { shell, rest } = shellChoice(process.argv.slice(2));
  process.exitCode = await start(await setUpShell(shell), rest);
} catch (error) {
  endWith(error);
}

/**
 * @param {import('./setup.mjs').Shell} shell
 * @param {readonly string[]} options The shell's own.
 * @returns {Promise<number>} The application's exit code.
 */
async function start(shell, options) {
  const isVirtual = !onlyPrints(options) && !hasDisplay(process.env, process.platform);
  const display = isVirtual ? await startVirtualDisplay() : undefined;
  if (display !== undefined) say(`no display: running on a virtual one, ${display.env.DISPLAY}`);
  try {
    const command = commandOf(shell, options, isVirtual ? 'virtual' : 'real');
    const env = {
      ...(shell.kind === 'chromium' ? toolEnvironment() : process.env),
      ...(shell.kind === 'chromium' && { CHROME_PATH: shell.browser }),
      ...display?.env,
      [KEEPER_VARIABLE]: 'npm start',
    };
    /** @type {'first' | 'restarted'} */
    let attempt = 'first';
    for (;;) {
      const { exitCode, next } = await runShell(command, env, options, attempt);
      if (next === 'end') return exitCode;
      warn('Holdfast ended unexpectedly; starting it again');
      attempt = 'restarted';
    }
  } finally {
    display?.stop();
  }
}

/**
 * @typedef {object} ShellCommand
 * @property {string} name
 * @property {string} executable
 * @property {string[]} args
 * @property {string} dist The folder that the browser lies in.
 */

/**
 * @param {import('./setup.mjs').Shell} shell
 * @param {readonly string[]} options
 * @param {'real' | 'virtual'} display
 * @returns {ShellCommand}
 */
function commandOf(shell, options, display) {
  // Without a sandbox, the application itself warns of it, on the terminal and in the window.
  const start = { options, sandbox: sandboxHere(), display, folder };
  if (shell.kind === 'electron') {
    const { executable, dist } = shell.electron;
    return { name: 'Electron', executable, args: electronArguments(start), dist };
  }
  return {
    name: 'The Chromium shell',
    // The project's own Node, by the commands in its environment.
    executable: 'node',
    args: [CHROMIUM_SHELL, ...applicationOptions(start)],
    dist: dirname(shell.browser),
  };
}

/**
 * @param {ShellCommand} command
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} options
 * @param {'first' | 'restarted'} start
 * @returns {Promise<{ exitCode: number, next: 'end' | 'start-again' }>}
 */
function runShell({ name, executable, args, dist }, env, options, start) {
  return new Promise((done) => {
    const startedMs = performance.now();
    // A process group of its own: Electron takes a second signal for an order to die at once, and with the
    // terminal's group it would get each one twice.
    const child = spawn(executable, args, {
      cwd: folder,
      env,
      stdio: ['ignore', 'inherit', 'pipe'],
      detached: process.platform !== 'win32',
    });
    const endAll = passSignalsOn(child);

    /** @type {string[]} */
    const log = [];
    const isLogWanted = options.some((option) => option.startsWith('--enable-logging'));
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (isLogWanted || !isChromiumLog(line)) process.stderr.write(`${line}\n`);
      log.push(line);
      if (log.length > LOG_LINES_KEPT) log.shift();
    });

    child.on('error', (error) => {
      endAll();
      warn(`${name} cannot be started: ${error.message}`);
      done({ exitCode: 1, next: 'end' });
    });
    child.on('close', (code, signal) => {
      const wasAskedToEnd = endAll() === 'signalled';
      const exitCode = code ?? 1;
      const hasCrashed = signal !== null || exitCode > 128;
      if (hasCrashed && !wasAskedToEnd) {
        if (!isLogWanted) for (const line of log.filter(isChromiumLog)) process.stderr.write(`${line}\n`);
        warn(`${name} crashed (${signal ?? `code ${exitCode}`})`);
      }
      const remedy = exitCode === 0 || wasAskedToEnd ? undefined : remedyFor(log.join('\n'), dist);
      if (remedy !== undefined) warn(remedy);
      const end = hasCrashed ? 'crashed' : 'exited';
      const ranMs = performance.now() - startedMs;
      const again = !wasAskedToEnd && remedy === undefined && mayStartAgain({ exitCode, end, ranMs, start });
      done({ exitCode, next: again ? 'start-again' : 'end' });
    });
  });
}

/**
 * Passes the signals that end this process on to the application, and sees to it that it ends.
 *
 * @param {import('node:child_process').ChildProcess} child The leader of its process group.
 * @returns {() => 'signalled' | 'undisturbed'} Ends the passing on, and what is left of the application.
 */
function passSignalsOn(child) {
  /** @type {number | undefined} */
  let firstAtMs;
  /** @type {NodeJS.Timeout | undefined} */
  let deadline;
  const kill = () => signalGroup(child, 'SIGKILL');
  const onSignal = (/** @type {NodeJS.Signals} */ signal) => {
    const nowMs = performance.now();
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      child.kill(signal);
      deadline = setTimeout(kill, END_TIMEOUT_MS);
    } else if (nowMs - firstAtMs > SAME_SIGNAL_MS) kill();
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, onSignal);
  process.on('exit', kill);
  // A signal to npm ends the shell between npm and this process, and goes no further.
  const parent = process.ppid;
  const parentCheck = setInterval(() => {
    if (process.ppid !== parent && firstAtMs === undefined) onSignal('SIGTERM');
  }, PARENT_CHECK_MS);
  if (process.env.npm_lifecycle_event === undefined) clearInterval(parentCheck);
  return () => {
    clearInterval(parentCheck);
    for (const signal of signals) process.off(signal, onSignal);
    process.off('exit', kill);
    clearTimeout(deadline);
    kill();
    return firstAtMs === undefined ? 'undisturbed' : 'signalled';
  };
}

/**
 * @param {import('node:child_process').ChildProcess} leader
 * @param {NodeJS.Signals} signal
 */
function signalGroup(leader, signal) {
  if (leader.pid === undefined) return;
  try {
    if (process.platform === 'win32') leader.kill(signal);
    else process.kill(-leader.pid, signal);
  } catch {
    // nobody is left in it
  }
}
