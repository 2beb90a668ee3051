import { crc32Mpeg2 } from './crc32-mpeg2.ts';
import { STEP_BYTES, type Steps } from './steps.ts';
import { NULL_PID, PACKET_BYTES, payloadAt, pidAt, SYNC_BYTE, startsUnitAt } from './ts-packet.ts';
import { tsVideoType } from './ts-video-type.ts';

const ASSOCIATION_PID = 0;
const ASSOCIATION_TABLE = 0;
const MAP_TABLE = 2;
const CRC_BYTES = 4;
/** Size limit of a unit, in bytes: a section, and what may follow it in its last packet. A longer unit is no program table. */
const LONGEST_UNIT_BYTES = 4096 + PACKET_BYTES;

/** Number of association tables that are rewritten in one step. Each may be as long as {@link LONGEST_UNIT_BYTES}. */
const STEP_UNITS = 500;

/** The packets from the beginning of a section to the next beginning on the same PID. */
interface Unit {
  readonly pid: number;
  /** Where its packets begin. The unit begins in the first of them. */
  readonly packets: number[];
  readonly bytes: number[];
  /** Where in `bytes` the first section begins that is not known to be whole. */
  openAt: number;
}

/** One program map: its entry of the first video stream, and the number of streams that it lists. */
interface ProgramMap {
  readonly program: number;
  readonly header: readonly number[];
  /** The entry of the first video stream, its descriptors included. */
  readonly video: readonly number[] | null;
  readonly streams: number;
}

/**
 * Removes everything but the video from the program tables of MPEG-TS (ISO/IEC 13818-1 section 2.4.4). The packets of the other
 * streams stay: no table names them, so that players skip them.
 *
 * hls.js uses the first entry of an association table as the program, reads every packet of a program map as a whole map, and
 * stops at kinds of audio that it does not know. So each table that is rewritten is in one packet, with one program and one
 * stream. The other packets of that table become null packets.
 */
export class TsVideoOnly {
  /** By PID: 1 where it carries program tables. */
  private readonly isTable = new Uint8Array(NULL_PID + 1);
  /** Number and map PID of the program that is kept, which is the first one with video. */
  private kept: { readonly program: number; readonly mapPid: number } | null = null;

  constructor() {
    this.isTable[ASSOCIATION_PID] = 1;
  }

  /** @param bytes whole packets, which are changed in place */
  *filterInSteps(bytes: Uint8Array): Steps<void> {
    const open = new Map<number, Unit>();
    const associations: Unit[] = [];
    const finish = (unit: Unit): void => {
      open.delete(unit.pid);
      if (unit.pid !== ASSOCIATION_PID) this.keepVideo(bytes, unit);
      else if (this.readAssociation(unit)) associations.push(unit);
    };
    for (let at = 0; at + PACKET_BYTES <= bytes.length; at += PACKET_BYTES) {
      if (at > 0 && at % STEP_BYTES === 0) yield;
      const pid = pidAt(bytes, at);
      if (this.isTable[pid] === 0 || bytes[at] !== SYNC_BYTE) continue;
      const end = at + PACKET_BYTES;
      let start = payloadAt(bytes, at);
      if (start === end) continue;
      let unit = open.get(pid);
      if (startsUnitAt(bytes, at)) {
        const tail = start + 1;
        start = Math.min(tail + (bytes[start] ?? 0), end);
        if (unit !== undefined) {
          append(unit, bytes, tail, start);
          if (isComplete(unit)) finish(unit);
        }
        unit = { pid, packets: [at], bytes: [], openAt: 0 };
        open.set(pid, unit);
      } else if (unit === undefined) continue;
      else unit.packets.push(at);
      append(unit, bytes, start, end);
      if (isComplete(unit)) finish(unit);
      else if (unit.bytes.length > LONGEST_UNIT_BYTES) open.delete(pid);
    }
    // Which program has video is known only when the maps that follow the association tables are read.
    for (const [index, unit] of associations.entries()) {
      if (index > 0 && index % STEP_UNITS === 0) yield;
      this.keepProgram(bytes, unit);
    }
  }

  /** @returns whether it is an association table */
  private readAssociation({ bytes }: Unit): boolean {
    const sections = sectionsOf(bytes, ASSOCIATION_TABLE);
    const programs = sections.flatMap(programsOf);
    for (const { mapPid } of programs) this.isTable[mapPid] = 1;
    const isWhole = sections.some((section) => section[7] === 0);
    if (isWhole && !programs.some(({ program }) => program === this.kept?.program)) this.kept = null;
    return sections.length > 0;
  }

  private keepVideo(bytes: Uint8Array, unit: Unit): void {
    const maps = sectionsOf(unit.bytes, MAP_TABLE).map(readProgramMap);
    const withVideo = maps.find(({ video }) => video !== null);
    if (this.kept === null && withVideo !== undefined)
      this.kept = { program: withVideo.program, mapPid: unit.pid };
    const map = maps.find(({ program }) => program === this.kept?.program);
    if (map === undefined) {
      // A player must not read another program's map on the same PID as the map of the program that is kept.
      if (unit.pid === this.kept?.mapPid) nullify(bytes, unit.packets);
      return;
    }
    const isAlone = maps.length === 1 && unit.packets.length === 1 && map.streams === 1;
    if (map.video === null || isAlone) return;
    const head = [...map.header, 0xf0, 0];
    const withoutDescriptors = [...map.video.slice(0, 3), 0xf0, 0];
    if (!replace(bytes, unit, [...head, ...map.video]))
      replace(bytes, unit, [...head, ...withoutDescriptors]);
  }

  private keepProgram(bytes: Uint8Array, unit: Unit): void {
    const kept = this.kept;
    if (kept === null) return;
    const sections = sectionsOf(unit.bytes, ASSOCIATION_TABLE);
    const section = sections.find((candidate) =>
      programsOf(candidate).some(({ program }) => program === kept.program),
    );
    if (section === undefined) return;
    const isAlone = sections.length === 1 && unit.packets.length === 1 && entriesOf(section) === 1;
    if (!isAlone)
      replace(bytes, unit, [...section.slice(0, 8), ...u16(kept.program), ...u16(0xe000 | kept.mapPid)]);
  }
}

function append(unit: Unit, bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at += 1) unit.bytes.push(bytes[at] ?? 0);
}

/** Whether all sections that begin in a unit are whole, and only stuffing follows them. */
function isComplete(unit: Unit): boolean {
  const { bytes } = unit;
  let at = unit.openAt;
  while (at < bytes.length && bytes[at] !== 0xff) {
    unit.openAt = at;
    at += sectionBytes(bytes, at);
  }
  return at <= bytes.length && bytes.length > 0;
}

function sectionBytes(bytes: readonly number[], at: number): number {
  return 3 + (readU16(bytes, at + 1) & 0xfff);
}

/** The sections of one table in a unit, without those that are marked as not valid yet. */
function sectionsOf(bytes: readonly number[], table: number): (readonly number[])[] {
  const sections: (readonly number[])[] = [];
  for (let at = 0; at < bytes.length && bytes[at] !== 0xff; at += sectionBytes(bytes, at)) {
    const section = bytes.slice(at, at + sectionBytes(bytes, at));
    const isCurrent = ((section[5] ?? 0) & 1) === 1;
    if (section[0] === table && section.length >= 12 && isCurrent) sections.push(section);
  }
  return sections;
}

function programsOf(section: readonly number[]): { program: number; mapPid: number }[] {
  return Array.from({ length: entriesOf(section) }, (_, index) => ({
    program: readU16(section, 8 + 4 * index),
    mapPid: readU16(section, 10 + 4 * index) & 0x1fff,
    // Program 0 is the network's table, not a program.
  })).filter(({ program }) => program !== 0);
}

function entriesOf(association: readonly number[]): number {
  return Math.floor((association.length - 8 - CRC_BYTES) / 4);
}

function readProgramMap(section: readonly number[]): ProgramMap {
  const end = section.length - CRC_BYTES;
  let video: readonly number[] | null = null;
  let streams = 0;
  for (let at = 12 + (readU16(section, 10) & 0xfff); at + 5 <= end; streams += 1) {
    const next = at + 5 + (readU16(section, at + 3) & 0xfff);
    const entry = section.slice(at, Math.min(next, end));
    const type = tsVideoType(entry[0] ?? 0, Uint8Array.from(entry.slice(5)));
    if (video === null && type !== null) video = entry;
    at = next;
  }
  return { program: readU16(section, 3), header: section.slice(0, 10), video, streams };
}

/**
 * Writes a section in the place of a unit, and corrects its length, its numbers and its checksum.
 *
 * @param section without its checksum
 * @returns whether there was room for it in the unit's first packet
 */
function replace(bytes: Uint8Array, { packets }: Unit, section: readonly number[]): boolean {
  const [first = 0, ...others] = packets;
  const start = payloadAt(bytes, first) + 1;
  const end = first + PACKET_BYTES;
  const checksumAt = start + section.length;
  if (checksumAt + CRC_BYTES > end) return false;
  // The pointer field: the section begins directly after it.
  bytes[start - 1] = 0;
  bytes.set(section, start);
  const length = section.length + CRC_BYTES - 3;
  bytes[start + 1] = 0xb0 | (length >> 8);
  bytes[start + 2] = length & 0xff;
  // It is the only section of its table: its number is 0, and so is the number of the last section.
  bytes.fill(0, start + 6, start + 8);
  const checksum = crc32Mpeg2(bytes, start, checksumAt);
  bytes.set([...u16(checksum >>> 16), ...u16(checksum & 0xffff)], checksumAt);
  bytes.fill(0xff, checksumAt + CRC_BYTES, end);
  nullify(bytes, others);
  return true;
}

function nullify(bytes: Uint8Array, packets: readonly number[]): void {
  for (const at of packets) {
    bytes[at + 1] = NULL_PID >> 8;
    bytes[at + 2] = NULL_PID & 0xff;
  }
}

function u16(value: number): [number, number] {
  return [(value >> 8) & 0xff, value & 0xff];
}

function readU16(bytes: readonly number[], at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
