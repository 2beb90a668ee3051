/** Media over which the rate is judged, ms: a single part says as much about this workstation as about its site. */
const JUDGED_MS = 1000;

/** How fast a player's media arrives, against real time. */
export class LoadRate {
  /** The newest loads, just enough of them to hold {@link JUDGED_MS} of media. */
  private loads: { readonly durationMs: number; readonly elapsedMs: number }[] = [];

  /** Media of `durationMs` took `elapsedMs` to load. */
  loaded(durationMs: number, elapsedMs: number): void {
    if (durationMs <= 0) return;
    this.loads.push({ durationMs, elapsedMs });
    while (this.mediaMs() - (this.loads[0]?.durationMs ?? 0) >= JUDGED_MS) this.loads.shift();
  }

  /** Whether the newest second of media, or segment, took longer to load than to play. */
  isTooSlow(): boolean {
    const elapsedMs = this.loads.reduce((total, load) => total + load.elapsedMs, 0);
    return this.mediaMs() >= JUDGED_MS && elapsedMs > this.mediaMs();
  }

  private mediaMs(): number {
    return this.loads.reduce((total, load) => total + load.durationMs, 0);
  }
}
