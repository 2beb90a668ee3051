import type { Clock } from './clock.ts';

/** A timer that fires later than this tells of a late event loop, ms. */
const LATE_MS = 50;

/** Tells when proof of life is due, and when a site that was asked then has been silent for longer than its answers take. */
export class ProofTimer {
  private due: number;
  private endTimer: () => void = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly listener: {
      readonly onDue: () => void;
      readonly onPatienceOver: () => void;
      /** How long a probe may stay unanswered before that is silence, ms. */
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
    const patienceMs = this.listener.patienceMs();
    const untilMs = this.clock.now() + patienceMs;
    this.endTimer = this.clock.after(patienceMs, () => this.onPatienceOver(untilMs, patienceMs));
    this.listener.onDue();
  }

  /** A late event loop has not read what was answered meanwhile, and gets as long once more (rule 10). */
  private onPatienceOver(untilMs: number, patienceMs: number): void {
    if (this.clock.now() - untilMs > LATE_MS)
      this.endTimer = this.clock.after(patienceMs, () => this.listener.onPatienceOver());
    else this.listener.onPatienceOver();
  }
}
