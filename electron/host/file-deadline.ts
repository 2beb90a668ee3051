import type { Clock } from './clock.ts';
import { UnfitFile } from './file-problem.ts';

/** How long work on files may take that a start or a save waits for, in milliseconds: a disk that slept needs some seconds. */
export const FILE_DEADLINE_MS = 10_000;
/** How long a window may wait at the start for what it can do without, in milliseconds. */
export const START_DEADLINE_MS = 4000;

/**
 * Lets work on the files of one place take its time, and no longer. Nothing can end a file operation that hangs, and each one
 * takes one of the few threads by which the whole process reads files and looks up names: while one hangs, no other begins.
 */
export class FileDeadline {
  private readonly clock: Clock;
  private late = 0;
  /** Of what is late. */
  private silentMs = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Whether something is still under way whose time is over. */
  get hangs(): boolean {
    return this.late > 0;
  }

  /**
   * @param work gets a signal that is aborted when nobody waits for it any longer: it must change nothing then
   * @param withinMs how long it may take
   * @throws UnfitFile when the time is over, or other work here hangs; what `work` throws
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>, withinMs = FILE_DEADLINE_MS): Promise<T> {
    if (this.hangs) return Promise.reject(silence(this.silentMs));
    const given = new AbortController();
    return new Promise((resolve, reject) => {
      const stop = this.clock.schedule(() => {
        this.late += 1;
        this.silentMs = withinMs;
        given.abort(silence(withinMs));
        reject(given.signal.reason);
      }, withinMs);
      const settled = (): void => {
        stop();
        if (given.signal.aborted) this.late -= 1;
      };
      work(given.signal).finally(settled).then(resolve, reject);
    });
  }
}

function silence(ms: number): UnfitFile {
  return new UnfitFile(`its disk or share has not answered for ${ms / 1000} s`);
}
