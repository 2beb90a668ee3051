import { BitReader } from './bit-reader.ts';
import { croppedSize } from './cropped-size.ts';
import type { VideoFormat } from './video-format.ts';

/** Bytes of a profile_tier_level structure without sub-layers (ITU-T H.265 section 7.3.3), which an hvcC box has too. */
const PROFILE_BYTES = 12;

/**
 * `hvc1.<profile>.<compatibility>.<tier and level>.<constraints>` (ISO/IEC 14496-15 annex E).
 *
 * @param at where the profile_tier_level structure begins
 */
export function h265Codecs(entry: string, bytes: ArrayLike<number>, at: number): string {
  const byte = (index: number): number => bytes[at + index] ?? 0;
  const space = ['', 'A', 'B', 'C'][byte(0) >> 6] ?? '';
  const tier = (byte(0) & 0x20) === 0 ? 'L' : 'H';
  // The flags of the 32 profiles, the first one in the lowest bit.
  let compatibility = 0;
  for (let flag = 31; flag >= 0; flag -= 1)
    compatibility = 2 * compatibility + ((byte(1 + (flag >> 3)) >> (7 - (flag & 7))) & 1);
  const constraints = [5, 6, 7, 8, 9, 10].map(byte);
  while (constraints.at(-1) === 0) constraints.pop();
  return [
    entry,
    `${space}${byte(0) & 0x1f}`,
    compatibility.toString(16),
    `${tier}${byte(11)}`,
    ...constraints.map((value) => value.toString(16)),
  ]
    .map((part, index) => (index === 0 ? part : part.toUpperCase()))
    .join('.');
}

/**
 * @param unit a sequence parameter set with its NAL unit header
 * @returns `null` where it is broken or cut off
 */
export function readH265Parameters(unit: ArrayLike<number>): Pick<VideoFormat, 'codecs' | 'size'> | null {
  // Two bytes of header, and one with the identifier and the number of sub-layers.
  const start = 3;
  if (unit.length < start + PROFILE_BYTES) return null;
  const reader = new BitReader(unit, start + PROFILE_BYTES);
  skipSubLayers(reader, (reader.byteAt(2) >> 1) & 7);
  reader.unsigned();
  const chroma = reader.unsigned();
  const separate = chroma === 3 && reader.flag();
  const width = reader.unsigned();
  const height = reader.unsigned();
  const size = croppedSize(
    reader,
    { width, height },
    {
      x: !separate && (chroma === 1 || chroma === 2) ? 2 : 1,
      y: !separate && chroma === 1 ? 2 : 1,
    },
  );
  if (size === null) return null;
  const profile = Array.from({ length: PROFILE_BYTES }, (_, index) => reader.byteAt(start + index));
  return { codecs: h265Codecs('hvc1', profile, 0), size };
}

function skipSubLayers(reader: BitReader, count: number): void {
  if (count === 0) return;
  const present = Array.from({ length: 8 }, () => reader.bits(2));
  for (const flags of present.slice(0, count))
    reader.skip(((flags & 2) === 0 ? 0 : 88) + ((flags & 1) === 0 ? 0 : 8));
}
