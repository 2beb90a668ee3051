import type { RoundFigures } from './gap-figures.ts';

/** One of this many rounds of a row waits for its failback, which is most of such a round's time. */
const FAILBACK_EVERY = 3;

/**
 * Whether a round waits for the failback after the fault is cleared. `skip`: it does not, and the next one loads the wall
 * anew, since a failback undone within minutes is damped (rule 9): a wall can be failed back only once at the
 * configured stable time.
 *
 * @param position of the row among those of its setup, so that not all of them wait in the same round
 * @param run counted from 1 within the row
 * @param runs of the row in all; with few, every row waits once, and a single one is asked for by those in a hurry
 */
export function failbackOf(position: number, run: number, runs: number): RoundFigures['failback'] {
  const every = runs === 1 ? FAILBACK_EVERY : Math.min(FAILBACK_EVERY, runs);
  return (position + run - 1) % every === 0 ? 'wait' : 'skip';
}
