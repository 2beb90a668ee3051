import type { Clock } from '../../renderer/playback/clock.ts';

interface Timer {
  dueMs: number;
  order: number;
  callback: (() => void) | null;
}

/**
 * Turns of the microtask queue after which every chain of promises that one answer resolves has run. The longest one in
 * the drivers, from an answer through the transport to the end of a deep check, takes fewer than twenty.
 */
const LONGEST_TURNS = 24;
/**
 * Turns after which a driver's timer has started its work: a request for media follows after less than half as many.
 */
const BEGINNING_TURNS = 8;

/**
 * Virtual time for simulated hours. Timers run in the order of their due times, then of their creation; time never goes
 * back. Promises are settled only after a timer that resolved one ({@link resolved}): settling after each timer would
 * cost more than everything else.
 */
export class SimulatedClock implements Clock {
  private nowMs = 0;
  private made = 0;
  /** Turns of the microtask queue until everything resolved has run. */
  private unsettledTurns = 0;
  private readonly heap: Timer[] = [];

  readonly now = (): number => this.nowMs;

  after(delayMs: number, callback: () => void): () => void {
    if (Number.isNaN(delayMs)) throw new Error('a timer has no due time');
    this.made += 1;
    const timer: Timer = { dueMs: this.nowMs + Math.max(0, delayMs), order: this.made, callback };
    this.push(timer);
    return () => {
      timer.callback = null;
    };
  }

  /**
   * Called when a promise was resolved: what waits for it runs before the next timer.
   * @param turns of the microtask queue that this takes at most
   */
  resolved(turns = LONGEST_TURNS): void {
    this.unsettledTurns = Math.max(this.unsettledTurns, turns);
  }

  /** This machine's event loop is blocked: time passes, and timers due meanwhile run late. */
  block(forMs: number): void {
    this.nowMs += forMs;
  }

  /** @param stopped called after every timer */
  async runUntil(untilMs: number, stopped: () => boolean): Promise<void> {
    await this.settle(LONGEST_TURNS);
    for (let next = this.heap[0]; next !== undefined && next.dueMs <= untilMs; next = this.heap[0]) {
      this.pop();
      const { callback } = next;
      if (callback === null) continue;
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.callback = null;
      callback();
      if (this.unsettledTurns > 0) await this.settle(this.unsettledTurns);
      if (stopped()) return;
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  private async settle(turns: number): Promise<void> {
    this.unsettledTurns = 0;
    for (let turn = 0; turn < turns; turn += 1) await undefined;
  }

  private push(timer: Timer): void {
    const { heap } = this;
    let index = heap.length;
    heap.push(timer);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, timer)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = timer;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      let least = left;
      if (right !== undefined && isBefore(right, left)) {
        child += 1;
        least = right;
      }
      if (isBefore(last, least)) break;
      heap[index] = least;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

/** One owner's share of a clock: it counts the timers that the owner has not ended. */
export class OwnedClock implements Clock {
  private open = 0;

  constructor(private readonly clock: SimulatedClock) {}

  readonly now = (): number => this.clock.now();

  after(delayMs: number, callback: () => void): () => void {
    this.open += 1;
    let running = true;
    const end = this.clock.after(delayMs, () => {
      running = false;
      this.open -= 1;
      callback();
    });
    return () => {
      if (!running) return;
      running = false;
      this.open -= 1;
      end();
    };
  }

  /** The same share for drivers: the work that their timers start begins before the next timer. */
  settling(): Clock {
    return {
      now: this.now,
      after: (delayMs, callback) =>
        this.after(delayMs, () => {
          callback();
          this.clock.resolved(BEGINNING_TURNS);
        }),
    };
  }

  /** Timers that are neither due nor ended yet. */
  pending(): number {
    return this.open;
  }
}
