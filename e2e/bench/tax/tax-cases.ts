import type { Extent } from '../suite/extent.ts';

/**
 * What shows the wall: the bare hls.js grid, or Holdfast with its standbys probed only (`hotStandbys: off`), played
 * where the machine has room (`auto`), or all played (`all`).
 */
export const TAX_VIEWERS = ['bare', 'probed', 'auto', 'all'] as const;
export type TaxViewer = (typeof TAX_VIEWERS)[number];

/** Numbers of tiles. Each wall is the squarest grid. */
export const TAX_TILES = [1, 4, 9, 16, 25, 36, 49, 64] as const;
export type TaxTiles = (typeof TAX_TILES)[number];

export interface TaxCase {
  readonly tiles: TaxTiles;
  readonly viewer: TaxViewer;
}

const QUICK_TILES: readonly TaxTiles[] = [1, 9, 16];

export interface TaxTimes {
  /**
   * Wait after the first pictures, ms: players find their position behind the live edge, and buffers fill. Then the benchmark
   * waits until no standby has started or ended for 3 s.
   */
  readonly settleMs: number;
  readonly measureMs: number;
}
export const TAX_TIMES: Readonly<Record<Extent, TaxTimes>> = {
  quick: { settleMs: 500, measureMs: 5000 },
  full: { settleMs: 15_000, measureMs: 30_000 },
};

export function taxTiles(extent: Extent): readonly TaxTiles[] {
  return extent === 'quick' ? QUICK_TILES : TAX_TILES;
}

export function taxCaseId({ tiles, viewer }: TaxCase): string {
  return `${tiles}x/${viewer}`;
}
