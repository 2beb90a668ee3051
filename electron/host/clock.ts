/** Time, as the host's modules see it: injected, so that tests need not wait. */
export interface Clock {
  /** Milliseconds of a clock that never goes back; only differences mean something. */
  now(): number;
  /** Calls back once after `delayMs`, unless the returned function was called before. */
  schedule(callback: () => void, delayMs: number): () => void;
}

/** The machine's monotonic clock. Its timers keep no process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
