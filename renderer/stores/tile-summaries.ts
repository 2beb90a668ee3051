import { create } from 'zustand';
import { sameSummary, type TileSummary } from './tile-summary.ts';

interface TileSummaries {
  /** By tile number, counted from 1; only tiles that are mounted and have a camera. */
  readonly tiles: ReadonlyMap<number, TileSummary>;
  report(tile: number, summary: TileSummary): void;
  forget(tile: number): void;
}

/** Summaries of the tiles of this window. An unchanged summary does not notify the subscribers. */
export const useTileSummaries = create<TileSummaries>((set) => ({
  tiles: new Map(),
  report: (tile, summary) =>
    set((state) => {
      const known = state.tiles.get(tile);
      if (known !== undefined && sameSummary(known, summary)) return state;
      return { tiles: new Map(state.tiles).set(tile, summary) };
    }),
  forget: (tile) =>
    set((state) => {
      const tiles = new Map(state.tiles);
      return tiles.delete(tile) ? { tiles } : state;
    }),
}));
