import type { Machine } from '../../shared/selector/types.ts';
import type { Clock } from '../playback/clock.ts';
import { isolated } from './isolated.ts';

/** A turn ends when its player presents, and after this at the latest: one that waits for the network needs no core. ms. */
const LONGEST_TURN_MS = 250;
/**
 * On a machine that is starved one that has got something from the network needs its core for longer, ms: started all the same,
 * the others would only make it later still.
 */
const LONGEST_TURN_WHEN_STARVED_MS = 2000;
/** Players that start at once, for each core. */
const TURNS_PER_CORE = 2;

export interface StartTurn {
  /** The player got something from the network. */
  progress(): void;
  /** Gives the turn to the next, or gives up waiting for it. */
  end(): void;
}

interface Waiting {
  readonly neededAtMs: number;
  readonly begin: () => void;
}

/**
 * Players of a window that start at once. A start costs a core some hundred milliseconds, and started all together those
 * of a wall that lost its site would all present late; one after the other most are in time, the most urgent ones first.
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
   * @param neededAtMs when its picture is needed, monotonic ms: the earlier goes first
   * @param begin starts the player; called at once where there is a turn to be had
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
        // It may be another tile that gives the turn on.
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
