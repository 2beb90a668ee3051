import type { Clock } from './clock.ts';

/** A timer that fires later than this tells of a late event loop, ms. */
const LATE_MS = 50;
/** Whole ms: a fraction can be too small to change the sum `now + rest`; the timer would then fire without end. */
const LEAST_WAIT_MS = 1;

/** Tells when proof of life is due, and when a site that was asked then has been silent for longer than its answers take. */
export class ProofTimer {
  private due: number;
  private endTimer: () => void = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly listener: {
      /** The site is to be asked. @returns in how long it will be, ms; 0 at once */
      readonly onDue: () => number;
      /** For how long its oldest question has not been answered, ms; `null` without one. */
      readonly silentMs: () => number | null;
      readonly onSilence: () => void;
      /** How long a question may stay unanswered before that is silence, ms. */
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

  /** Nothing is due. */
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
    // A late event loop has not read what was answered meanwhile, and gets as long once more (rule 10).
    if (this.clock.now() - untilMs > LATE_MS) this.waitFor(patienceMs);
    else if (patienceMs - silentMs >= LEAST_WAIT_MS) this.waitFor(patienceMs - silentMs);
    else this.listener.onSilence();
  }
}
