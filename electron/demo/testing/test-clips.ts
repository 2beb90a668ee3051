import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Clip, readClip } from '../fmp4.ts';

/** The committed clips. */
export const CLIPS_DIRECTORY = fileURLToPath(new URL('../clips/', import.meta.url));

export function clipBytes(fileName: string): Buffer {
  return readFileSync(`${CLIPS_DIRECTORY}${fileName}`);
}

export function committedClip(fileName: string): Clip {
  return readClip(clipBytes(fileName), fileName);
}

/** The position of the first box of a type in a file. In the test files, types do not occur by chance. */
export function boxStart(bytes: Buffer, type: string): number {
  const at = bytes.indexOf(type, 0, 'latin1');
  if (at === -1) throw new Error(`no box "${type}"`);
  return at - 4;
}

/** A fragment's time and number, read from fixed positions in the box instead of with our reader. */
export function stampOf(bytes: Uint8Array): { decodeTime: bigint; sequenceNumber: number } {
  const buffer = Buffer.from(bytes);
  return {
    decodeTime: buffer.readBigUInt64BE(boxStart(buffer, 'tfdt') + 12),
    sequenceNumber: buffer.readUInt32BE(boxStart(buffer, 'mfhd') + 12),
  };
}

/** A clip with this many bytes per second and a few more, for tests of transport. It cannot be played. */
export function heavyClip(bytesPerS: number): Clip {
  const real = committedClip('corridor-main.mp4');
  const weight = new Uint8Array(bytesPerS);
  return {
    ...real,
    samples: real.samples.map((sample) => (sample.picture === 'key' ? { ...sample, bytes: weight } : sample)),
  };
}
