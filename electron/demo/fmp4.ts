/**
 * Reads a fragmented MP4 with one H.264 track into its samples. Box layouts: ISO/IEC 14496-12; those of `avc1` and
 * `avcC`: ISO/IEC 14496-15.
 */

export interface Clip {
  /** Name of the clip in error messages. */
  readonly file: string;
  /** `ftyp` and `moov`. */
  readonly init: Uint8Array;
  readonly trackId: number;
  /** Ticks per second of all times in the clip. */
  readonly timescale: number;
  readonly video: VideoFormat;
  /** In decoding order. */
  readonly samples: readonly Sample[];
}

/** One picture. */
export interface Sample {
  /** NAL units, each after its length in 32 bits. */
  readonly bytes: Uint8Array;
  readonly durationTicks: number;
  /** Ticks from decoding to presentation. */
  readonly compositionOffsetTicks: number;
  readonly picture: 'key' | 'delta';
}

export interface VideoFormat {
  readonly width: number;
  readonly height: number;
  /** As in the CODECS attribute (RFC 6381), such as `avc1.4d4016`. */
  readonly codec: string;
  readonly sequenceParameterSets: readonly Uint8Array[];
  readonly pictureParameterSets: readonly Uint8Array[];
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
  /** Position of the content, after size and type. */
  readonly content: number;
  readonly end: number;
}

/** @throws {ClipError} where a box is missing, cut short, or of a kind that is not supported */
export function readClip(bytes: Uint8Array, file: string): Clip {
  const reader = new BoxReader(bytes, file);
  if (reader.typeAt(0) !== 'ftyp') throw new ClipError(file, 'ftyp', 'is missing at the beginning');
  const top = reader.boxes(0, bytes.length, 'file');
  const moov = top.find((box) => box.type === 'moov');
  if (moov === undefined) throw new ClipError(file, 'moov', 'is missing');
  const samples = top.flatMap((box, index) => {
    if (box.type !== 'moof') return [];
    const next = top[index + 1];
    if (next?.type !== 'mdat') throw new ClipError(file, 'mdat', `is missing after the moof at ${box.start}`);
    return reader.samples(box, next);
  });
  if (samples.length === 0) throw new ClipError(file, 'moof', 'is missing: the clip is not fragmented');
  return { file, init: reader.copy(0, moov.end), ...reader.track(moov), samples };
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
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly file: string;

  constructor(bytes: Uint8Array, file: string) {
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.file = file;
  }

  copy(from: number, to: number): Uint8Array {
    return new Uint8Array(this.bytes.subarray(from, to));
  }

  typeAt(start: number): string {
    return String.fromCharCode(...this.bytes.subarray(start + 4, start + 8));
  }

  boxes(from: number, to: number, parent: string): Box[] {
    const found: Box[] = [];
    for (let start = from; start < to; ) {
      if (to - start < 8) throw new ClipError(this.file, parent, `is cut short at ${to}`);
      const type = this.typeAt(start);
      const size = this.view.getUint32(start);
      if (size < 8) throw new ClipError(this.file, type, `at ${start} has the unsupported size ${size}`);
      if (start + size > to) throw new ClipError(this.file, type, `at ${start} is cut short`);
      found.push({ type, start, content: start + 8, end: start + size });
      start += size;
    }
    return found;
  }

  track(moov: Box): Pick<Clip, 'trackId' | 'timescale' | 'video'> {
    const traks = this.boxes(moov.content, moov.end, 'moov').filter((box) => box.type === 'trak');
    const [trak] = traks;
    if (trak === undefined) throw new ClipError(this.file, 'trak', 'is missing');
    if (traks.length > 1)
      throw new ClipError(this.file, 'trak', `occurs ${traks.length} times: one track only`);
    const tkhd = this.child(trak, 'tkhd');
    const mdia = this.child(trak, 'mdia');
    const mdhd = this.child(mdia, 'mdhd');
    const timescale = this.number(mdhd, this.version(mdhd) === 1 ? 20 : 12);
    if (timescale === 0) throw new ClipError(this.file, 'mdhd', 'has a timescale of 0');
    return {
      trackId: this.number(tkhd, this.version(tkhd) === 1 ? 20 : 12),
      timescale,
      video: this.video(this.child(this.child(this.child(mdia, 'minf'), 'stbl'), 'stsd')),
    };
  }

  private video(stsd: Box): VideoFormat {
    const entry = this.boxes(stsd.content + 8, stsd.end, 'stsd').find((box) => box.type === 'avc1');
    if (entry === undefined) throw new ClipError(this.file, 'avc1', 'is missing: only H.264 is read');
    const size = this.number(entry, 24);
    const avcC = this.boxes(entry.content + 78, entry.end, 'avc1').find((box) => box.type === 'avcC');
    if (avcC === undefined)
      throw new ClipError(this.file, 'avcC', `is missing in the avc1 at ${entry.start}`);
    const content = this.copy(avcC.content, avcC.end);
    const byte = (at: number): number => {
      const value = content[at];
      if (value === undefined) throw new ClipError(this.file, 'avcC', `at ${avcC.start} is too short`);
      return value;
    };
    if ((byte(4) & 3) !== 3)
      throw new ClipError(this.file, 'avcC', 'gives NAL units lengths of other than 32 bits');
    let at = 5;
    const parameterSets = (countMask: number): Uint8Array[] => {
      const sets: Uint8Array[] = [];
      for (let left = byte(at++) & countMask; left > 0; left--) {
        const end = at + 2 + ((byte(at) << 8) | byte(at + 1));
        byte(end - 1);
        sets.push(content.slice(at + 2, end));
        at = end;
      }
      return sets;
    };
    return {
      width: size >>> 16,
      height: size & 0xffff,
      codec: `avc1.${[1, 2, 3].map((i) => byte(i).toString(16).padStart(2, '0')).join('')}`,
      sequenceParameterSets: parameterSets(0x1f),
      pictureParameterSets: parameterSets(0xff),
    };
  }

  samples(moof: Box, mdat: Box): Sample[] {
    const traf = this.child(moof, 'traf');
    const tfhd = this.child(traf, 'tfhd');
    const has = this.number(tfhd, 0) & 0xffffff;
    if ((has & TFHD_BASE_IS_MOOF) === 0)
      throw new ClipError(
        this.file,
        'tfhd',
        `at ${tfhd.start} lacks default-base-is-moof: its samples cannot be found`,
      );
    const defaults = this.fields(
      tfhd,
      8 + (has & TFHD_BASE_DATA_OFFSET ? 8 : 0) + (has & TFHD_SAMPLE_DESCRIPTION ? 4 : 0),
    );
    const defaultDuration = defaults.next(has & TFHD_DURATION);
    const defaultSize = defaults.next(has & TFHD_SIZE);
    const defaultFlags = defaults.next(has & TFHD_FLAGS);

    const trun = this.child(traf, 'trun');
    const holds = this.number(trun, 0) & 0xffffff;
    const count = this.number(trun, 4);
    if (count === 0) throw new ClipError(this.file, 'trun', `at ${trun.start} has no samples`);
    const fields = this.fields(trun, 8);
    let start = moof.start + (fields.next(holds & TRUN_DATA_OFFSET) ?? mdat.content - moof.start);
    const firstFlags = fields.next(holds & TRUN_FIRST_FLAGS);
    return Array.from({ length: count }, (_, index) => {
      const durationTicks = fields.next(holds & TRUN_DURATION) ?? defaultDuration;
      const size = fields.next(holds & TRUN_SIZE) ?? defaultSize;
      const flags =
        fields.next(holds & TRUN_FLAGS) ?? (index === 0 ? (firstFlags ?? defaultFlags) : defaultFlags);
      const compositionOffsetTicks = fields.next(holds & TRUN_COMPOSITION) ?? 0;
      if (!durationTicks)
        throw new ClipError(this.file, 'trun', `at ${trun.start} gives its samples no duration`);
      if (!size) throw new ClipError(this.file, 'trun', `at ${trun.start} gives its samples no size`);
      if (start < mdat.content || start + size > mdat.end)
        throw new ClipError(this.file, 'trun', `at ${trun.start} names samples outside of the mdat`);
      const bytes = this.copy(start, start + size);
      start += size;
      return {
        bytes,
        durationTicks,
        // In version 1 the offset is signed.
        compositionOffsetTicks:
          this.version(trun) === 0 ? compositionOffsetTicks : compositionOffsetTicks | 0,
        picture: ((flags ?? 0) & SAMPLE_IS_NOT_SYNC) === 0 ? 'key' : 'delta',
      };
    });
  }

  /** Reads a box's optional fields of 32 bits one after another. */
  private fields(box: Box, offset: number): { next(present: number): number | undefined } {
    let at = offset;
    return {
      next: (present) => {
        if (!present) return undefined;
        at += 4;
        return this.number(box, at - 4);
      },
    };
  }

  private child(parent: Box, type: string): Box {
    const found = this.boxes(parent.content, parent.end, parent.type).filter((box) => box.type === type);
    const [child] = found;
    if (child === undefined)
      throw new ClipError(this.file, type, `is missing in the ${parent.type} at ${parent.start}`);
    if (found.length > 1)
      throw new ClipError(
        this.file,
        type,
        `occurs ${found.length} times in the ${parent.type} at ${parent.start}`,
      );
    return child;
  }

  private version(box: Box): number {
    return this.number(box, 0) >>> 24;
  }

  /** The 32 bits at `offset` of the box's content. */
  private number(box: Box, offset: number): number {
    const at = box.content + offset;
    if (at + 4 > box.end) throw new ClipError(this.file, box.type, `at ${box.start} is too short`);
    return this.view.getUint32(at);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
