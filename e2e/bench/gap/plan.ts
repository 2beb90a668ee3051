import { type Row, rowId, type Setup, setupId } from './matrix.ts';

/** One round to be run. */
export interface PlannedRound {
  readonly row: Row;
  /** Counted from 1 within its row. */
  readonly round: number;
  /**
   * `wait`: after the fault is cleared the round waits for the failback. `skip`: it does not, and the next one loads
   * the wall anew, since a failback undone within minutes is damped (behaviour.md rule 9): a wall can be failed back
   * only once at the configured stable time.
   */
  readonly failback: 'wait' | 'skip';
}

/** Rounds that one window runs before it gives way to the next setup. */
export interface Visit {
  readonly setup: Setup;
  readonly rounds: readonly PlannedRound[];
}

/** Rounds of a row in one visit: few enough that a noisy hour spoils no row as a whole, more would launch less. */
const ROUNDS_A_VISIT = 5;
/** Every so many rounds of a row one waits for its failback, which is most of such a round's time. */
const FAILBACK_EVERY = 3;

/**
 * What is still to be run, interleaved twice: within a visit the rows take turns round by round, and every setup is
 * come back to after all the others had theirs.
 *
 * @param rounds per row, at least 1
 * @param finished how many rounds of a row (by its id) are there already
 */
export function planVisits(
  rows: readonly Row[],
  rounds: number,
  finished: (rowId: string) => ReadonlySet<number>,
): Visit[] {
  const setups = new Map<string, Row[]>();
  for (const row of rows) setups.set(setupId(row), [...(setups.get(setupId(row)) ?? []), row]);

  // With fewer rounds every row has a failback; a single round is asked for by those in a hurry.
  const failbackEvery = rounds === 1 ? FAILBACK_EVERY : Math.min(FAILBACK_EVERY, rounds);
  const visits: Visit[] = [];
  for (let first = 1; first <= rounds; first += ROUNDS_A_VISIT) {
    for (const inSetup of setups.values()) {
      const planned: PlannedRound[] = [];
      for (let round = first; round < first + ROUNDS_A_VISIT && round <= rounds; round += 1)
        inSetup.forEach((row, position) => {
          if (finished(rowId(row)).has(round)) return;
          planned.push({
            row,
            round,
            failback: (position + round - 1) % failbackEvery === 0 ? 'wait' : 'skip',
          });
        });
      const setup = inSetup[0];
      if (setup !== undefined && planned.length > 0) visits.push({ setup, rounds: planned });
    }
  }
  return visits;
}
