import { test } from '@playwright/test';

/**
 * Skips the running test where something is missing; the report names and counts it.
 * @param missing in words; `null` where nothing is missing
 */
export function skipWithout(missing: string | null): void {
  // biome-ignore lint/suspicious/noSkippedTests: named and counted, and only where the means are missing
  test.skip(missing !== null, missing ?? '');
}
