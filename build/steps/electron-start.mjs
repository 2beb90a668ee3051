// @ts-check
import { join, resolve } from 'node:path';
import { capture, ROOT } from './command.mjs';

/** @typedef {import('./electron-runtime.mjs').ElectronRuntime} ElectronRuntime */

/** Folder for the screenshots of a virtual display, below the current folder. */
const SCREENS_FOLDER = 'holdfast-screens';

/** @returns {'sandboxed' | 'no-sandbox'} `no-sandbox` for root on Linux, because Chromium's sandbox does not run as root. */
export function sandboxHere() {
  return process.platform === 'linux' && process.getuid?.() === 0 ? 'no-sandbox' : 'sandboxed';
}

/**
 * @typedef {object} Start
 * @property {readonly string[]} options The user's.
 * @property {'sandboxed' | 'no-sandbox'} sandbox
 * @property {'real' | 'virtual'} display
 * @property {string} folder The current folder.
 */

/**
 * @param {Start} start
 * @returns {string[]} Electron's arguments.
 */
export function electronArguments(start) {
  const switches = start.sandbox === 'no-sandbox' ? ['--no-sandbox'] : [];
  return [...switches, ROOT, ...applicationOptions(start)];
}

/**
 * @param {Omit<Start, 'sandbox'>} start
 * @returns {string[]} The application's options. On a virtual display they always include `--screens`.
 */
export function applicationOptions({ options, display, folder }) {
  const screens =
    display === 'virtual' && !options.some((option) => /^--screens(=|$)/.test(option))
      ? ['--screens', join(folder, SCREENS_FOLDER)]
      : [];
  return [...options, ...screens];
}

/**
 * @param {readonly string[]} options
 * @returns {boolean} Whether the application only prints something with these options, and needs no display.
 */
export function onlyPrints(options) {
  return options.some((option) => ['--help', '-h', '--version'].includes(option));
}

/**
 * @param {string} line Of Electron's stderr, or of a browser's, which names the thread as well.
 * @returns {boolean} Whether it is a log line of Chromium's own, below FATAL, such as one about a server without D-Bus. These
 *   lines help only when the start fails.
 */
export function isChromiumLog(line) {
  return /^\[\d+:(\d+:)?\d{4}\/\d{6}\.\d+:(VERBOSE\d*|INFO|WARNING|ERROR):/.test(line);
}

/**
 * @param {string} stderr Of an Electron that ended with an error.
 * @param {string} dist The folder of its release.
 * @returns {string | undefined} The remedy in one line, for the errors that have one.
 */
export function remedyFor(stderr, dist) {
  const helper = join(resolve(dist), 'chrome-sandbox');
  if (/No usable sandbox|SUID sandbox helper binary/.test(stderr))
    return `this system keeps the browser’s sandbox from working; allow it once: sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`;
  if (/Missing X server or \$DISPLAY|Failed to connect to Wayland display/.test(stderr))
    return 'the display that DISPLAY or WAYLAND_DISPLAY names cannot be opened; without either, a virtual one is used: env -u DISPLAY -u WAYLAND_DISPLAY npm start';
  return undefined;
}

/**
 * Starts the built application with an option that opens no window. Only what the machine lacks counts: the tests find the
 * faults of the application.
 *
 * @param {ElectronRuntime} electron
 * @returns {Promise<string | undefined>} Why Electron cannot start on this machine, in one line with the remedy.
 */
export async function startProblem(electron) {
  const args = electronArguments({
    options: ['--version'],
    sandbox: sandboxHere(),
    display: 'real',
    folder: ROOT,
  });
  const { code, output } = await capture(electron.executable, args);
  return code === 0 ? undefined : remedyFor(output, electron.dist);
}
