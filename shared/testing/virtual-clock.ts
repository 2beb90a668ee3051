import type { Clock } from '../clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  /** `null` once it has run or was ended. */
  callback: (() => void) | null;
}

/**
 * Turns of the microtask queue after which every chain of promises that waits for nothing else has run: the longest one in the
 * drivers, an answer through the transport to the end of a deep check, takes fewer than twenty.
 */
export const LONGEST_TURNS = 24;

/**
 * Virtual time for tests. Timers run in the order of their due times, then of their making; time never runs back.
 */
export class VirtualClock implements Clock {
  private nowMs = 0;
  private made = 0;
  private open = 0;
  /** A binary heap. */
  private readonly timers: Timer[] = [];

  readonly now = (): number => this.nowMs;

  /** @throws for a time that is not a number */
  after(delayMs: number, callback: () => void): () => void {
    if (Number.isNaN(delayMs)) throw new Error('a timer has no due time');
    this.made += 1;
    this.open += 1;
    const timer: Timer = { dueMs: this.nowMs + Math.max(0, delayMs), order: this.made, callback };
    this.push(timer);
    return () => {
      this.end(timer);
    };
  }

  /** Timers that are neither due nor ended yet: a driver that is disposed of leaves none. */
  pending(): number {
    return this.open;
  }

  /** The event loop is blocked: time passes, and what was due in it comes late. */
  block(forMs: number): void {
    this.nowMs += forMs;
  }

  /** Time passes, timers run, and nothing that waits for a promise does. */
  tick(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    for (let due = this.takeDue(untilMs); due !== null; due = this.takeDue(untilMs)) due();
    this.passTo(untilMs);
  }

  /** Time passes, and after each timer all that waits for promises runs, as in a browser. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.nowMs + byMs;
    await this.settle();
    for (let due = this.takeDue(untilMs); due !== null; due = this.takeDue(untilMs)) {
      due();
      await this.settle();
    }
    this.passTo(untilMs);
  }

  protected passTo(atMs: number): void {
    this.nowMs = Math.max(this.nowMs, atMs);
  }

  /** Goes on to the next timer that is due by then. @returns what it calls; `null` when there is none */
  protected takeDue(untilMs: number): (() => void) | null {
    for (let next = this.timers[0]; next !== undefined && next.dueMs <= untilMs; next = this.timers[0]) {
      this.pop();
      const { callback } = next;
      if (callback === null) continue;
      this.passTo(next.dueMs);
      this.end(next);
      return callback;
    }
    return null;
  }

  /** @param turns of the microtask queue */
  protected async settle(turns = LONGEST_TURNS): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) await undefined;
  }

  private end(timer: Timer): void {
    if (timer.callback !== null) this.open -= 1;
    timer.callback = null;
  }

  private push(timer: Timer): void {
    const { timers } = this;
    let index = timers.length;
    timers.push(timer);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = timers[parent];
      if (above === undefined || isBefore(above, timer)) break;
      timers[index] = above;
      index = parent;
    }
    timers[index] = timer;
  }

  private pop(): void {
    const { timers } = this;
    const last = timers.pop();
    if (last === undefined || timers.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = timers[child];
      if (left === undefined) break;
      const right = timers[child + 1];
      let least = left;
      if (right !== undefined && isBefore(right, left)) {
        child += 1;
        least = right;
      }
      if (isBefore(last, least)) break;
      timers[index] = least;
      index = child;
    }
    timers[index] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
