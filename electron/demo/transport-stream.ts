import type { Clip, Sample, VideoFormat } from './fmp4.ts';

/** A picture with its time in a stream. */
export interface TimedSample {
  readonly sample: Sample;
  /** Decode time in ticks of the clip's timescale, a whole number from 0 to 2^53 - 1. */
  readonly decodeTime: number;
}

/** The continuity counters at a segment's beginning, whole numbers of which the lowest 4 bits count. */
export interface SegmentCounters {
  /** For both tables, which are sent once in a segment. */
  readonly tables: number;
  readonly video: number;
}

/** Size of a packet, bytes. */
export const PACKET = 188;
const SYNC = 0x47;
export const PROGRAM_TABLE_PID = 0x1000;
const VIDEO_PID = 0x100;
const STREAM_TYPE_H264 = 0x1b;
const VIDEO_STREAM_ID = 0xe0;
/** Ticks per second of presentation times and of the program clock, both modulo 2^33. */
export const CLOCK_HZ = 90_000;
/** Ticks by which the program clock is ahead of decoding: time for a decoder to receive the picture. */
const CLOCK_LEAD_TICKS = CLOCK_HZ / 10;
const PACKET_HEAD = 4;
/** Size of an adaptation field with a program clock. Every picture has one: at least 10 a second are required. */
const CLOCK_FIELD = 8;
const PES_HEAD = 19;
/** The beginning of every access unit (ISO/IEC 14496-10, 7.3.2.4), for any kind of picture. */
const ACCESS_UNIT_DELIMITER = Uint8Array.of(0, 0, 0, 1, 9, 0xf0);
const START_CODE = Uint8Array.of(0, 0, 0, 1);

/** Number of packets of a picture. With it, later counters are known without writing the picture. */
export function packetsOf(format: VideoFormat, sample: Sample): number {
  const first = PACKET - PACKET_HEAD - CLOCK_FIELD;
  const bytes = PES_HEAD + accessUnitBytes(format, sample);
  return 1 + Math.ceil(Math.max(0, bytes - first) / (PACKET - PACKET_HEAD));
}

/** A segment of an MPEG transport stream (ISO/IEC 13818-1): its tables and then its pictures. */
export function writeTransportSegment(
  { timescale, video }: Pick<Clip, 'timescale' | 'video'>,
  pictures: readonly TimedSample[],
  counters: SegmentCounters,
): Uint8Array {
  const packets = pictures.reduce((sum, { sample }) => sum + packetsOf(video, sample), 2);
  const written = new Uint8Array(packets * PACKET);
  writeTable(written, 0, 0, PROGRAM_ASSOCIATION, counters.tables);
  writeTable(written, PACKET, PROGRAM_TABLE_PID, PROGRAM_MAP, counters.tables);
  let at = 2 * PACKET;
  let counter = counters.video % 16;
  for (const { sample, decodeTime } of pictures) {
    const decode = (decodeTime * CLOCK_HZ) / timescale;
    const pes = packetizedPicture(
      video,
      sample,
      decode,
      decode + (sample.compositionOffsetTicks * CLOCK_HZ) / timescale,
    );
    for (let sent = 0; sent < pes.length; at += PACKET) {
      const first = sent === 0;
      const room = PACKET - PACKET_HEAD - (first ? CLOCK_FIELD : 0);
      const payload = Math.min(room, pes.length - sent);
      // Padding in the adaptation field, because a packet is always full.
      const field = PACKET - PACKET_HEAD - payload;
      written[at] = SYNC;
      written[at + 1] = (first ? 0x40 : 0) | (VIDEO_PID >> 8);
      written[at + 2] = VIDEO_PID & 0xff;
      written[at + 3] = (field > 0 ? 0x30 : 0x10) | counter;
      counter = (counter + 1) % 16;
      if (field > 0) {
        written.fill(0xff, at + 4, at + 4 + field);
        written[at + 4] = field - 1;
        if (field > 1) written[at + 5] = first ? 0x10 | (sample.picture === 'key' ? 0x40 : 0) : 0;
        if (first) writeClock(written, at + 6, decode - CLOCK_LEAD_TICKS);
      }
      written.set(pes.subarray(sent, sent + payload), at + PACKET_HEAD + field);
      sent += payload;
    }
  }
  return written;
}

function accessUnitBytes(format: VideoFormat, { bytes, picture }: Sample): number {
  const sets = picture === 'key' ? parameterSets(format) : [];
  return sets.reduce(
    (sum, set) => sum + START_CODE.length + set.length,
    ACCESS_UNIT_DELIMITER.length + bytes.length,
  );
}

function parameterSets(format: VideoFormat): readonly Uint8Array[] {
  return [...format.sequenceParameterSets, ...format.pictureParameterSets];
}

/** A PES packet with the picture as a byte stream (ISO/IEC 14496-10, Annex B). */
function packetizedPicture(format: VideoFormat, sample: Sample, decode: number, present: number): Uint8Array {
  const written = new Uint8Array(PES_HEAD + accessUnitBytes(format, sample));
  // Length 0, which is allowed for video; data aligned; both times, in 10 bytes.
  written.set([0, 0, 1, VIDEO_STREAM_ID, 0, 0, 0x84, 0xc0, 10]);
  writeTime(written, 9, 3, present);
  writeTime(written, 14, 1, decode);
  let at = PES_HEAD;
  const append = (bytes: Uint8Array): void => {
    written.set(bytes, at);
    at += bytes.length;
  };
  append(ACCESS_UNIT_DELIMITER);
  if (sample.picture === 'key')
    for (const set of parameterSets(format)) {
      append(START_CODE);
      append(set);
    }
  const unitsAt = at;
  append(sample.bytes);
  // Lengths and start codes both have 4 bytes, so one replaces the other in place.
  const view = new DataView(written.buffer);
  for (let unit = unitsAt; unit + 4 <= written.length; ) {
    const length = view.getUint32(unit);
    written.set(START_CODE, unit);
    unit += 4 + length;
  }
  return written;
}

/** A time of 33 bits in 5 bytes with marker bits between. */
export function writeTime(bytes: Uint8Array, at: number, prefix: number, ticks: number): void {
  const time = modulo33Bits(ticks);
  const low = time % 2 ** 30;
  bytes[at] = (prefix << 4) | (Math.floor(time / 2 ** 30) << 1) | 1;
  bytes[at + 1] = (low >>> 22) & 0xff;
  bytes[at + 2] = ((low >>> 14) & 0xfe) | 1;
  bytes[at + 3] = (low >>> 7) & 0xff;
  bytes[at + 4] = ((low << 1) & 0xfe) | 1;
}

/** A program clock reference: 33 bits, 6 reserved ones, and an extension of 0. */
export function writeClock(bytes: Uint8Array, at: number, ticks: number): void {
  const time = modulo33Bits(ticks);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, Math.floor(time / 2));
  bytes[at + 4] = (time % 2 === 1 ? 0x80 : 0) | 0x7e;
  bytes[at + 5] = 0;
}

function modulo33Bits(ticks: number): number {
  const rest = Math.round(ticks) % 2 ** 33;
  return rest < 0 ? rest + 2 ** 33 : rest;
}

const PROGRAM_ASSOCIATION = section(0x00, [0, 1, 0xe0 | (PROGRAM_TABLE_PID >> 8), PROGRAM_TABLE_PID & 0xff]);
const PROGRAM_MAP = programMap([]);

/** A stream of a program beside its video. */
export interface OtherStream {
  readonly pid: number;
  /** ISO/IEC 13818-1, table 2-34. */
  readonly type: number;
  readonly descriptors: readonly number[];
}

/** The section that lists the program's streams: its video, which carries the clock, and others. */
export function programMap(others: readonly OtherStream[]): Uint8Array {
  const streams = [{ pid: VIDEO_PID, type: STREAM_TYPE_H264, descriptors: [] }, ...others];
  return section(0x02, [
    ...[0xe0 | (VIDEO_PID >> 8), VIDEO_PID & 0xff, 0xf0, 0],
    ...streams.flatMap(({ pid, type, descriptors }) => [
      ...[type, 0xe0 | (pid >> 8), pid & 0xff, 0xf0, descriptors.length],
      ...descriptors,
    ]),
  ]);
}

/** A table section of program 1, version 0, with its checksum. */
function section(tableId: number, content: readonly number[]): Uint8Array {
  const length = 5 + content.length + 4;
  const bytes = [tableId, 0xb0 | (length >> 8), length & 0xff, 0, 1, 0xc1, 0, 0, ...content];
  const sum = checksum(bytes);
  return Uint8Array.of(...bytes, sum >>> 24, (sum >>> 16) & 0xff, (sum >>> 8) & 0xff, sum & 0xff);
}

/** CRC-32 of MPEG-2: polynomial 0x04c11db7, not reflected, initial value all ones (ISO/IEC 13818-1, Annex A). */
function checksum(bytes: readonly number[]): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return sum >>> 0;
}

/** A packet with one table section. */
export function writeTable(
  written: Uint8Array,
  at: number,
  pid: number,
  table: Uint8Array,
  counter: number,
): void {
  written.fill(0xff, at, at + PACKET);
  written.set([SYNC, 0x40 | (pid >> 8), pid & 0xff, 0x10 | (counter % 16), 0], at);
  written.set(table, at + 5);
}
