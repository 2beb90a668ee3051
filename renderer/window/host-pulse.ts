import type { Clock } from '../playback/clock.ts';

/** From one question to the next, ms. */
const INTERVAL_MS = 500;
/** A host that does not answer within this is blocked, ms: well before a silent stream would be evidence (rule 4). */
const BLOCKED_AFTER_MS = 900;
/** Before it is taken for blocked, the page takes in what came meanwhile, ms. */
const GRACE_MS = 50;

/**
 * Whether the host answers. All streams come through it: while it is blocked every site seems silent, which says nothing
 * about any of them (behaviour.md rule 10, fault 15).
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
      // The timer of a page that was busy itself comes before an answer that is there already.
      endWait = this.clock.after(GRACE_MS, () => this.set(true));
    });
    const answered = (): void => {
      endWait();
      this.set(false);
      this.clock.after(INTERVAL_MS, () => this.beat());
    };
    // A refusal is an answer as well.
    this.ask().then(answered, answered);
  }

  private set(blocked: boolean): void {
    if (blocked === this.blocked) return;
    this.blocked = blocked;
    this.onChange();
  }
}
