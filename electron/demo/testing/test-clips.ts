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

/** Where the first box of a type begins in a file. Types do not occur by chance in what the tests look at. */
export function boxStart(bytes: Buffer, type: string): number {
  const at = bytes.indexOf(type, 0, 'latin1');
  if (at === -1) throw new Error(`no box "${type}"`);
  return at - 4;
}

/** The time and number that a fragment carries, read by their places in the box, not by our reader. */
export function stampOf(bytes: Uint8Array): { decodeTime: bigint; sequenceNumber: number } {
  const buffer = Buffer.from(bytes);
  return {
    decodeTime: buffer.readBigUInt64BE(boxStart(buffer, 'tfdt') + 12),
    sequenceNumber: buffer.readUInt32BE(boxStart(buffer, 'mfhd') + 12),
  };
}

/** A clip of which every second takes so many bytes and a few more: for tests of transport, nothing can play it. */
export function heavyClip(bytesPerS: number): Clip {
  const real = committedClip('corridor-main.mp4');
  const weight = new Uint8Array(bytesPerS);
  return {
    ...real,
    samples: real.samples.map((sample) => (sample.picture === 'key' ? { ...sample, bytes: weight } : sample)),
  };
}
