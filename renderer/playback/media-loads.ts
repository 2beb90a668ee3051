/** Media over which the rate is judged, ms: a single part says as much about this workstation as about its site. */
const JUDGED_MS = 1000;
/** Media that is on its way for less than this is not late, however short it is, ms. */
const LEAST_LATE_MS = 250;

/** How a player's media comes, against real time. */
export class MediaLoads {
  /** The newest loads, just enough of them to hold {@link JUDGED_MS} of media. */
  private loads: { readonly durationMs: number; readonly elapsedMs: number }[] = [];
  /** What is on its way. */
  private current: { readonly sinceMs: number; readonly durationMs: number } | null = null;

  get isLoading(): boolean {
    return this.current !== null;
  }

  /** Media of `durationMs` is asked for. */
  begin(durationMs: number, nowMs: number): void {
    this.current = { sinceMs: nowMs, durationMs };
  }

  /** What is on its way came, or does not come any more. */
  end(): void {
    this.current = null;
  }

  /** Media of `durationMs` took `elapsedMs` to load. */
  loaded(durationMs: number, elapsedMs: number): void {
    if (durationMs <= 0) return;
    this.loads.push({ durationMs, elapsedMs });
    while (this.mediaMs() - (this.loads[0]?.durationMs ?? 0) >= JUDGED_MS) this.loads.shift();
  }

  /** What came before, or was asked for before, says nothing any more: this workstation may have slept meanwhile. */
  startAnew(): void {
    this.loads = [];
    this.current = null;
  }

  /** Whether the newest second of media, or segment, took longer to load than to play. */
  isTooSlow(): boolean {
    const elapsedMs = this.loads.reduce((total, load) => total + load.elapsedMs, 0);
    return this.mediaMs() >= JUDGED_MS && elapsedMs > this.mediaMs();
  }

  /** Whether media comes slower than it plays, or what is on its way takes longer than that. */
  isLate(nowMs: number): boolean {
    if (this.isTooSlow()) return true;
    if (this.current === null) return false;
    return nowMs - this.current.sinceMs > Math.max(LEAST_LATE_MS, this.current.durationMs);
  }

  private mediaMs(): number {
    return this.loads.reduce((total, load) => total + load.durationMs, 0);
  }
}
