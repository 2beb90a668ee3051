/** Least time without evidence before a light watch rests, ms: meanwhile a stream that returns can be validated. */
const SETTLED_MS = 60_000;

/**
 * When the watch of a standby may rest, where watching costs its site much. A check is over once both the live edge and the
 * media were proven.
 */
export class LightRest {
  private readonly proven = new Set<'playlist' | 'media'>();
  private settledMs = Number.NEGATIVE_INFINITY;

  /** A check begins. */
  begin(): void {
    this.proven.clear();
  }

  prove(channel: 'playlist' | 'media'): void {
    this.proven.add(channel);
  }

  /** Evidence was found at `nowMs`. */
  noteEvidence(nowMs: number): void {
    this.proven.clear();
    this.settledMs = nowMs + SETTLED_MS;
  }

  isDue(nowMs: number): boolean {
    return this.proven.size === 2 && nowMs >= this.settledMs;
  }
}
