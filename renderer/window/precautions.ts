/** Standbys that are made ready at once without a word against any site, for each core. */
const PER_CORE = 2;

/**
 * Shares precautions among the tiles of a window. A low buffer that no probe explains comes as often from this workstation
 * as from a site, and then all tiles have one: if each started a standby, none would have a picture.
 */
export class Precautions {
  private readonly taken = new Set<object>();

  constructor(private readonly cores: number) {}

  /** Whether the tile may take one, or has one. */
  take(tile: object): boolean {
    if (!this.taken.has(tile) && this.taken.size >= PER_CORE * this.cores) return false;
    this.taken.add(tile);
    return true;
  }

  release(tile: object): void {
    this.taken.delete(tile);
  }
}
