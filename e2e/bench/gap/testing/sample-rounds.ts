import type { Round, RoundChange, TileRound } from '../gap-figures.ts';
import type { Row } from '../matrix.ts';

export const SAMPLE_ROW: Row = {
  stream: 'plain-1s',
  tiles: 9,
  network: 'none',
  transport: 'http',
  fault: 'refused',
};

export function sampleChange(gapMs: number, changes: Partial<RoundChange> = {}): RoundChange {
  return {
    cause: 'refused',
    evidenceMs: 20,
    decisionMs: 30,
    firstFrameMs: 300,
    gapMs,
    jumpMs: -40,
    ...changes,
  };
}

/** One tile per gap, `null` for one that did not change over. */
export function sampleRound(gapsMs: readonly (number | null)[], changes: Partial<Round> = {}): Round {
  return {
    row: SAMPLE_ROW,
    run: 1,
    failback: 'skip',
    tiles: gapsMs.map((gapMs, index) =>
      sampleTile(index + 1, { failover: gapMs === null ? null : sampleChange(gapMs) }),
    ),
    falseChanges: [],
    quietMs: 1500,
    othersCores: 0.1,
    machine: 'quiet',
    ...changes,
  };
}

export function sampleTile(tile: number, changes: Partial<TileRound> = {}): TileRound {
  return { tile, latencyMs: 2000, standby: 'cold', failover: null, failback: null, ...changes };
}
