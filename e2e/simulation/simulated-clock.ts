import type { Clock } from '../../shared/clock.ts';
import { LONGEST_TURNS, VirtualClock } from '../../shared/testing/virtual-clock.ts';

/** Turns after which a timer of a driver has begun what it begins: a request for media comes after less than half as many. */
const BEGINNING_TURNS = 8;

/**
 * Virtual time for simulated hours. Promises are settled only after a timer that resolved one ({@link resolved}): settling them
 * after each timer would cost more than everything else.
 */
export class SimulatedClock extends VirtualClock {
  /** Turns of the microtask queue until all that was resolved has run. */
  private unsettledTurns = 0;

  /**
   * A promise was resolved: what waits for it runs before the next timer.
   * @param turns of the microtask queue that this takes at most
   */
  resolved(turns = LONGEST_TURNS): void {
    this.unsettledTurns = Math.max(this.unsettledTurns, turns);
  }

  /** @param stopped is called after every timer; where it returns true, the run ends */
  async runUntil(untilMs: number, stopped: () => boolean): Promise<void> {
    await this.settleAll(LONGEST_TURNS);
    for (let due = this.takeDue(untilMs); due !== null; due = this.takeDue(untilMs)) {
      due();
      if (this.unsettledTurns > 0) await this.settleAll(this.unsettledTurns);
      if (stopped()) return;
    }
    this.passTo(untilMs);
  }

  private async settleAll(turns: number): Promise<void> {
    this.unsettledTurns = 0;
    await this.settle(turns);
  }
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
