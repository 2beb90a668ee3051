import type { Clock } from '../../shared/clock.ts';
import type { Machine } from '../../shared/selector/types.ts';
import { isolated } from './isolated.ts';

/**
 * A turn ends when its player presents, and at the latest after this, ms: a player that waits for the network needs no
 * core.
 */
const LONGEST_TURN_MS = 250;
/**
 * On a starved machine, a turn whose player got something from the network lasts for up to this, ms. Further starts would only
 * delay that player.
 */
const LONGEST_TURN_WHEN_STARVED_MS = 2000;
/** Players that may start at the same time, for each core. */
const TURNS_PER_CORE = 2;

export interface StartTurn {
  /** The player got something from the network. */
  progress(): void;
  /** Passes the turn on, or gives up waiting for it. */
  end(): void;
}

interface Waiting {
  readonly neededAtMs: number;
  readonly begin: () => void;
}

/**
 * Limits how many players of a window start at the same time. A start takes some hundred milliseconds of a core. If a wall that
 * lost its site started all its players at once, all of them would present late. One after the other, the most urgent first,
 * most of them are in time.
 */
export class StartTurns {
  private readonly waiting: Waiting[] = [];
  private running = 0;
  private machine: Machine = 'free';

  constructor(
    private readonly clock: Pick<Clock, 'after'>,
    private readonly cores: number,
  ) {}

  setMachine(machine: Machine): void {
    this.machine = machine;
  }

  /**
   * @param neededAtMs when its picture is needed, monotonic ms: the earliest goes first
   * @param begin starts the player; called at once where a turn is free
   */
  take(neededAtMs: number, begin: () => void): StartTurn {
    let progressed = false;
    let end = (): void => {
      const index = this.waiting.indexOf(request);
      if (index >= 0) this.waiting.splice(index, 1);
    };
    const request: Waiting = {
      neededAtMs,
      begin: () => {
        this.running += 1;
        let endTimer = this.clock.after(LONGEST_TURN_MS, () => {
          if (!progressed || this.machine !== 'starved') end();
          else endTimer = this.clock.after(LONGEST_TURN_WHEN_STARVED_MS - LONGEST_TURN_MS, () => end());
        });
        end = () => {
          endTimer();
          end = () => {};
          this.running -= 1;
          this.giveTurns();
        };
        // Another tile may have passed the turn on.
        isolated(begin, undefined);
      },
    };
    this.waiting.push(request);
    this.giveTurns();
    return {
      progress: () => {
        progressed = true;
      },
      end: () => end(),
    };
  }

  private giveTurns(): void {
    while (this.running < TURNS_PER_CORE * this.cores) {
      const next = this.waiting.reduce<Waiting | undefined>(
        (first, candidate) =>
          first === undefined || candidate.neededAtMs < first.neededAtMs ? candidate : first,
        undefined,
      );
      if (next === undefined) return;
      this.waiting.splice(this.waiting.indexOf(next), 1);
      next.begin();
    }
  }
}
