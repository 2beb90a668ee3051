import type { Row } from '../matrix.ts';
import type { Environment, Round, RoundChange, TileRound } from '../records.ts';

export const SAMPLE_ROW: Row = {
  stream: 'plain-1s',
  tiles: 9,
  network: 'none',
  transport: 'http',
  fault: 'refused',
};

export function sampleEnvironment(changes: Partial<Environment> = {}): Environment {
  return {
    kind: 'environment',
    id: 'env-1',
    commit: '0123456789ab',
    tree: 'clean',
    sources: 'sources',
    harness: 'harness',
    shell: 'electron',
    holdfast: '0.1.0',
    electron: '45.4.1',
    chromium: '156.0.0.0',
    hlsJs: '1.7.4',
    node: '24.21.0',
    machine: { os: 'Linux 6.18 x64', cpu: 'A CPU', cores: 2, memoryGb: 8 },
    ...changes,
  };
}

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
    kind: 'round',
    environment: 'env-1',
    at: '2026-03-04T05:06:07.000Z',
    row: SAMPLE_ROW,
    round: 1,
    failback: 'skip',
    tiles: gapsMs.map((gapMs, index) =>
      sampleTile(index + 1, { failover: gapMs === null ? null : sampleChange(gapMs) }),
    ),
    falseChanges: [],
    quietMs: 1500,
    durationMs: 9000,
    othersCores: 0.1,
    ...changes,
  };
}

export function sampleTile(tile: number, changes: Partial<TileRound> = {}): TileRound {
  return { tile, latencyMs: 2000, standby: 'cold', failover: null, failback: null, ...changes };
}
