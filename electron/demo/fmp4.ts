/**
 * Reading a fragmented MP4 with one track, and giving its fragments another place in time. Box layouts:
 * ISO/IEC 14496-12.
 */

export interface Clip {
  /** Names the clip in errors. */
  readonly file: string;
  /** `ftyp` and `moov`. */
  readonly init: Uint8Array;
  /** Ticks per second of every time in the clip. */
  readonly timescale: number;
  readonly fragments: readonly Fragment[];
}

/** One `moof` with its `mdat`. */
export interface Fragment {
  readonly bytes: Uint8Array;
  readonly durationTicks: number;
  readonly startsWithKeyFrame: boolean;
  /** Where in `bytes` the sequence number of `mfhd` lies (32 bits). */
  readonly sequenceNumberAt: number;
  /** Where in `bytes` the baseMediaDecodeTime of `tfdt` lies (64 bits). */
  readonly decodeTimeAt: number;
}

/** A clip that cannot be used. The message names the file and the box. */
export class ClipError extends Error {
  override readonly name = 'ClipError';

  constructor(file: string, box: string, problem: string) {
    super(`${file}: box "${box}" ${problem}`);
  }
}

interface Box {
  readonly type: string;
  readonly start: number;
  /** Where the content begins, after size and type. */
  readonly content: number;
  readonly end: number;
}

/** @throws {ClipError} where a box is missing, cut short, or of a kind that cannot be moved in time. */
export function readClip(bytes: Uint8Array, file: string): Clip {
  const reader = new BoxReader(bytes, file);
  if (reader.typeAt(0) !== 'ftyp') throw new ClipError(file, 'ftyp', 'is missing at the beginning');
  const top = reader.boxes(0, bytes.length, 'file');
  const moov = top.find((box) => box.type === 'moov');
  if (moov === undefined) throw new ClipError(file, 'moov', 'is missing');
  const fragments = top.flatMap((box, index) => {
    if (box.type !== 'moof') return [];
    const next = top[index + 1];
    if (next?.type !== 'mdat') throw new ClipError(file, 'mdat', `is missing after the moof at ${box.start}`);
    return [reader.fragment(box, next)];
  });
  if (fragments.length === 0) throw new ClipError(file, 'moof', 'is missing: the clip is not fragmented');
  return { file, init: reader.copy(0, moov.end), timescale: reader.timescale(moov), fragments };
}

/**
 * A copy of the fragment at another place in time.
 * @param decodeTime baseMediaDecodeTime in ticks of the clip's timescale, a whole number from 0 to 2^53 - 1
 * @param sequenceNumber a whole number; `mfhd` keeps its lowest 32 bits
 */
export function placeInTime(fragment: Fragment, decodeTime: number, sequenceNumber: number): Uint8Array {
  // Not slice(): of a Buffer that is a view of the same memory.
  const bytes = new Uint8Array(fragment.bytes);
  const view = viewOf(bytes);
  view.setBigUint64(fragment.decodeTimeAt, BigInt(decodeTime));
  view.setUint32(fragment.sequenceNumberAt, sequenceNumber % 2 ** 32);
  return bytes;
}

const TFHD_BASE_DATA_OFFSET = 0x1;
const TFHD_SAMPLE_DESCRIPTION = 0x2;
const TFHD_DURATION = 0x8;
const TFHD_SIZE = 0x10;
const TFHD_FLAGS = 0x20;
const TFHD_BASE_IS_MOOF = 0x20000;
const TRUN_DATA_OFFSET = 0x1;
const TRUN_FIRST_FLAGS = 0x4;
const TRUN_DURATION = 0x100;
const TRUN_SIZE = 0x200;
const TRUN_FLAGS = 0x400;
const TRUN_COMPOSITION = 0x800;
const SAMPLE_IS_NOT_SYNC = 0x10000;

class BoxReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#file = file;
  }

  copy(from: number, to: number): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(from, to));
  }

  typeAt(start: number): string {
    return String.fromCharCode(...this.#bytes.subarray(start + 4, start + 8));
  }

  boxes(from: number, to: number, parent: string): Box[] {
    const found: Box[] = [];
    for (let start = from; start < to; ) {
      if (to - start < 8) throw new ClipError(this.#file, parent, `is cut short at ${to}`);
      const type = this.typeAt(start);
      const size = this.#view.getUint32(start);
      if (size < 8) throw new ClipError(this.#file, type, `at ${start} has the unsupported size ${size}`);
      if (start + size > to) throw new ClipError(this.#file, type, `at ${start} is cut short`);
      found.push({ type, start, content: start + 8, end: start + size });
      start += size;
    }
    return found;
  }

  timescale(moov: Box): number {
    const traks = this.boxes(moov.content, moov.end, 'moov').filter((box) => box.type === 'trak');
    const [trak] = traks;
    if (trak === undefined) throw new ClipError(this.#file, 'trak', 'is missing');
    if (traks.length > 1)
      throw new ClipError(this.#file, 'trak', `occurs ${traks.length} times: one track only`);
    const mdhd = this.#child(this.#child(trak, 'mdia'), 'mdhd');
    const timescale = this.#number(mdhd, this.#version(mdhd) === 1 ? 20 : 12);
    if (timescale === 0) throw new ClipError(this.#file, 'mdhd', 'has a timescale of 0');
    return timescale;
  }

  fragment(moof: Box, mdat: Box): Fragment {
    const traf = this.#child(moof, 'traf');
    const tfdt = this.#child(traf, 'tfdt');
    const mfhd = this.#child(moof, 'mfhd');
    if (this.#version(tfdt) !== 1)
      throw new ClipError(
        this.#file,
        'tfdt',
        `at ${tfdt.start} holds 32 bits: a live time needs 64 (version 1)`,
      );
    this.#number(tfdt, 8);
    this.#number(mfhd, 4);
    return {
      bytes: this.copy(moof.start, mdat.end),
      ...this.#samples(traf),
      sequenceNumberAt: mfhd.content + 4 - moof.start,
      decodeTimeAt: tfdt.content + 4 - moof.start,
    };
  }

  #samples(traf: Box): Pick<Fragment, 'durationTicks' | 'startsWithKeyFrame'> {
    const tfhd = this.#child(traf, 'tfhd');
    const has = this.#number(tfhd, 0) & 0xffffff;
    if ((has & TFHD_BASE_IS_MOOF) === 0)
      throw new ClipError(
        this.#file,
        'tfhd',
        `at ${tfhd.start} lacks default-base-is-moof: it cannot be moved`,
      );
    let at = 8 + (has & TFHD_BASE_DATA_OFFSET ? 8 : 0) + (has & TFHD_SAMPLE_DESCRIPTION ? 4 : 0);
    const defaultDuration = has & TFHD_DURATION ? this.#number(tfhd, at) : undefined;
    at += (has & TFHD_DURATION ? 4 : 0) + (has & TFHD_SIZE ? 4 : 0);
    const defaultFlags = has & TFHD_FLAGS ? this.#number(tfhd, at) : undefined;

    const trun = this.#child(traf, 'trun');
    const holds = this.#number(trun, 0) & 0xffffff;
    const count = this.#number(trun, 4);
    let entry = 8 + (holds & TRUN_DATA_OFFSET ? 4 : 0);
    let firstFlags = defaultFlags;
    if (holds & TRUN_FIRST_FLAGS) {
      firstFlags = this.#number(trun, entry);
      entry += 4;
    }
    let durationTicks = 0;
    for (let sample = 0; sample < count; sample++) {
      const duration = holds & TRUN_DURATION ? this.#number(trun, entry) : defaultDuration;
      if (duration === undefined)
        throw new ClipError(this.#file, 'trun', `at ${trun.start} gives its samples no duration`);
      durationTicks += duration;
      entry += (holds & TRUN_DURATION ? 4 : 0) + (holds & TRUN_SIZE ? 4 : 0);
      if (holds & TRUN_FLAGS) {
        if (sample === 0) firstFlags = this.#number(trun, entry);
        entry += 4;
      }
      entry += holds & TRUN_COMPOSITION ? 4 : 0;
    }
    if (trun.content + entry > trun.end)
      throw new ClipError(this.#file, 'trun', `at ${trun.start} is too short for ${count} samples`);
    if (durationTicks === 0) throw new ClipError(this.#file, 'trun', `at ${trun.start} has no samples`);
    return { durationTicks, startsWithKeyFrame: ((firstFlags ?? 0) & SAMPLE_IS_NOT_SYNC) === 0 };
  }

  #child(parent: Box, type: string): Box {
    const found = this.boxes(parent.content, parent.end, parent.type).filter((box) => box.type === type);
    const [child] = found;
    if (child === undefined)
      throw new ClipError(this.#file, type, `is missing in the ${parent.type} at ${parent.start}`);
    if (found.length > 1)
      throw new ClipError(
        this.#file,
        type,
        `occurs ${found.length} times in the ${parent.type} at ${parent.start}`,
      );
    return child;
  }

  #version(box: Box): number {
    return this.#number(box, 0) >>> 24;
  }

  /** The 32 bits at `offset` of the box's content. */
  #number(box: Box, offset: number): number {
    const at = box.content + offset;
    if (at + 4 > box.end) throw new ClipError(this.#file, box.type, `at ${box.start} is too short`);
    return this.#view.getUint32(at);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
