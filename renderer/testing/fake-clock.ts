import type { Clock } from '../playback/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * Virtual time. Timers fire in the order of their due times, and of their creation where these are equal. Time never runs
 * backwards. Between two timers all promises that can settle do so, as in a browser.
 */
export class FakeClock implements Clock {
  private nowMs = 0;
  private order = 0;
  private readonly timers = new Set<Timer>();

  now(): number {
    return this.nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    this.order += 1;
    const timer = { dueMs: this.nowMs + Math.max(0, delayMs), order: this.order, callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Timers that nobody ended: a disposed driver leaves none. */
  pending(): number {
    return this.timers.size;
  }

  /** Blocks the event loop: time passes, and timers that become due in it fire late. */
  block(forMs: number): void {
    this.nowMs += forMs;
  }

  async advance(byMs: number): Promise<void> {
    const untilMs = this.nowMs + byMs;
    await settle();
    for (let next = this.next(untilMs); next !== null; next = this.next(untilMs)) {
      this.timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.callback();
      await settle();
    }
    this.nowMs = untilMs;
  }

  private next(untilMs: number): Timer | null {
    let first: Timer | null = null;
    for (const timer of this.timers) {
      if (timer.dueMs > untilMs) continue;
      if (
        first === null ||
        timer.dueMs < first.dueMs ||
        (timer.dueMs === first.dueMs && timer.order < first.order)
      )
        first = timer;
    }
    return first;
  }
}

/** Runs all promise chains that wait for nothing but other promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
