/**
 * Bounds restarts: at most `limit` within any `windowMs`. What keeps dying is not started for ever
 * (field-notes.md: reload with a bound, 3 in 60 s).
 */
export class RestartBudget {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #nowMs: () => number;
  #takenAtMs: number[] = [];

  /** @param options.nowMs a clock that never goes back, in milliseconds */
  constructor(options: { readonly limit: number; readonly windowMs: number; readonly nowMs: () => number }) {
    this.#limit = options.limit;
    this.#windowMs = options.windowMs;
    this.#nowMs = options.nowMs;
  }

  /** Takes one restart out of the budget; `exhausted` when there is none. */
  take(): 'granted' | 'exhausted' {
    const nowMs = this.#nowMs();
    this.#takenAtMs = this.#takenAtMs.filter((atMs) => nowMs - atMs < this.#windowMs);
    if (this.#takenAtMs.length >= this.#limit) return 'exhausted';
    this.#takenAtMs.push(nowMs);
    return 'granted';
  }
}
