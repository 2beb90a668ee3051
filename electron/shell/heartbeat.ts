import type { Clock } from '../../shared/clock.ts';
import { systemClock } from '../host/system-clock.ts';

const BEAT_MS = 2000;
/**
 * Number of beats without an answer after which a page counts as hung. That is 10 s, because a wall that starts takes
 * some of it.
 */
const BEATS_TO_WAIT = 5;

export interface HeartbeatOptions {
  /** Sends the page any request. Settles, either way, once the page's thread was free to answer. */
  readonly ask: () => Promise<unknown>;
  /** Called once; the heartbeat then stops. In milliseconds. */
  readonly onSilent: (silentMs: number) => void;
  readonly clock?: Clock;
}

/**
 * Notices a page that hangs without crashing. It counts its own beats and not time: a machine that slept or a blocked
 * host is one beat late, and no page is blamed for it.
 */
export class Heartbeat {
  private readonly options: HeartbeatOptions;
  private readonly clock: Clock;
  private stopTimer: (() => void) | null = null;
  private missedBeats = 0;
  /** The request without an answer so far. An answer to an earlier one says nothing about a page loaded since. */
  private question: symbol | null = null;

  constructor(options: HeartbeatOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
  }

  /** Starts again from zero. */
  start(): void {
    this.stop();
    this.beat();
  }

  stop(): void {
    this.stopTimer?.();
    this.stopTimer = null;
    this.question = null;
    this.missedBeats = 0;
  }

  private beat(): void {
    if (this.question !== null) {
      this.missedBeats += 1;
      if (this.missedBeats >= BEATS_TO_WAIT) {
        this.stop();
        this.options.onSilent(BEATS_TO_WAIT * BEAT_MS);
        return;
      }
    } else this.ask();
    this.stopTimer = this.clock.after(BEAT_MS, () => this.beat());
  }

  private ask(): void {
    const question = Symbol('question');
    this.question = question;
    this.missedBeats = 0;
    const answered = (): void => {
      if (this.question === question) this.question = null;
    };
    this.options.ask().then(answered, answered);
  }
}
