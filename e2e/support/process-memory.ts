import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Size of one reading, in bytes. */
const CHUNK_BYTES = 4 * 1024 * 1024;
/** Larger regions are reserved, not filled, and contain no environment. In bytes. */
const LARGEST_REGION = 256 * 1024 * 1024;

/**
 * Whether a text is in the memory that a process of this user can write; Linux only. The environment is there, while
 * Chromium's processes overwrite `/proc/PID/environ` with their titles.
 * @param text ASCII
 */
export function memoryHolds(processId: number, text: string): boolean {
  const memory = openSync(`/proc/${processId}/mem`, 'r');
  const buffer = Buffer.alloc(CHUNK_BYTES + text.length);
  try {
    return writableRegions(processId).some(({ begin, end }) => {
      // Chunks overlap, because the text may lie across their border.
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

/** @returns the number of bytes read; 0 where the region has gone meanwhile */
function readAt(memory: number, buffer: Buffer, length: number, position: number): number {
  try {
    return readSync(memory, buffer, 0, length, position);
  } catch {
    return 0;
  }
}

/** From `/proc/PID/maps`. Addresses have 47 bits, so they fit into numbers. */
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
