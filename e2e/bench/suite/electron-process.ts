import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { electronExecutable, PROJECT, requireDisplay } from '../../support/launch.ts';

/** How long Electron may take to end by itself, ms. */
const END_TIMEOUT_MS = 10_000;
/** Of what it wrote to stderr, characters: more than Node's inspector's address and Chromium's complaints around it. */
const KEPT_OUTPUT = 20_000;
/** On these a process ends without an "exit" event. */
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Electron as a user starts it: nobody drives it, nothing is loaded into it. */
export class ElectronProcess {
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  readonly pid: number;
  private readonly removeListeners: () => void;
  private errorText = '';

  /**
   * @param args switches, the application's path, and what the application is given
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

  /** The last of what it wrote to stderr. */
  get errors(): string {
    return this.errorText;
  }

  /**
   * Asks again and again until there is an answer.
   * @param what comes about then, a clause for the error message
   * @param ask `null`: not yet
   * @throws where it takes too long, or the process ends before
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

  /** Ends it, by force where it takes longer than 10 s. */
  async end(): Promise<void> {
    this.child.kill('SIGTERM');
    const force = setTimeout(() => this.child.kill('SIGKILL'), END_TIMEOUT_MS);
    await this.ended;
    clearTimeout(force);
    this.removeListeners();
  }
}

/** Sees to it that the process never outlives this one: a wall left over would load the machine for ever. */
function takeAlong(child: ChildProcess): () => void {
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  const killAndEnd = (signal: NodeJS.Signals): void => {
    kill();
    // This listener ran once: with the last one gone the signal ends this process as it would have.
    process.kill(process.pid, signal);
  };
  process.once('exit', kill);
  for (const signal of END_SIGNALS) process.once(signal, killAndEnd);
  return () => {
    process.off('exit', kill);
    for (const signal of END_SIGNALS) process.off(signal, killAndEnd);
  };
}
