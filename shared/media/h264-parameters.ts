import { BitReader } from './bit-reader.ts';
import { croppedSize } from './cropped-size.ts';
import type { VideoFormat } from './video-format.ts';

/** The profiles whose parameters include chroma format and scaling lists (ITU-T H.264 section 7.3.2.1.1). */
const HIGH_PROFILES: ReadonlySet<number> = new Set([
  44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244,
]);

/** `avc1.PPCCLL` (RFC 6381): profile, constraints and level, as in an SPS and in an avcC box. */
export function h264Codecs(entry: string, bytes: ArrayLike<number>, at: number): string {
  const digits = [0, 1, 2].map((index) => (bytes[at + index] ?? 0).toString(16).padStart(2, '0'));
  return `${entry}.${digits.join('')}`;
}

/**
 * @param unit a sequence parameter set with its NAL unit header
 * @returns `null` where it is broken or cut off
 */
export function readH264Parameters(unit: ArrayLike<number>): Pick<VideoFormat, 'codecs' | 'size'> | null {
  if (unit.length < 4) return null;
  const reader = new BitReader(unit, 4);
  reader.unsigned();
  let chromaFormat = 1;
  let chromaArrays = true;
  if (HIGH_PROFILES.has(reader.byteAt(1))) {
    chromaFormat = reader.unsigned();
    if (chromaFormat === 3) chromaArrays = !reader.flag();
    reader.unsigned();
    reader.unsigned();
    reader.skip(1);
    if (reader.flag()) skipScalingLists(reader, chromaFormat === 3 ? 12 : 8);
  }
  reader.unsigned();
  if (!skipPictureOrder(reader)) return null;
  reader.unsigned();
  reader.skip(1);
  const width = 16 * (reader.unsigned() + 1);
  const mapUnits = reader.unsigned() + 1;
  const fieldsPerUnit = reader.flag() ? 1 : 2;
  if (fieldsPerUnit === 2) reader.skip(1);
  reader.skip(1);
  const chroma = chromaArrays ? chromaFormat : 0;
  const size = croppedSize(
    reader,
    { width, height: 16 * mapUnits * fieldsPerUnit },
    {
      x: chroma === 1 || chroma === 2 ? 2 : 1,
      y: (chroma === 1 ? 2 : 1) * fieldsPerUnit,
    },
  );
  return size === null
    ? null
    : {
        codecs: h264Codecs(
          'avc1',
          [1, 2, 3].map((index) => reader.byteAt(index)),
          0,
        ),
        size,
      };
}

function skipScalingLists(reader: BitReader, lists: number): void {
  for (let list = 0; list < lists; list += 1) {
    if (!reader.flag()) continue;
    let last = 8;
    let next = 8;
    for (let i = 0; i < (list < 6 ? 16 : 64) && next !== 0; i += 1) {
      next = (last + reader.signed() + 256) % 256;
      if (next !== 0) last = next;
    }
  }
}

/** @returns false where it is broken */
function skipPictureOrder(reader: BitReader): boolean {
  const type = reader.unsigned();
  if (type === 0) reader.unsigned();
  if (type !== 1) return type <= 2;
  reader.skip(1);
  reader.signed();
  reader.signed();
  const cycle = reader.unsigned();
  if (cycle > 255) return false;
  for (let i = 0; i < cycle; i += 1) reader.signed();
  return true;
}
