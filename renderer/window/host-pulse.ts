import type { Clock } from '../../shared/clock.ts';

/** Time from an answer of the host to the next request, ms. */
const INTERVAL_MS = 500;
/** A host that does not answer within this is blocked, ms: well before a silent stream would be evidence (rule 4). */
const BLOCKED_AFTER_MS = 900;
/** Extra time for the page to read answers that have already come, ms. */
const GRACE_MS = 50;

/**
 * Whether the host answers. All streams come through it: while it is blocked every site seems silent, which says nothing about
 * any of them (rule 10).
 */
export class HostPulse {
  private blocked = false;

  constructor(
    private readonly clock: Clock,
    private readonly ask: () => Promise<unknown>,
    private readonly onChange: () => void,
  ) {
    this.beat();
  }

  isBlocked(): boolean {
    return this.blocked;
  }

  private beat(): void {
    let endWait = this.clock.after(BLOCKED_AFTER_MS, () => {
      // In a page that was busy itself, the timer fires before an answer is read that has already come.
      endWait = this.clock.after(GRACE_MS, () => this.set(true));
    });
    const answered = (): void => {
      endWait();
      this.set(false);
      this.clock.after(INTERVAL_MS, () => this.beat());
    };
    // A rejection is an answer as well.
    this.ask().then(answered, answered);
  }

  private set(blocked: boolean): void {
    if (blocked === this.blocked) return;
    this.blocked = blocked;
    this.onChange();
  }
}
