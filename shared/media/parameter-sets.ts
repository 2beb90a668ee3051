import { readH264Parameters } from './h264-parameters.ts';
import { readH265Parameters } from './h265-parameters.ts';
import { type NalCodec, nalKind } from './nal-units.ts';
import type { VideoFormat } from './video-format.ts';

/** Size limit of a sequence parameter set, in bytes: it has a few dozen, or a few hundred with scaling lists. */
export const LONGEST_PARAMETERS = 1024;

/**
 * @param unit a sequence parameter set with its NAL unit header
 * @returns `null` where it is broken or cut off
 */
export function readParameters(
  codec: NalCodec,
  unit: ArrayLike<number>,
): Pick<VideoFormat, 'codecs' | 'size'> | null {
  return codec === 'h264' ? readH264Parameters(unit) : readH265Parameters(unit);
}

/** The picture size in a sequence parameter set; `null` where it cannot be read. */
export function sizeIn(codec: NalCodec, unit: Uint8Array): VideoFormat['size'] {
  return readParameters(codec, unit.subarray(0, LONGEST_PARAMETERS))?.size ?? null;
}

/**
 * The sequence parameter sets of an avcC or hvcC box (ISO/IEC 14496-15 sections 5.3.3.1 and 8.3.3.1). Of a box that is cut off, it
 * returns those that are there.
 * @param record the box's content
 */
export function parameterSetsOf(codec: NalCodec, record: Uint8Array): Uint8Array[] {
  const sets: Uint8Array[] = [];
  const u16 = (at: number): number => ((record[at] ?? 0) << 8) | (record[at + 1] ?? 0);
  const take = (at: number, count: number): number => {
    let next = at;
    for (let taken = 0; taken < count && next + 2 < record.length; taken += 1) {
      const unit = record.subarray(next + 2, next + 2 + u16(next));
      if (unit.length > 0 && nalKind(codec, unit[0] ?? 0) === 'parameters') sets.push(unit);
      next += 2 + u16(next);
    }
    return next;
  };
  if (codec === 'h264') {
    take(6, (record[5] ?? 0) & 0x1f);
    return sets;
  }
  let at = 23;
  for (let list = 0; list < (record[22] ?? 0) && at < record.length; list += 1)
    at = take(at + 3, u16(at + 1));
  return sets;
}
