/**
 * The value at or below which the share `q` of all values is. It is always one of the values (nearest rank).
 *
 * @param values in any order; `Infinity` means that something never happened
 * @param q above 0, at most 1
 * @returns `null` without values
 */
export function quantile(values: readonly number[], q: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(q * sorted.length) - 1] ?? null;
}

/** The middle value, or the mean of the two middle values; `null` without values. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

/** Share of the values above `limit`, 0 to 1; `null` without values. */
export function shareOver(values: readonly number[], limit: number): number | null {
  if (values.length === 0) return null;
  return values.filter((value) => value > limit).length / values.length;
}

/** By how much a counter grew. @param readings in order of time; before a smaller reading it began again at 0 */
export function countedIn(readings: readonly number[]): number {
  return readings.slice(1).reduce((sum, reading, index) => {
    const before = readings[index] ?? 0;
    return sum + (reading < before ? reading : reading - before);
  }, 0);
}
