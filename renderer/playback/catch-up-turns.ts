import type { Machine } from '../../shared/selector/types.ts';
import type { Clock } from './clock.ts';

/** Pictures that catch up at once on a starved machine, for each core. */
const PER_CORE = 2;
/** A picture that has not caught up within this leaves its turn to another, ms: most need less from 2 s behind. */
const LONGEST_TURN_MS = 10_000;

/**
 * Who may play faster than real time. A picture that catches up costs up to a quarter more of everything, and is off the beat
 * of the window. On a machine that is starved those of a whole wall would all come later for it, and never catch up: there
 * they do it a few at a time, while the others stay as far behind as they are.
 */
export class CatchUpTurns {
  private machine: Machine = 'free';
  /** Players that catch up, and since when, monotonic ms. */
  private readonly turns = new Map<object, number>();

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly cores: number,
  ) {}

  setMachine(machine: Machine): void {
    this.machine = machine;
  }

  /**
   * The rate that a player may play at, asked for again and again.
   * @param wanted the rate that would bring it to where it should be; only one above 1 needs a turn
   */
  rate(player: object, wanted: number): number {
    if (wanted <= 1) this.release(player);
    else if (!this.turns.has(player)) {
      if (this.machine === 'starved' && !this.hasRoom()) return 1;
      this.turns.set(player, this.clock.now());
    }
    return wanted;
  }

  /** Ends the turn of a player that has one. */
  release(player: object): void {
    this.turns.delete(player);
  }

  private hasRoom(): boolean {
    if (this.turns.size < PER_CORE * this.cores) return true;
    const [oldest] = this.turns;
    if (oldest === undefined || this.clock.now() - oldest[1] < LONGEST_TURN_MS) return false;
    // It asks for another when it asks for its rate.
    this.turns.delete(oldest[0]);
    return this.turns.size < PER_CORE * this.cores;
  }
}
