import { quantile } from '../suite/statistics.ts';
import type { Latencies } from './engine-figures.ts';

/**
 * @param timesMs durations of single requests, at least one
 * @throws {RangeError} where there is none
 */
export function latenciesOf(timesMs: readonly number[], perS: number): Latencies {
  const [medianMs, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((q) => quantile(timesMs, q));
  if (medianMs == null || p95Ms == null || p99Ms == null) throw new RangeError('no request was timed');
  return { medianMs, p95Ms, p99Ms, perS };
}
