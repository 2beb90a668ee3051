import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Of one reading, in bytes. */
const CHUNK_BYTES = 4 * 1024 * 1024;
/** Larger regions are reserved, not filled: an environment is in none of them. In bytes. */
const LARGEST_REGION = 256 * 1024 * 1024;

/**
 * Whether a text is in the memory that a process of this user can write; Linux only. Its environment is there, which
 * Chromium's processes hide from `/proc/PID/environ` behind a title of their own.
 *
 * @param text ASCII
 */
export function memoryHolds(processId: number, text: string): boolean {
  const memory = openSync(`/proc/${processId}/mem`, 'r');
  const buffer = Buffer.alloc(CHUNK_BYTES + text.length);
  try {
    return writableRegions(processId).some(({ begin, end }) => {
      // Chunks overlap: the text may lie across their border.
      for (let at = begin; at < end; at += CHUNK_BYTES) {
        const length = Math.min(buffer.length, end - at);
        if (buffer.subarray(0, readAt(memory, buffer, length, at)).includes(text)) return true;
      }
      return false;
    });
  } finally {
    closeSync(memory);
  }
}

/** @returns how many bytes were read; 0 where the region has gone meanwhile */
function readAt(memory: number, buffer: Buffer, length: number, position: number): number {
  try {
    return readSync(memory, buffer, 0, length, position);
  } catch {
    return 0;
  }
}

/** Of `/proc/PID/maps`, addresses as numbers: they have 47 bits. */
function writableRegions(processId: number): { readonly begin: number; readonly end: number }[] {
  return readFileSync(`/proc/${processId}/maps`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, begin, end] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      if (begin === undefined || end === undefined) return [];
      const region = { begin: Number.parseInt(begin, 16), end: Number.parseInt(end, 16) };
      return region.end - region.begin <= LARGEST_REGION ? [region] : [];
    });
}
