// @ts-check
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's top folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Something that the set-up cannot provide. The message is one line for the user, with the remedy. */
export class SetUpError extends Error {}

/** @param {string} line Said to the user on stdout. */
export function say(line) {
  process.stdout.write(`holdfast: ${line}\n`);
}

/** @param {string} line Said to the user on stderr. */
export function warn(line) {
  process.stderr.write(`holdfast: ${line}\n`);
}

/**
 * The environment for the project's tools: the project's own commands are first on the PATH. One of them is Node 24, which
 * several tools need; it is a dependency of the project.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment() {
  const commands = join(ROOT, 'node_modules', '.bin');
  return { ...process.env, PATH: [commands, process.env.PATH ?? ''].join(delimiter) };
}

/**
 * The environment without the project's own commands: `npm ci` deletes them, so it must not run with them.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function systemEnvironment() {
  const own = join(ROOT, 'node_modules');
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(own));
  return { ...process.env, PATH: folders.join(delimiter) };
}

/**
 * The Node that runs the project's tools: the project's own Node 24.
 *
 * @returns {string} Path of the executable.
 * @throws {SetUpError} When npm did not run the install script that provides it.
 */
export function toolNode() {
  const own = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(own)) return own;
  throw new SetUpError(
    'the tools’ Node 24 is missing; npm was told to run no install scripts? npm rebuild node',
  );
}

/**
 * @param {string} command
 * @returns {string | undefined} Where on the PATH the command is.
 */
export function findCommand(command) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, command);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/**
 * Runs a command with its output on the terminal.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} The exit code; 1 when a signal ended it, 127 when there is no such command.
 */
export function run(command, args, env = toolEnvironment()) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: 'inherit', shell: onlyByShell(command) });
    child.on('error', (error) => {
      warn(`${command}: ${error.message}`);
      done(127);
    });
    child.on('exit', (code) => done(code ?? 1));
  });
}

/**
 * Runs a command and returns its output, so that the caller can show it only when it helps.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ code: number, stdout: string, output: string }>} `output` is stdout and stderr together, in the order in
 *   which they arrived.
 */
export function capture(command, args, env = toolEnvironment()) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: onlyByShell(command),
    });
    let stdout = '';
    let output = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) =>
      done({ code: 127, stdout, output: `${output}${command}: ${error.message}\n` }),
    );
    child.on('close', (code) => done({ code: code ?? 1, stdout, output }));
  });
}

/**
 * Whether only a shell can run a command: on Windows, npm and the installed commands are .cmd files.
 *
 * @param {string} command
 */
function onlyByShell(command) {
  return process.platform === 'win32' && !command.endsWith('.exe');
}
