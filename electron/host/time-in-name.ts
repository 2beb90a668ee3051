/** A time as a part of a file's name, on every file system: `2026-11-22T18-03-59.123Z`. */
export function timeInName(epochMs: number): string {
  return new Date(epochMs).toISOString().replaceAll(':', '-');
}

/** The time that {@link timeInName} wrote, in milliseconds since 1970. */
export function timeOfName(text: string): number {
  return Date.parse(text.replace(/T(\d{2})-(\d{2})-/, 'T$1:$2:'));
}
