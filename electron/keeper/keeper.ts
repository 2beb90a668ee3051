import type { Clock } from '../../shared/clock.ts';
import { EXIT_FAILURE, EXIT_USAGE } from '../app/exit-codes.ts';
import { RestartBackoff, type RestartPace } from '../app/restart-backoff.ts';

/** The first restart is immediate. */
export const KEEPER_PACE: RestartPace = {
  atOnce: 1,
  firstWaitMs: 1000,
  longestWaitMs: 60_000,
  settledMs: 300_000,
};
/** Time for the process to end after a signal. Milliseconds. */
const END_TIMEOUT_MS = 10_000;
/**
 * Ctrl-C reaches a keeper from the terminal and again from npm: a repeated signal within this time is the same one.
 * Milliseconds.
 */
const SAME_SIGNAL_MS = 1000;

/** How a process ended. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** `how`: the signal, or a code above those that programs choose. */
  | { readonly kind: 'crashed'; readonly how: string; readonly exitCode: number }
  | { readonly kind: 'not-started'; readonly message: string };

/** A process that a keeper runs. */
export interface KeptProcess {
  readonly ended: Promise<ProcessEnd>;
  signal(signal: NodeJS.Signals): void;
  /** Kills it and all processes that it has started. */
  kill(): void;
}

export interface KeeperOptions {
  /** A name for the log. */
  readonly name: string;
  /** @param endsInARow number of ends without a long run between them: 0 at the first start */
  readonly start: (endsInARow: number) => KeptProcess;
  /** Called at each unexpected end, before the next start. */
  readonly onUnexpectedEnd?: (end: ProcessEnd) => void;
  /** Why no start can succeed at present; called after a first start that failed. */
  readonly obstacle?: () => string | undefined;
  readonly log: (message: string) => void;
  readonly clock?: Clock;
}

/** Unlike the host's clock, it keeps its process alive: a waiting keeper has nothing else that does. */
const waitingClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Runs the application's process, and starts it again whenever it ends unexpectedly, after longer and longer waits,
 * without a limit. Expected ends are an exit with code 0, a signal to the keeper, and a first start that fails with a
 * message ({@link EXIT_FAILURE}, {@link EXIT_USAGE}). When a later start fails in that way, its cause may pass.
 */
export class Keeper {
  private readonly options: KeeperOptions;
  private readonly clock: Clock;
  private readonly backoff: RestartBackoff;
  private process: KeptProcess | null = null;
  private endWait: (() => void) | null = null;
  private cancelKill: (() => void) | null = null;
  /** When the first signal came; `null` before that. */
  private endingSinceMs: number | null = null;

  constructor(options: KeeperOptions) {
    this.options = options;
    this.clock = options.clock ?? waitingClock;
    this.backoff = new RestartBackoff(KEEPER_PACE, () => this.clock.now());
  }

  /** @returns the exit code, once the application has ended for good */
  async run(): Promise<number> {
    const { start, obstacle, onUnexpectedEnd, log } = this.options;
    for (let starts = 1; ; starts += 1) {
      const kept = start(this.backoff.endsInARow);
      this.process = kept;
      const end = await kept.ended;
      this.process = null;
      this.cancelKill?.();
      kept.kill();
      if (this.endingSinceMs !== null) return exitCodeOf(end);
      if (isWanted(end)) return 0;
      if (end.kind !== 'exited') log(`${this.options.name} ${wordsOf(end)}`);
      onUnexpectedEnd?.(end);
      const hindrance = obstacle?.();
      if (hindrance !== undefined) log(hindrance);
      if (starts === 1 && (hindrance !== undefined || isSaid(end))) return exitCodeOf(end);
      const waitMs = this.backoff.ended();
      log(`Holdfast ended unexpectedly; starting it again${waitMs === 0 ? '' : ` in ${waitMs / 1000} s`}`);
      await this.wait(waitMs);
      if (this.endingSinceMs !== null) return 0;
    }
  }

  /** Ends the application in order; kills it when that takes too long, or at a further signal. */
  end(signal: NodeJS.Signals): void {
    const nowMs = this.clock.now();
    if (this.endingSinceMs === null) {
      this.endingSinceMs = nowMs;
      this.endWait?.();
      this.process?.signal(signal);
      this.cancelKill = this.clock.after(END_TIMEOUT_MS, () => this.kill());
    } else if (nowMs - this.endingSinceMs > SAME_SIGNAL_MS) this.kill();
  }

  /** For the end of the keeper itself, when it cannot wait. */
  kill(): void {
    this.process?.kill();
  }

  private async wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.clock.after(ms, resolve);
      this.endWait = () => {
        cancel();
        resolve();
      };
    });
    this.endWait = null;
  }
}

/**
 * Whether the end was wanted. That includes the process's own SIGTERM, which it uses where a file that does not answer
 * stops it from ending in order.
 */
function isWanted(end: ProcessEnd): boolean {
  return end.kind === 'crashed' ? end.how === 'SIGTERM' : end.kind === 'exited' && end.exitCode === 0;
}

/** Whether a start failed with a message. */
function isSaid(end: ProcessEnd): boolean {
  return (
    end.kind === 'not-started' ||
    (end.kind === 'exited' && (end.exitCode === EXIT_FAILURE || end.exitCode === EXIT_USAGE))
  );
}

function exitCodeOf(end: ProcessEnd): number {
  return end.kind === 'not-started' ? EXIT_FAILURE : end.exitCode;
}

function wordsOf(end: Exclude<ProcessEnd, { kind: 'exited' }>): string {
  return end.kind === 'crashed' ? `crashed (${end.how})` : `cannot be started: ${end.message}`;
}
