import type { Clip, Sample } from './fmp4.ts';

/** Position of a fragment in its stream. */
export interface FragmentPlace {
  /** baseMediaDecodeTime in ticks of the clip's timescale, a whole number from 0 to 2^53 - 1. */
  readonly decodeTime: number;
  /** A whole number; `mfhd` keeps its lowest 32 bits. */
  readonly sequenceNumber: number;
}

const MOOF_HEAD = 8;
const MFHD = 16;
const TRAF_HEAD = 8;
/** Size with the track id alone. */
const TFHD = 16;
/** Size with a time of 64 bits. */
const TFDT = 20;
/** Size with a data offset, before the samples. */
const TRUN_HEAD = 20;
const TRUN_ENTRY = 16;
const MDAT_HEAD = 8;

const TFHD_BASE_IS_MOOF = 0x20000;
/** Flags of the fields: data offset, and for each sample duration, size, flags and composition offset. */
const TRUN_FIELDS = 0x1 | 0x100 | 0x200 | 0x400 | 0x800;
/** Flags of a key picture (depends on no other, is a sync sample) and of all others (ISO/IEC 14496-12, 8.8.3.1). */
const KEY_FLAGS = 0x02000000;
const DELTA_FLAGS = 0x01010000;

/** One `moof` with its `mdat`, for any consecutive samples of a clip at any time (ISO/IEC 14496-12). */
export function writeFragment(
  { trackId }: Pick<Clip, 'trackId'>,
  samples: readonly Sample[],
  { decodeTime, sequenceNumber }: FragmentPlace,
): Uint8Array {
  const trun = TRUN_HEAD + TRUN_ENTRY * samples.length;
  const traf = TRAF_HEAD + TFHD + TFDT + trun;
  const moof = MOOF_HEAD + MFHD + traf;
  const data = samples.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const written = new Uint8Array(moof + MDAT_HEAD + data);
  const view = new DataView(written.buffer);
  let at = 0;
  const number = (value: number): void => {
    view.setUint32(at, value);
    at += 4;
  };
  const box = (size: number, type: string): void => {
    number(size);
    for (let letter = 0; letter < 4; letter++) written[at++] = type.charCodeAt(letter);
  };
  box(moof, 'moof');
  box(MFHD, 'mfhd');
  number(0);
  number(sequenceNumber % 2 ** 32);
  box(traf, 'traf');
  box(TFHD, 'tfhd');
  number(TFHD_BASE_IS_MOOF);
  number(trackId);
  box(TFDT, 'tfdt');
  number(0x01000000);
  view.setBigUint64(at, BigInt(decodeTime));
  at += 8;
  box(trun, 'trun');
  number(0x01000000 | TRUN_FIELDS);
  number(samples.length);
  number(moof + MDAT_HEAD);
  for (const { bytes, durationTicks, compositionOffsetTicks, picture } of samples) {
    number(durationTicks);
    number(bytes.length);
    number(picture === 'key' ? KEY_FLAGS : DELTA_FLAGS);
    number(compositionOffsetTicks);
  }
  box(MDAT_HEAD + data, 'mdat');
  for (const { bytes } of samples) {
    written.set(bytes, at);
    at += bytes.length;
  }
  return written;
}
