import type { Round } from './gap-figures.ts';

/** Gaps of the failovers in ms; `Infinity` where a tile did not change over. A change without a gap had no picture before it. */
export function failoverGaps(rounds: readonly Round[]): number[] {
  return rounds.flatMap(({ tiles }) =>
    tiles.map(({ failover }) => (failover === null ? Number.POSITIVE_INFINITY : (failover.gapMs ?? 0))),
  );
}

/** The same of the failbacks that were waited for; a tile that had not changed over has nothing to return from. */
export function failbackGaps(rounds: readonly Round[]): number[] {
  return rounds
    .filter(({ failback }) => failback === 'wait')
    .flatMap(({ tiles }) =>
      tiles
        .filter(({ failover }) => failover !== null)
        .map(({ failback }) => (failback === null ? Number.POSITIVE_INFINITY : (failback.gapMs ?? 0))),
    );
}
