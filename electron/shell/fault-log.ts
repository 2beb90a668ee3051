import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

/** Size above which a new file begins, in bytes; one older file is kept. */
const MAX_BYTES = 1_000_000;

/**
 * Appends an unexpected error to the file for bug reports. Synchronous: the process may be about to end.
 * @returns why it could not be written, in words; `null` when it was
 */
export function appendFault(file: string, error: unknown, at: Date, version: string): string | null {
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MAX_BYTES) renameSync(file, `${file}.old`);
    appendFileSync(file, `${at.toISOString()} Holdfast ${version}\n${words}\n\n`);
    return null;
  } catch (failure) {
    return failure instanceof Error ? failure.message : String(failure);
  }
}
