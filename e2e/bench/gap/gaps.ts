import type { Round } from './gap-figures.ts';

/** Gaps of the failovers, ms: `Infinity` where a tile did not change over, 0 where there was no picture before the change. */
export function failoverGaps(rounds: readonly Round[]): number[] {
  return rounds.flatMap(({ tiles }) =>
    tiles.map(({ failover }) => (failover === null ? Number.POSITIVE_INFINITY : (failover.gapMs ?? 0))),
  );
}

/** The same for the failbacks that were waited for. A tile without a failover is left out, since it cannot return. */
export function failbackGaps(rounds: readonly Round[]): number[] {
  return rounds
    .filter(({ failback }) => failback === 'wait')
    .flatMap(({ tiles }) =>
      tiles
        .filter(({ failover }) => failover !== null)
        .map(({ failback }) => (failback === null ? Number.POSITIVE_INFINITY : (failback.gapMs ?? 0))),
    );
}
