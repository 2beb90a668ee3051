import { BitReader } from './bit-reader.ts';
import type { VideoFormat } from './video-format.ts';

const SEQUENCE_HEADER = 1;
/** Size limit of a sequence header, in bytes: it has a few dozen, or a few hundred with 32 operating points. */
const LONGEST_HEADER = 1024;

/** One unit of an AV1 stream: the picture size in a sequence header, `null` for any other unit. */
export interface Av1Unit {
  readonly size: VideoFormat['size'];
}

/**
 * The open bitstream units of a sample, or of the configuration in an initialisation section (AV1 specification section
 * 5.3). No picture is larger than the last sequence header says.
 */
export function* av1UnitsIn(bytes: Uint8Array, start: number, end: number): Generator<Av1Unit> {
  for (let at = start; at < end; ) {
    const header = bytes[at] ?? 0;
    const type = (header >> 3) & 0xf;
    at += (header & 4) === 0 ? 1 : 2;
    let length = end - at;
    if ((header & 2) !== 0) {
      const said = leb128(bytes, at, end);
      at = said.next;
      length = Math.min(said.value, end - at);
    }
    const content = bytes.subarray(at, Math.min(at + length, at + LONGEST_HEADER));
    yield { size: type === SEQUENCE_HEADER ? sizeInSequenceHeader(content) : null };
    at += length;
  }
}

/** A number in up to eight bytes of seven bits each, the lowest bits first. */
function leb128(bytes: Uint8Array, start: number, end: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 8 && start + i < end; i += 1) {
    const byte = bytes[start + i] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: start + i + 1 };
  }
  return { value, next: Math.min(start + 8, end) };
}

/** Section 5.5.1; `null` where it is cut off. */
function sizeInSequenceHeader(content: Uint8Array): VideoFormat['size'] {
  const reader = new BitReader(content, 0, 'plain');
  reader.skip(4);
  const isReduced = reader.flag();
  if (isReduced) reader.skip(5);
  else skipOperatingPoints(reader);
  const widthBits = reader.bits(4) + 1;
  const heightBits = reader.bits(4) + 1;
  const width = reader.bits(widthBits) + 1;
  const height = reader.bits(heightBits) + 1;
  return reader.isOver ? null : { width, height };
}

function skipOperatingPoints(reader: BitReader): void {
  const model = readTiming(reader);
  const hasDelays = reader.flag();
  const count = reader.bits(5) + 1;
  for (let point = 0; point < count; point += 1) {
    reader.skip(12);
    const hasTier = reader.bits(5) > 7;
    if (hasTier) reader.skip(1);
    if (model !== null && reader.flag()) reader.skip(2 * model.delayBits + 1);
    if (hasDelays && reader.flag()) reader.skip(4);
  }
}

/** @returns the decoder model, if there is one */
function readTiming(reader: BitReader): { readonly delayBits: number } | null {
  if (!reader.flag()) return null;
  reader.skip(64);
  if (reader.flag()) reader.unsigned();
  if (!reader.flag()) return null;
  const delayBits = reader.bits(5) + 1;
  reader.skip(42);
  return { delayBits };
}
