/** Time for the host's modules. It is injected, so that tests need not wait. */
export interface Clock {
  /** Milliseconds of a clock that never goes back; only differences between two values have a meaning. */
  now(): number;
  /** Calls back once after `delayMs`, unless the returned function was called before that. */
  schedule(callback: () => void, delayMs: number): () => void;
}

/** The machine's monotonic clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
