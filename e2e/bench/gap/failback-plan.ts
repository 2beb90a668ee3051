import type { RoundFigures } from './gap-figures.ts';

/** Number of rounds of a row of which one waits for its failback. The wait takes most of the time of such a round. */
const FAILBACK_EVERY = 3;

/**
 * Whether a round waits for the failback after the fault is cleared. After `skip`, the next round loads the wall again. A
 * failback that is undone within minutes is damped (rule 9), so only the first failback of a wall has the configured stable
 * time.
 *
 * @param position place of the row among the rows of its setup, so that these do not all wait in the same round
 * @param run counted from 1 within the row
 * @param runs number of runs of the row. With few runs, each row waits once. With a single run, only some rows wait, since a
 * single run is meant to be fast
 */
export function failbackOf(position: number, run: number, runs: number): RoundFigures['failback'] {
  const every = runs === 1 ? FAILBACK_EVERY : Math.min(FAILBACK_EVERY, runs);
  return (position + run - 1) % every === 0 ? 'wait' : 'skip';
}
