/** How many of the newest frames the pace is taken from. */
const REMEMBERED = 31;

/**
 * How far apart a stream's frames are on its own timeline: that stays the same while frames come late, so a picture that
 * stalls again and again does not pass for a slow one.
 */
export class FramePace {
  private readonly stepsMs: number[] = [];
  private next = 0;
  private usual: number | null = null;
  private stale = false;

  /** @param stepMs from the frame before to this one, on the media's timeline; a step back says nothing */
  step(stepMs: number): void {
    if (stepMs <= 0) return;
    this.stepsMs[this.next] = stepMs;
    this.next = (this.next + 1) % REMEMBERED;
    this.stale = true;
  }

  /** Median of the newest 31 steps, ms, of an even number the lesser of the two; `null` before the first. */
  usualMs(): number | null {
    if (this.stale) {
      const sorted = [...this.stepsMs].sort((a, b) => a - b);
      this.usual = sorted[(sorted.length - 1) >> 1] ?? null;
      this.stale = false;
    }
    return this.usual;
  }
}
