import type { Clock } from '../../shared/clock.ts';
import type { Machine } from '../../shared/selector/types.ts';

/** Pictures that may catch up at the same time on a starved machine, for each core. */
const PER_CORE = 2;
/** A picture that has not caught up within this time leaves its turn to another, ms: from 2 s behind, most need less. */
const LONGEST_TURN_MS = 10_000;

/**
 * Decides which players may play faster than real time. A picture that catches up costs up to a quarter more of everything, and
 * is off the beat of the window. If all pictures of a wall did this on a starved machine, each would become later by it, and
 * none would catch up. So there a few catch up at a time, while the others stay as far behind as they are.
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
   * The rate that a player may play at. Players ask again and again.
   * @param wanted the rate that would bring the player to its place; only a rate above 1 needs a turn
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
    // Its player asks for another turn with its next call of `rate`.
    this.turns.delete(oldest[0]);
    return this.turns.size < PER_CORE * this.cores;
  }
}
