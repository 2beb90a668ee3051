import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether {@link OwnDisplay} can work: `null`, or what is missing, in words. */
export function missingForOwnDisplay(): string | null {
  if (process.platform !== 'linux') return 'a display of a test’s own is one of X11';
  if (spawnSync('Xvfb', ['-help']).error !== undefined) return 'there is no "Xvfb": apt-get install xvfb';
  if (spawnSync('xrandr', ['--version']).error !== undefined)
    return 'there is no "xrandr": apt-get install x11-xserver-utils';
  return null;
}

/** A display of 1920x1080 whose resolution the test can change. */
export class OwnDisplay implements AsyncDisposable {
  /** The value of the environment variable DISPLAY. */
  readonly name: string;
  private readonly end: () => Promise<void>;

  private constructor(name: string, end: () => Promise<void>) {
    this.name = name;
    this.end = end;
  }

  static async open(): Promise<OwnDisplay> {
    const screen = ['-screen', '0', '1920x1080x24', '-noreset', '-nolisten', 'tcp'];
    const server = spawn('Xvfb', ['-displayfd', '3', ...screen], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const ended = once(server, 'exit');
    const [number] = await Promise.race([
      once(server.stdio[3] as Readable, 'data'),
      ended.then(() => Promise.reject(new Error('Xvfb does not start'))),
    ]);
    const display = new OwnDisplay(`:${String(number).trim()}`, async () => {
      server.kill();
      await ended;
    });
    // Required values that a virtual screen ignores.
    await display.xrandr(
      '--newmode',
      'small',
      '74.25',
      '1280',
      '1390',
      '1430',
      '1650',
      '720',
      '725',
      '730',
      '750',
    );
    await display.xrandr('--addmode', 'screen', 'small');
    return display;
  }

  /** `small`: 1280x720. */
  async setResolution(mode: 'small' | '1920x1080'): Promise<void> {
    await this.xrandr('--output', 'screen', '--mode', mode);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  private async xrandr(...args: string[]): Promise<void> {
    await run('xrandr', ['--display', this.name, ...args]);
  }
}
