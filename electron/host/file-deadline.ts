import type { Clock } from '../../shared/clock.ts';
import { UnfitFile } from './file-problem.ts';

/** Time limit of file work that a start or a save waits for, in milliseconds: a disk that slept needs some seconds. */
export const FILE_DEADLINE_MS = 10_000;
/** Time limit at the start for work that a window can do without, in milliseconds. */
export const START_DEADLINE_MS = 4000;

/**
 * Limits how long callers wait for work on the files of one place. A hanging file operation cannot be ended, and it
 * occupies one of the few threads by which the whole process reads files and looks up names. So while one hangs, no
 * other begins.
 */
export class FileDeadline {
  private readonly clock: Clock;
  private late = 0;
  /** Time limit of the work that is late. */
  private silentMs = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Whether work is still running after its time limit. */
  get hangs(): boolean {
    return this.late > 0;
  }

  /**
   * @param work gets a signal that is aborted when nobody waits for it any longer: from then on it must change nothing
   * @param withinMs its time limit
   * @throws UnfitFile when the time is over, or other work here hangs; what `work` throws
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>, withinMs = FILE_DEADLINE_MS): Promise<T> {
    if (this.hangs) return Promise.reject(silence(this.silentMs));
    const given = new AbortController();
    return new Promise((resolve, reject) => {
      const stop = this.clock.after(withinMs, () => {
        this.late += 1;
        this.silentMs = withinMs;
        given.abort(silence(withinMs));
        reject(given.signal.reason);
      });
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
