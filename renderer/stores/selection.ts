import { create } from 'zustand';

interface Selection {
  /** Number of the tile that keys and commands go to, counted from 1. */
  readonly selected: number | null;
  /** Whether the selected tile covers the wall. The others play on beneath it. */
  readonly alone: boolean;
  select(tile: number | null): void;
  showAlone(tile: number): void;
  /** Shows the whole wall again. */
  showAll(): void;
}

export const useSelection = create<Selection>((set) => ({
  selected: null,
  alone: false,
  select: (tile) => set((state) => ({ selected: tile, alone: state.alone && tile !== null })),
  showAlone: (tile) => set({ selected: tile, alone: true }),
  showAll: () => set({ alone: false }),
}));
