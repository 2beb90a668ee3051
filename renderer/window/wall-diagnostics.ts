import type { Diagnostics, LoadedBytes, TileDiagnostics } from '../../shared/diagnostics.ts';
import { isolated } from './isolated.ts';

/** The tiles of a window that can be measured. */
export class WallDiagnostics {
  private readonly tiles = new Set<() => TileDiagnostics>();

  constructor(private readonly loaded: () => LoadedBytes) {}

  /** @returns the function that ends it */
  add(measure: () => TileDiagnostics): () => void {
    this.tiles.add(measure);
    return () => this.tiles.delete(measure);
  }

  take(): Diagnostics {
    const tiles = [...this.tiles].flatMap((measure) => isolated<TileDiagnostics[]>(() => [measure()], []));
    return { atEpochMs: Date.now(), tiles: tiles.sort((a, b) => a.tile - b.tile), loaded: this.loaded() };
  }
}
