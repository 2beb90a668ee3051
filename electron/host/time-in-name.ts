/** `2026-11-22T18-03-59.123Z`: a time as a part of a file's name, on every file system. */
export function timeInName(epochMs: number): string {
  return new Date(epochMs).toISOString().replaceAll(':', '-');
}

/** The time that {@link timeInName} wrote, in epoch milliseconds. */
export function timeOfName(text: string): number {
  return Date.parse(text.replace(/T(\d{2})-(\d{2})-/, 'T$1:$2:'));
}
