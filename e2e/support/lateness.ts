import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Timers of this process that come so late tell of a machine that is busy with something else, ms. */
const BUSY_MS = 250;

/** How late this process came to its turns while `work` went on: the sites' process and the window wait likewise. */
export async function latenessDuring<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly machine: 'free' | 'busy' }> {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  try {
    const result = await work();
    return { result, machine: delay.max / 1e6 < BUSY_MS ? 'free' : 'busy' };
  } finally {
    delay.disable();
  }
}
