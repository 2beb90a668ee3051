import { BitReader } from './bit-reader.ts';
import type { VideoFormat } from './video-format.ts';

/** Bytes of a frame in which its size is searched: the fields up to the size are shorter. */
const HEADER_BYTES = 32;
const RGB = 7;

/**
 * The picture size of each frame of a sample (VP9 bitstream specification section 6.2); `null` for a frame that has the size of an
 * earlier one. Any frame may have a size of its own, not only a key frame.
 */
export function vp9SizesIn(bytes: Uint8Array, start: number, end: number): VideoFormat['size'][] {
  return framesIn(bytes, start, end).map((at) =>
    sizeInHeader(bytes.subarray(at, Math.min(at + HEADER_BYTES, end))),
  );
}

/** Where the frames of a sample begin. A superframe has up to eight frames; its last bytes are their lengths (annex B). */
function framesIn(bytes: Uint8Array, start: number, end: number): number[] {
  const marker = bytes[end - 1] ?? 0;
  if ((marker & 0xe0) !== 0xc0) return [start];
  const count = (marker & 7) + 1;
  const lengthBytes = ((marker >> 3) & 3) + 1;
  const index = end - 2 - count * lengthBytes;
  if (index < start || bytes[index] !== marker) return [start];
  const frames: number[] = [];
  let at = start;
  for (let frame = 0; frame < count && at < index; frame += 1) {
    frames.push(at);
    for (let i = 0; i < lengthBytes; i += 1)
      at += (bytes[index + 1 + frame * lengthBytes + i] ?? 0) * 256 ** i;
  }
  return frames;
}

function sizeInHeader(header: Uint8Array): VideoFormat['size'] {
  const reader = new BitReader(header, 0, 'plain');
  if (reader.bits(2) !== 2) return null;
  const profile = reader.bits(1) + 2 * reader.bits(1);
  if (profile === 3) reader.skip(1);
  const showsExisting = reader.flag();
  if (showsExisting) return null;
  const isKey = !reader.flag();
  const isShown = reader.flag();
  const isResilient = reader.flag();
  if (isKey) {
    reader.skip(24);
    skipColors(reader, profile);
    return readSize(reader);
  }
  const isIntra = !isShown && reader.flag();
  if (!isResilient) reader.skip(2);
  if (isIntra) {
    reader.skip(24);
    if (profile > 0) skipColors(reader, profile);
    reader.skip(8);
    return readSize(reader);
  }
  reader.skip(8 + 3 * 4);
  for (let reference = 0; reference < 3; reference += 1) {
    const isAsLarge = reader.flag();
    if (isAsLarge) return null;
  }
  return readSize(reader);
}

function skipColors(reader: BitReader, profile: number): void {
  if (profile >= 2) reader.skip(1);
  const isRgb = reader.bits(3) === RGB;
  const hasSampling = profile === 1 || profile === 3;
  if (isRgb) reader.skip(hasSampling ? 1 : 0);
  else reader.skip(hasSampling ? 4 : 1);
}

function readSize(reader: BitReader): VideoFormat['size'] {
  const width = reader.bits(16) + 1;
  const height = reader.bits(16) + 1;
  return reader.isOver ? null : { width, height };
}
