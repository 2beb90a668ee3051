import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { processTree, signalAll } from '../process-tree.ts';

/** Another project's program, as a test starts it. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The user for it, where the test runs as root and the program refuses to. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Time for a program to end by itself, ms. */
const END_MS = 5000;
/** Length limit of its kept error output, in characters. */
const WORDS_KEPT = 4000;

const running = new Set<RunningProgram>();
// Also where a test ends in the middle: no process stays behind.
process.on('exit', () => {
  for (const program of running) program.killNow();
});

/** A running program, with all processes that it has started. */
export class RunningProgram {
  private readonly child: ChildProcess;
  private readonly name: string;
  private words = '';

  private constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        this.words = (this.words + bytes.toString()).slice(-WORDS_KEPT);
      });
    child.once('exit', () => running.delete(this));
  }

  /** @throws where it cannot be started */
  static async start({ command, args, env, user }: Program): Promise<RunningProgram> {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...user,
    });
    const program = new RunningProgram(command, child);
    await once(child, 'spawn');
    running.add(program);
    return program;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Its name, its end and its output, for an error message. */
  get story(): string {
    const state = this.hasEnded ? `ended with ${this.child.signalCode ?? this.child.exitCode}` : 'runs';
    return `${this.name} ${state}${this.words === '' ? '' : ` and said:\n${this.words}`}`;
  }

  /** Ends it as its operator would; kills it if it does not end. */
  async stop(): Promise<void> {
    await this.end(() => this.child.kill('SIGTERM'));
  }

  /** Kills it, with all processes that it has started. */
  async kill(): Promise<void> {
    await this.end(() => this.killNow());
  }

  killNow(): void {
    if (!this.hasEnded) signalAll(this.tree(), 'SIGKILL');
  }

  /** Stops all of its processes, as on a machine that hangs. */
  freeze(): void {
    signalAll(this.tree(), 'SIGSTOP');
  }

  thaw(): void {
    signalAll(this.tree(), 'SIGCONT');
  }

  private async end(act: () => void): Promise<void> {
    if (this.hasEnded) return;
    const gone = once(this.child, 'exit');
    const tree = this.tree();
    // Stopped processes do not get the signal.
    signalAll(tree, 'SIGCONT');
    act();
    const late = setTimeout(() => this.killNow(), END_MS);
    await gone;
    clearTimeout(late);
    // Kills the processes that it has started and left behind.
    signalAll(tree, 'SIGKILL');
  }

  private tree(): number[] {
    return this.child.pid === undefined ? [] : processTree(this.child.pid);
  }
}
