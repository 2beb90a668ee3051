import type { Clock } from '../../shared/clock.ts';

/** The page's monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};

/** The wall time, epoch ms, of a moment of `clock`. It is only for what people read: no decision uses it. */
export function epochMsOf(clock: Clock, atMs: number): number {
  return Date.now() - (clock.now() - atMs);
}

/** The same as UTC in ISO 8601 with milliseconds, for the journal and the alarms. */
export function isoTimeOf(clock: Clock, atMs: number): string {
  return new Date(epochMsOf(clock, atMs)).toISOString();
}
