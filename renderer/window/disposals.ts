import type { Clock } from '../../shared/clock.ts';

/** Time from one disposal to the next, ms. */
const SPACING_MS = 50;

/**
 * Frees players that nobody sees any more, one after the other. Each takes some milliseconds of the main thread. After a
 * change-over of a whole wall, all of them together would cost all its pictures some frames.
 */
export class Disposals {
  private readonly waiting: (() => void)[] = [];
  private isResting = false;

  constructor(private readonly clock: Pick<Clock, 'after'>) {}

  /** Calls `dispose` in its turn. @returns the function that prevents it */
  soon(dispose: () => void): () => void {
    this.waiting.push(dispose);
    this.next();
    return () => {
      const index = this.waiting.indexOf(dispose);
      if (index >= 0) this.waiting.splice(index, 1);
    };
  }

  private next(): void {
    if (this.isResting) return;
    const dispose = this.waiting.shift();
    if (dispose === undefined) return;
    this.isResting = true;
    this.clock.after(SPACING_MS, () => {
      this.isResting = false;
      this.next();
    });
    dispose();
  }
}
