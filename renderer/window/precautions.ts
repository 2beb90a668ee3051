/** Standbys that may be started at the same time as a precaution, without evidence against a site, for each core. */
const PER_CORE = 2;
/**
 * Limits the precautions of the tiles of a window. A low buffer that no request explains is caused by this workstation as often
 * as by a site. Then all tiles have one: if each started a standby, no tile would have a picture.
 */
export class Precautions {
  private readonly taken = new Set<object>();

  constructor(private readonly cores: number) {}

  /** Whether the tile may take a precaution, or has one already. */
  take(tile: object): boolean {
    if (!this.taken.has(tile) && this.taken.size >= PER_CORE * this.cores) return false;
    this.taken.add(tile);
    return true;
  }

  release(tile: object): void {
    this.taken.delete(tile);
  }
}
