/** Time as drivers and host see it: injected, so that tests can run it. */
export interface Clock {
  /** Milliseconds of a clock that never goes back; only differences mean something. */
  now(): number;
  /** Calls back once, `delayMs` from now, unless the returned function was called before. */
  after(delayMs: number, callback: () => void): () => void;
}
