import type { Clock } from '../host/clock.ts';

/** Lets so much through at once, and from then on so much a second. */
export class TokenBucket {
  private readonly clock: Clock;
  private readonly burst: number;
  private readonly perS: number;
  private tokens: number;
  private filledAtMs: number;

  /**
   * @param rate.burst most that goes through at once; at least 1
   * @param rate.perS above 0
   */
  constructor(clock: Clock, { burst, perS }: { readonly burst: number; readonly perS: number }) {
    this.clock = clock;
    this.burst = burst;
    this.perS = perS;
    this.tokens = burst;
    this.filledAtMs = clock.now();
  }

  /** @returns 0 when one more goes through, else how long until the next would, in ms */
  take(): number {
    const nowMs = this.clock.now();
    const gained = ((nowMs - this.filledAtMs) / 1000) * this.perS;
    this.tokens = Math.min(this.burst, this.tokens + gained);
    this.filledAtMs = nowMs;
    if (this.tokens < 1) return ((1 - this.tokens) / this.perS) * 1000;
    this.tokens -= 1;
    return 0;
  }
}
