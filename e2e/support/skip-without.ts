import { test } from '@playwright/test';

/**
 * Skips the running test where something is missing that it needs; the report names and counts it.
 * @param missing in words; `null` where nothing is
 */
export function skipWithout(missing: string | null): void {
  // biome-ignore lint/suspicious/noSkippedTests: named and counted, and only where the means are missing
  test.skip(missing !== null, missing ?? '');
}
