/** Number of the newest frames from which the pace is taken. */
const REMEMBERED = 31;

/**
 * How far apart a stream's frames are on its own timeline. This stays the same when frames come late, so a picture that stalls
 * again and again is not taken for a slow one.
 */
export class FramePace {
  private readonly stepsMs: number[] = [];
  private next = 0;
  private usual: number | null = null;
  private stale = false;

  /** @param stepMs from the previous frame to this one, on the media's timeline; a step back is ignored */
  step(stepMs: number): void {
    if (stepMs <= 0) return;
    this.stepsMs[this.next] = stepMs;
    this.next = (this.next + 1) % REMEMBERED;
    this.stale = true;
  }

  /** Median of the newest 31 steps, ms (the lesser of the two middle ones of an even number); `null` before the first. */
  usualMs(): number | null {
    if (this.stale) {
      const sorted = [...this.stepsMs].sort((a, b) => a - b);
      this.usual = sorted[(sorted.length - 1) >> 1] ?? null;
      this.stale = false;
    }
    return this.usual;
  }
}
