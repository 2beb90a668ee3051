// @ts-check
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetUpError } from './command.mjs';

/** Size of the virtual screen, in pixels: that of a control room's monitor. */
const SCREEN = { width: 1920, height: 1080 };
/** Time limit for the start of Xvfb, in milliseconds. */
const START_TIMEOUT_MS = 15_000;

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @returns {boolean} Whether a window can be opened without a virtual display.
 */
export function hasDisplay(env, platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

/**
 * @typedef {object} VirtualDisplay
 * @property {{ DISPLAY: string, XAUTHORITY: string, XDG_SESSION_TYPE: string }} env What a program needs to open its
 *   windows there, where WAYLAND_DISPLAY names no other display.
 * @property {() => void} stop
 */

/**
 * Starts an X server without a monitor. It chooses a free display number, and accepts only programs that have its cookie, because
 * the pictures of the cameras are confidential.
 *
 * @returns {Promise<VirtualDisplay>}
 * @throws {SetUpError} When Xvfb is missing, or does not start within {@link START_TIMEOUT_MS}.
 */
export async function startVirtualDisplay() {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-display-'));
  const cookieFile = join(folder, 'cookie');
  writeFileSync(cookieFile, cookieEntry(randomBytes(16)), { mode: 0o600 });
  const screen = ['-screen', '0', `${SCREEN.width}x${SCREEN.height}x24`];
  const options = ['-nolisten', 'tcp', '-noreset', '-auth', cookieFile, '-displayfd', '3'];
  // The server has a process group of its own, so that Ctrl-C in the terminal does not end it before the application.
  const server = spawn('Xvfb', [...screen, ...options], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const stop = () => {
    process.off('exit', stop);
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', stop);

  try {
    const display = `:${await displayNumber(server)}`;
    server.unref();
    return {
      env: { DISPLAY: display, XAUTHORITY: cookieFile, XDG_SESSION_TYPE: 'x11' },
      stop,
    };
  } catch (error) {
    stop();
    throw new SetUpError(`Xvfb does not start (${error instanceof Error ? error.message : error})`);
  }
}

/**
 * One entry of an .Xauthority file (Xau's format). Each field follows its length, which is big-endian. The family 0xffff means any
 * address, and the empty number any display.
 * @param {Buffer} cookie
 */
export function cookieEntry(cookie) {
  const counted = (/** @type {Buffer} */ field) =>
    Buffer.concat([Buffer.from([field.length >> 8, field.length & 0xff]), field]);
  return Buffer.concat([
    Buffer.from([0xff, 0xff]),
    counted(Buffer.alloc(0)),
    counted(Buffer.alloc(0)),
    counted(Buffer.from('MIT-MAGIC-COOKIE-1')),
    counted(cookie),
  ]);
}

/**
 * @param {import('node:child_process').ChildProcess} server Writes its number to descriptor 3 once it listens.
 * @returns {Promise<string>}
 */
function displayNumber(server) {
  return new Promise((done, fail) => {
    const timer = setTimeout(
      () => fail(new Error(`no answer within ${START_TIMEOUT_MS / 1000} s`)),
      START_TIMEOUT_MS,
    );
    let complaint = '';
    let number = '';
    server.stderr?.on('data', (chunk) => {
      complaint += chunk;
    });
    server.stdio[3]?.on('data', (chunk) => {
      number += chunk;
      if (!number.includes('\n')) return;
      clearTimeout(timer);
      done(number.trim());
    });
    server.on('error', (error) => {
      clearTimeout(timer);
      fail(error);
    });
    server.on('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(complaint.trim().split('\n').at(-1) || `exit code ${code}`));
    });
  });
}
