import { describe, expect, it } from 'vitest';
import { explore } from './testing/state-space.ts';
import { DEEP_SWEEPS, QUICK_SWEEPS } from './testing/sweeps.ts';

/** HOLDFAST_EXHAUSTIVE=deep runs the sweeps for which not every run has the time. */
const SWEEPS =
  process.env.HOLDFAST_EXHAUSTIVE === 'deep' ? { ...QUICK_SWEEPS, ...DEEP_SWEEPS } : QUICK_SWEEPS;
/** No sweep has more states than this: so one that never ends is found out. */
const MOST_STATES = 1_000_000;
/** The longest way home, in coarse steps: the backoff, a start, the damped stable time and the failback. */
const MOST_ROUNDS_HOME = 12;

describe('a tile of two sites, in every state that it can reach with coarse time', () => {
  it.each(Object.entries(SWEEPS))(
    'keeps the rules and comes home from every state: %s',
    (name, sweep) => {
      const { states, steps, kinds, roundsHome } = explore(sweep, MOST_STATES);
      console.info(
        `${name}: all ${states} states, ${steps} steps, ${kinds} kinds, home in ${roundsHome} rounds`,
      );
      expect(states).toBeGreaterThan(500);
      expect(roundsHome).toBeLessThanOrEqual(MOST_ROUNDS_HOME);
    },
    3_600_000,
  );
});
