import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { electronExecutable, PROJECT, requireDisplay } from '../../support/launch.ts';

/** How long Electron may take to end by itself, ms. */
const END_TIMEOUT_MS = 10_000;
/** Characters of stderr that are kept: more than the address of Node's inspector and Chromium's messages around it. */
const KEPT_OUTPUT = 20_000;
/** Signals on which a process ends without an "exit" event. */
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Electron as a user starts it: Playwright does not drive it, and nothing is loaded into it. */
export class ElectronProcess {
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  readonly pid: number;
  private readonly removeListeners: () => void;
  private errorText = '';

  /**
   * @param args switches, the application's path, and the application's arguments
   * @throws where there is no display, or the runtime cannot be started
   */
  constructor(args: readonly string[]) {
    requireDisplay();
    const executable = electronExecutable();
    const child = spawn(executable, args, { cwd: PROJECT, stdio: ['ignore', 'ignore', 'pipe'] });
    this.ended = new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    if (child.pid === undefined) throw new Error(`${executable} could not be started`);
    child.stderr.on('data', (chunk: Buffer) => {
      this.errorText = (this.errorText + chunk.toString()).slice(-KEPT_OUTPUT);
    });
    this.removeListeners = takeAlong(child);
    this.child = child;
    this.pid = child.pid;
  }

  /** The last part of what the process wrote to stderr. */
  get errors(): string {
    return this.errorText;
  }

  /**
   * Calls `ask` repeatedly until it returns a value.
   * @param what the event that is waited for, as a clause of the error message
   * @param ask returns `null` while there is no value
   * @throws where it takes too long, or the process ends first
   */
  async until<Found>(
    what: string,
    { pollMs, timeoutMs }: { readonly pollMs: number; readonly timeoutMs: number },
    ask: () => Promise<Found | null>,
  ): Promise<Found> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const found = await ask();
      if (found !== null) return found;
      const { exitCode, signalCode } = this.child;
      if (exitCode !== null || signalCode !== null)
        throw new Error(
          `Electron ended with ${exitCode ?? signalCode} before ${what}; it said:\n${this.errorText}`,
        );
      if (performance.now() > deadlineMs)
        throw new Error(`${timeoutMs / 1000} s went by before ${what}; Electron said:\n${this.errorText}`);
      await pause(pollMs);
    }
  }

  /** Ends the process, by force after {@link END_TIMEOUT_MS}. */
  async end(): Promise<void> {
    this.child.kill('SIGTERM');
    const force = setTimeout(() => this.child.kill('SIGKILL'), END_TIMEOUT_MS);
    await this.ended;
    clearTimeout(force);
    this.removeListeners();
  }
}

/** Makes the process end with this one, because a wall that is left would load the machine forever. */
function takeAlong(child: ChildProcess): () => void {
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  const killAndEnd = (signal: NodeJS.Signals): void => {
    kill();
    // This listener was removed before it ran. Without any listener the signal ends this process.
    process.kill(process.pid, signal);
  };
  process.once('exit', kill);
  for (const signal of END_SIGNALS) process.once(signal, killAndEnd);
  return () => {
    process.off('exit', kill);
    for (const signal of END_SIGNALS) process.off(signal, killAndEnd);
  };
}
