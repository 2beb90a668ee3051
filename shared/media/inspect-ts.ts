import { type MediaInspection, MediaProblem } from './media-inspection.ts';
import { type NalCodec, nalKind } from './nal-units.ts';
import { LONGEST_PARAMETERS, readParameters } from './parameter-sets.ts';
import { STEP_BYTES, type Steps } from './steps.ts';
import { PACKET_BYTES, payloadAt, pidAt, SYNC_BYTE, startsUnitAt } from './ts-packet.ts';
import { type TsVideoType, tsVideoType } from './ts-video-type.ts';
import type { VideoFormat } from './video-format.ts';

/** Text may begin with the sync byte as well, which is a "G", but the header of a packet has bytes that text does not have. */
export function looksLikeTs(bytes: Uint8Array): boolean {
  if (bytes[0] !== SYNC_BYTE) return false;
  const isText = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d);
  return bytes[PACKET_BYTES] === SYNC_BYTE || !bytes.subarray(1, 16).every(isText);
}

/** Whether MPEG-TS contains its program association table, by which a reader finds everything else. */
export function hasTables(bytes: Uint8Array): boolean {
  for (let at = 0; at + PACKET_BYTES <= bytes.length; at += PACKET_BYTES)
    if (pidAt(bytes, at) === 0) return true;
  return false;
}

/**
 * Inspects MPEG-TS (ISO/IEC 13818-1). A part may be without program tables: they are then taken from `init`. Where there are none,
 * the headers of the PES packets say what is video. Of several video streams the first one counts, as in players.
 */
export function* inspectTs(bytes: Uint8Array, init: Uint8Array | null): Steps<MediaInspection> {
  const stream = new TransportStream();
  if (init !== null && looksLikeTs(init))
    for (let at = 0; at + PACKET_BYTES <= init.length; at += PACKET_BYTES) stream.readTables(init, at);
  for (let at = 0; at < bytes.length; at += PACKET_BYTES) {
    if (at > 0 && at % STEP_BYTES === 0) yield;
    if (bytes[at] !== SYNC_BYTE) throw new MediaProblem(`is damaged: MPEG-TS sync lost at byte ${at}`);
    if (at + PACKET_BYTES > bytes.length)
      throw new MediaProblem(
        `is cut off: the last MPEG-TS packet has ${bytes.length - at} of ${PACKET_BYTES} bytes`,
      );
    stream.readTables(bytes, at);
    stream.readMedia(bytes, at);
  }
  return stream.result();
}

/** Size limit of a section, in bytes: the bytes up to its length field, and the largest length. */
const LONGEST_SECTION_BYTES = 3 + 0xfff;

/** What a program map says of its first video stream. */
interface Video extends TsVideoType {
  readonly program: number;
  readonly pid: number;
}

/** A section whose end is in a later packet. */
class OpenSection {
  private readonly bytes = new Uint8Array(LONGEST_SECTION_BYTES);
  private length = 0;

  constructor(beginning: Uint8Array) {
    this.with(beginning);
  }

  /** @returns all bytes of the section up to now */
  with(bytes: Uint8Array): Uint8Array {
    const taken = bytes.subarray(0, LONGEST_SECTION_BYTES - this.length);
    this.bytes.set(taken, this.length);
    this.length += taken.length;
    return this.bytes.subarray(0, this.length);
  }
}

class TransportStream {
  private readonly tablePids = new Set([0]);
  private readonly openSections = new Map<number, OpenSection>();
  private hasProgram = false;
  private video: Video | null = null;
  /** The PID of the first PES packet whose header says that it is video. It counts where there is no program map. */
  private videoByPes: number | null = null;
  /** Bytes that the last PES packet of the video announced; 0 where it does not say. */
  private announcedBytes = 0;
  /** Bytes of that PES packet that have come. */
  private receivedBytes = 0;
  private hasVideo = false;
  private scanner: StartCodeScanner | null = null;
  private randomAccess = false;

  /** @param at where the packet begins */
  readTables(bytes: Uint8Array, at: number): void {
    const pid = pidAt(bytes, at);
    if (!this.tablePids.has(pid)) return;
    const payload = bytes.subarray(payloadAt(bytes, at), at + PACKET_BYTES);
    const open = this.openSections.get(pid);
    const begins = startsUnitAt(bytes, at);
    if (open === undefined && !begins) return;
    const section =
      open === undefined || begins ? payload.subarray(1 + (payload[0] ?? 0)) : open.with(payload);
    const end = section.length < 3 ? Number.POSITIVE_INFINITY : 3 + (u16(section, 1) & 0xfff);
    if (section.length < end) {
      if (open === undefined || begins) this.openSections.set(pid, new OpenSection(section));
      return;
    }
    this.openSections.delete(pid);
    // The last four bytes of a section are its checksum.
    if (section[0] === 0) this.readAssociation(section, end - 4);
    else if (section[0] === 2) this.readProgramMap(section, end - 4);
  }

  private readAssociation(section: Uint8Array, end: number): void {
    for (let at = 8; at + 4 <= end; at += 4)
      if (u16(section, at) !== 0) this.tablePids.add(u16(section, at + 2) & 0x1fff);
  }

  private readProgramMap(section: Uint8Array, end: number): void {
    this.hasProgram = true;
    const program = u16(section, 3);
    if (this.video !== null && this.video.program !== program) return;
    for (let at = 12 + (u16(section, 10) & 0xfff); at + 5 <= end; ) {
      const next = at + 5 + (u16(section, at + 3) & 0xfff);
      const type = tsVideoType(section[at] ?? 0, section.subarray(at + 5, Math.min(next, end)));
      if (type !== null) {
        this.video = { program, pid: u16(section, at + 1) & 0x1fff, ...type };
        return;
      }
      at = next;
    }
  }

  /**
   * Media has hundreds of thousands of packets, so this allocates nothing.
   * @param at where the packet begins
   */
  readMedia(bytes: Uint8Array, at: number): void {
    const pid = pidAt(bytes, at);
    if (this.tablePids.has(pid)) return;
    const start = payloadAt(bytes, at);
    const end = at + PACKET_BYTES;
    const begins = startsUnitAt(bytes, at);
    if (!this.hasProgram && this.videoByPes === null && begins && isVideoPes(bytes, start, end))
      this.videoByPes = pid;
    if (pid !== (this.hasProgram ? this.video?.pid : this.videoByPes)) return;
    if (begins) this.beginUnit(bytes, at, start);
    if (!this.hasVideo) return;
    this.receivedBytes += end - start;
    const codec = this.video?.codec;
    if (codec !== 'h264' && codec !== 'h265') return;
    this.scanner ??= new StartCodeScanner(codec);
    const headerBytes = begins ? 9 + (start + 8 < end ? (bytes[start + 8] ?? 0) : 0) : 0;
    this.scanner.read(bytes, start + headerBytes, end);
  }

  private beginUnit(bytes: Uint8Array, at: number, start: number): void {
    const end = at + PACKET_BYTES;
    if (!isPes(bytes, start, end)) {
      if (this.hasProgram)
        throw new MediaProblem(`is damaged: the video packet at byte ${at} has no PES header`);
      return;
    }
    this.hasVideo = true;
    this.announcedBytes = start + 6 <= end ? u16(bytes, start + 4) : 0;
    this.receivedBytes = -6;
    if (isRandomAccess(bytes, at)) this.randomAccess = true;
  }

  result(): MediaInspection {
    if (this.hasProgram && this.video === null)
      throw new MediaProblem('has no video: its program table names none', 'names-no-video');
    if (!this.hasVideo)
      throw new MediaProblem(
        this.hasProgram
          ? 'has no video: its program table names it, but none is there'
          : 'has no video and no program table',
        'no-video',
      );
    if (this.scanner !== null && !this.scanner.sawPicture)
      throw new MediaProblem('has no video: its video stream holds no pictures', 'no-video');
    const found = this.randomAccess || this.scanner?.sawKeyFrame === true;
    return {
      ok: true,
      container: 'ts',
      keyFrame: found || (this.scanner !== null ? false : 'unknown'),
      complete: this.announcedBytes === 0 || this.receivedBytes >= this.announcedBytes,
      video: this.format(),
      encrypted: this.video?.encrypted ?? false,
    };
  }

  private format(): VideoFormat | null {
    const codec = this.video?.codec ?? null;
    return codec === null ? null : { codec, codecs: null, size: null, ...this.scanner?.parameters() };
  }
}

/** Finds NAL units by their start codes, across packet borders; stops looking once it has seen a key frame. */
class StartCodeScanner {
  private readonly codec: NalCodec;
  /** Number of zero bytes directly before, at most 2. */
  private zeros = 0;
  private isBehindStartCode = false;
  /** The first sequence parameter set, with what follows it up to the next start code. */
  private parameterBytes: number[] | null = null;
  private isInParameters = false;
  sawPicture = false;
  sawKeyFrame = false;

  constructor(codec: NalCodec) {
    this.codec = codec;
  }

  read(bytes: Uint8Array, start: number, end: number): void {
    if (this.sawKeyFrame) return;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (this.isBehindStartCode) this.beginUnit(byte);
      if (this.isInParameters) this.noteParameters(byte);
      this.isBehindStartCode = byte === 1 && this.zeros === 2;
      this.zeros = byte === 0 ? Math.min(this.zeros + 1, 2) : 0;
      // A start code that begins after this byte includes the third byte from here, or begins after that one. No start code
      // includes a byte above 1.
      if (byte > 1 && !this.isInParameters) while (at + 3 < end && (bytes[at + 3] ?? 0) > 1) at += 3;
    }
  }

  private beginUnit(header: number): void {
    const kind = nalKind(this.codec, header);
    if (kind === 'key-frame' || kind === 'picture') this.sawPicture = true;
    if (kind === 'key-frame') this.sawKeyFrame = true;
    this.isInParameters = kind === 'parameters' && this.parameterBytes === null;
  }

  private noteParameters(byte: number): void {
    this.parameterBytes ??= [];
    this.parameterBytes.push(byte);
    if (this.parameterBytes.length === LONGEST_PARAMETERS) this.isInParameters = false;
  }

  /** The contents of the first sequence parameter set; `null` where none can be read. */
  parameters(): Pick<VideoFormat, 'codecs' | 'size'> | null {
    return this.parameterBytes === null ? null : readParameters(this.codec, this.parameterBytes);
  }
}

function isPes(bytes: Uint8Array, start: number, end: number): boolean {
  return start + 3 <= end && bytes[start] === 0 && bytes[start + 1] === 0 && bytes[start + 2] === 1;
}

function isVideoPes(bytes: Uint8Array, start: number, end: number): boolean {
  return start + 4 <= end && isPes(bytes, start, end) && ((bytes[start + 3] ?? 0) & 0xf0) === 0xe0;
}

/** @param at where the packet begins */
function isRandomAccess(bytes: Uint8Array, at: number): boolean {
  const hasField = ((bytes[at + 3] ?? 0) & 0x20) !== 0 && (bytes[at + 4] ?? 0) > 0;
  return hasField && ((bytes[at + 5] ?? 0) & 0x40) !== 0;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
