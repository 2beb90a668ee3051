import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { processTree, signalAll } from '../process-tree.ts';

/** A program of somebody else's, as it is started for a test. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** As this user, where the test runs as root and the program refuses to. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** How long a program may take to end by itself, ms. */
const END_MS = 5000;
/** Longest part of its complaints that is kept. */
const WORDS_KEPT = 4000;

const running = new Set<RunningProgram>();
// Also where a test ends in the middle: nothing of it stays behind.
process.on('exit', () => {
  for (const program of running) program.killNow();
});

/** A program that runs, with all the processes that it has started. */
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

  /** What it is called, how it ended and what it said, for an error's message. */
  get story(): string {
    const state = this.hasEnded ? `ended with ${this.child.signalCode ?? this.child.exitCode}` : 'runs';
    return `${this.name} ${state}${this.words === '' ? '' : ` and said:\n${this.words}`}`;
  }

  /** As its operator would end it; at once where it does not. */
  async stop(): Promise<void> {
    await this.end(() => this.child.kill('SIGTERM'));
  }

  /** As a crash would end it, with all that it has started. */
  async kill(): Promise<void> {
    await this.end(() => this.killNow());
  }

  killNow(): void {
    if (!this.hasEnded) signalAll(this.tree(), 'SIGKILL');
  }

  /** Nothing of it moves, as on a machine that hangs. */
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
    // What is frozen does not hear of it.
    signalAll(tree, 'SIGCONT');
    act();
    const late = setTimeout(() => this.killNow(), END_MS);
    await gone;
    clearTimeout(late);
    // Those that it has started and left behind.
    signalAll(tree, 'SIGKILL');
  }

  private tree(): number[] {
    return this.child.pid === undefined ? [] : processTree(this.child.pid);
  }
}
