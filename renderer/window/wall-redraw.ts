import type { Clock } from '../../shared/clock.ts';
import { isolated } from './isolated.ts';

/**
 * Time from one redraw to the next, ms: less than a tile's heartbeat, so that no change is drawn later than the next
 * change.
 */
const SPACING_MS = 200;

/**
 * Decides when the words of a window's tiles are redrawn: all changes together, and at most five times a second. After any
 * change in the document, Chromium lays out and paints the whole window again. In a wall of 64 tiles this costs ten times as
 * much as a round of frames (21 and 2 ms, measured). While a wall starts or changes over, words change all the time in one tile
 * or another, and would take the time that the pictures need.
 */
export class WallRedraw {
  private readonly waiting = new Set<() => void>();
  private drawnAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Clock) {}

  /** Calls `draw` soon, together with those of other tiles, and once, however often it is requested before. */
  request(draw: () => void): void {
    if (this.waiting.size === 0)
      this.clock.after(Math.max(0, this.drawnAtMs + SPACING_MS - this.clock.now()), () => this.draw());
    this.waiting.add(draw);
  }

  private draw(): void {
    this.drawnAtMs = this.clock.now();
    const draws = [...this.waiting];
    this.waiting.clear();
    for (const draw of draws) isolated(draw, undefined);
  }
}
