import type { Clock } from '../playback/clock.ts';
import { isolated } from './isolated.ts';

/** From one to the next, ms: under the heartbeat of a tile, so that no change is told later than the one after it. */
const SPACING_MS = 200;

/**
 * When the words of a window's tiles are drawn anew: all that changed together, and not more often than five times a second.
 * Whatever changes in the document has Chromium lay out and paint the whole window again, which costs a wall of 64 tiles ten
 * times as much as a round of frames (21 and 2 ms, measured). While a wall starts or changes over, words change in one tile
 * or another all the time, and would take what the pictures need.
 */
export class WallRedraw {
  private readonly waiting = new Set<() => void>();
  private drawnAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Clock) {}

  /** Calls `draw` with those of the other tiles, soon; once, however often it is asked for until then. */
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
