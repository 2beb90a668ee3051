// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { capture, ROOT, say, toolNode, warn } from './command.mjs';

const PACKAGE = join(ROOT, 'node_modules', 'electron');

/**
 * @typedef {object} ElectronRuntime
 * @property {'ready'} kind
 * @property {string} dist The folder of the unpacked release.
 * @property {string} executable
 * @property {string} version Without a leading `v`.
 *
 * @typedef {{ kind: 'missing', reason: string }} NoElectron `reason` is one line, with the remedy.
 */

/**
 * Electron's runtime: the folder that ELECTRON_OVERRIDE_DIST_PATH names, else the release that the `electron` package pins,
 * which is downloaded if it is missing.
 *
 * @returns {Promise<ElectronRuntime | NoElectron>}
 */
export async function provideElectron() {
  const pinned = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')).version;
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override !== undefined && override !== '') {
    const found = runtimeIn(resolve(override));
    if (found === undefined)
      return {
        kind: 'missing',
        reason: `there is no unpacked Electron in ${override}, which ELECTRON_OVERRIDE_DIST_PATH names: correct or unset it`,
      };
    if (found.version !== pinned)
      warn(`runs on Electron ${found.version} (ELECTRON_OVERRIDE_DIST_PATH), not ${pinned}`);
    return found;
  }

  const dist = join(PACKAGE, 'dist');
  const present = runtimeIn(dist);
  if (present !== undefined && present.version === pinned) return present;

  say(`downloading Electron ${pinned} …`);
  const { code, output } = await capture(toolNode(), [join(PACKAGE, 'install.js')]);
  const fetched = runtimeIn(dist);
  if (code === 0 && fetched !== undefined) return fetched;
  return {
    kind: 'missing',
    reason: `Electron ${pinned} cannot be downloaded (${errorLine(output)}): set ELECTRON_OVERRIDE_DIST_PATH to the folder of an unpacked release, ELECTRON_MIRROR to a mirror, or ELECTRON_GET_USE_PROXY=1 and HTTPS_PROXY`,
  };
}

/**
 * @param {string} dist
 * @returns {ElectronRuntime | undefined}
 */
function runtimeIn(dist) {
  const executable = join(dist, executableName(process.platform));
  const versionFile = join(dist, 'version');
  if (!existsSync(executable) || !existsSync(versionFile)) return undefined;
  const version = readFileSync(versionFile, 'utf8').trim().replace(/^v/, '');
  return { kind: 'ready', dist, executable, version };
}

/** @param {NodeJS.Platform} platform */
function executableName(platform) {
  if (platform === 'win32') return 'electron.exe';
  return platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}

/**
 * @param {string} output What the downloader wrote: an error and its stack.
 * @returns {string} The error in one line, or its innermost cause if there is one.
 */
export function errorLine(output) {
  const lines = output.split('\n').map((line) => line.trim());
  const errors = lines.filter((line) => /^(\[cause\]: )?\w*Error\b/.test(line));
  return (errors.at(-1) ?? lines.find((line) => line !== '') ?? 'no reason given')
    .replace(/^\[cause\]: /, '')
    .replace(/\s*\{$/, '');
}
