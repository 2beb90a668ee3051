import type { Clock } from '../../shared/clock.ts';

/** A timer that fires later than this shows a late event loop, ms. */
const LATE_MS = 50;
/** Least wait, ms. A smaller fraction may not change the sum `now + rest`, and the timer would then fire without end. */
const LEAST_WAIT_MS = 1;

/** Reports when proof of life is due, and when a site that got a request then has been silent for too long. */
export class ProofTimer {
  private due: number;
  private endTimer: () => void = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly listener: {
      /** Called when a request to the site has to be sent. @returns the time until it is sent, ms; 0 at once */
      readonly onDue: () => number;
      /** How long its oldest request has been unanswered, ms; `null` without one. */
      readonly silentMs: () => number | null;
      readonly onSilence: () => void;
      /** How long a request may stay unanswered before the site counts as silent, ms. */
      readonly patienceMs: () => number;
    },
  ) {
    this.due = clock.now();
  }

  /** When proof of life is, or was, due, monotonic ms. */
  get dueMs(): number {
    return this.due;
  }

  setDue(dueMs: number): void {
    this.due = dueMs;
    this.endTimer();
    this.endTimer = this.clock.after(dueMs - this.clock.now(), () => this.onDue());
  }

  /** Nothing is due any more. */
  end(): void {
    this.endTimer();
  }

  private onDue(): void {
    const askedInMs = this.listener.onDue();
    this.waitFor(askedInMs + this.listener.patienceMs());
  }

  private waitFor(ms: number): void {
    const untilMs = this.clock.now() + ms;
    this.endTimer();
    this.endTimer = this.clock.after(ms, () => this.onPatienceOver(untilMs));
  }

  private onPatienceOver(untilMs: number): void {
    const silentMs = this.listener.silentMs();
    if (silentMs === null) return;
    const patienceMs = this.listener.patienceMs();
    // A late event loop has not yet read answers that came meanwhile. It gets the same time once more (rule 10).
    if (this.clock.now() - untilMs > LATE_MS) this.waitFor(patienceMs);
    else if (patienceMs - silentMs >= LEAST_WAIT_MS) this.waitFor(patienceMs - silentMs);
    else this.listener.onSilence();
  }
}
