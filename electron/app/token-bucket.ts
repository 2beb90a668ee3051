import type { Clock } from '../../shared/clock.ts';

/** Gives a number of tokens at once, and after that a number per second. */
export class TokenBucket {
  private readonly clock: Clock;
  private readonly burst: number;
  private readonly perS: number;
  private tokens: number;
  private filledAtMs: number;

  /**
   * @param rate.burst most tokens at once; at least 1
   * @param rate.perS above 0
   */
  constructor(clock: Clock, { burst, perS }: { readonly burst: number; readonly perS: number }) {
    this.clock = clock;
    this.burst = burst;
    this.perS = perS;
    this.tokens = burst;
    this.filledAtMs = clock.now();
  }

  /** @returns 0 when there is a token, else the time until the next one, in ms */
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
