import { type MediaInspection, MediaProblem } from './media-inspection.ts';
import { type NalCodec, nalKind } from './nal-units.ts';

const PACKET_BYTES = 188;
const SYNC_BYTE = 0x47;
/** Video stream types of a program map table (ISO/IEC 13818-1 table 2-34), with their codec where key frames can be told. */
const VIDEO_TYPES: ReadonlyMap<number, NalCodec | null> = new Map([
  [0x01, null],
  [0x02, null],
  [0x10, null],
  [0x1b, 'h264'],
  [0x24, 'hevc'],
  [0x33, null],
]);

/** Text may begin with the sync byte too, which is a "G"; a packet's header holds bytes that text does not. */
export function looksLikeTs(bytes: Uint8Array): boolean {
  if (bytes[0] !== SYNC_BYTE) return false;
  const isText = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d);
  return bytes[PACKET_BYTES] === SYNC_BYTE || !bytes.subarray(1, 16).every(isText);
}

/**
 * Inspects MPEG-TS (ISO/IEC 13818-1). A part need not carry program tables: they are taken from `init`, and
 * without any, video is what PES packets say they carry.
 */
export function inspectTs(bytes: Uint8Array, init: Uint8Array | null): MediaInspection {
  const stream = new TransportStream();
  if (init !== null && looksLikeTs(init))
    for (let at = 0; at + PACKET_BYTES <= init.length; at += PACKET_BYTES)
      stream.readTables(init.subarray(at, at + PACKET_BYTES));
  for (let at = 0; at < bytes.length; at += PACKET_BYTES) {
    if (bytes[at] !== SYNC_BYTE) throw new MediaProblem(`is damaged: MPEG-TS sync lost at byte ${at}`);
    const packet = bytes.subarray(at, at + PACKET_BYTES);
    if (packet.length < PACKET_BYTES)
      throw new MediaProblem(
        `is cut off: the last MPEG-TS packet has ${packet.length} of ${PACKET_BYTES} bytes`,
      );
    stream.readTables(packet);
    stream.readMedia(packet, at);
  }
  return stream.result();
}

interface Elementary {
  readonly video: boolean;
  /** Bytes that the last PES packet announced; 0 where it leaves that open. */
  announcedBytes: number;
  receivedBytes: number;
}

class TransportStream {
  readonly #tablePids = new Set([0]);
  readonly #openSections = new Map<number, Uint8Array>();
  #hasProgram = false;
  readonly #videoCodecs = new Map<number, NalCodec | null>();
  readonly #elementary = new Map<number, Elementary>();
  readonly #scanners = new Map<number, StartCodeScanner>();
  #randomAccess = false;

  readTables(packet: Uint8Array): void {
    const pid = pidOf(packet);
    if (!this.#tablePids.has(pid)) return;
    const payload = payloadOf(packet);
    const open = this.#openSections.get(pid);
    if (open === undefined && !startsUnit(packet)) return;
    const section =
      open === undefined || startsUnit(packet)
        ? payload.subarray(1 + (payload[0] ?? 0))
        : Uint8Array.of(...open, ...payload);
    const end = section.length < 3 ? Number.POSITIVE_INFINITY : 3 + (u16(section, 1) & 0xfff);
    if (section.length < end) {
      this.#openSections.set(pid, section);
      return;
    }
    this.#openSections.delete(pid);
    // The last four bytes of a section are its checksum.
    if (section[0] === 0) this.#readAssociation(section, end - 4);
    else if (section[0] === 2) this.#readProgramMap(section, end - 4);
  }

  #readAssociation(section: Uint8Array, end: number): void {
    for (let at = 8; at + 4 <= end; at += 4)
      if (u16(section, at) !== 0) this.#tablePids.add(u16(section, at + 2) & 0x1fff);
  }

  #readProgramMap(section: Uint8Array, end: number): void {
    this.#hasProgram = true;
    for (let at = 12 + (u16(section, 10) & 0xfff); at + 5 <= end; at += 5 + (u16(section, at + 3) & 0xfff)) {
      const codec = VIDEO_TYPES.get(section[at] ?? 0);
      if (codec !== undefined) this.#videoCodecs.set(u16(section, at + 1) & 0x1fff, codec);
    }
  }

  readMedia(packet: Uint8Array, at: number): void {
    const pid = pidOf(packet);
    if (this.#tablePids.has(pid)) return;
    const payload = payloadOf(packet);
    const begins = startsUnit(packet);
    if (begins) this.#beginUnit(pid, payload, at);
    const elementary = this.#elementary.get(pid);
    if (elementary === undefined) return;
    elementary.receivedBytes += payload.length - (begins ? 6 : 0);
    if (!elementary.video) return;
    if (begins && isRandomAccess(packet)) this.#randomAccess = true;
    const codec = this.#videoCodecs.get(pid);
    if (codec === undefined || codec === null) return;
    let scanner = this.#scanners.get(pid);
    if (scanner === undefined) {
      scanner = new StartCodeScanner(codec);
      this.#scanners.set(pid, scanner);
    }
    scanner.read(begins ? payload.subarray(9 + (payload[8] ?? 0)) : payload);
  }

  #beginUnit(pid: number, payload: Uint8Array, at: number): void {
    const isPes = payload[0] === 0 && payload[1] === 0 && payload[2] === 1;
    if (!isPes) {
      if (this.#videoCodecs.has(pid))
        throw new MediaProblem(`is damaged: the video packet at byte ${at} has no PES header`);
      return;
    }
    const isVideoId = ((payload[3] ?? 0) & 0xf0) === 0xe0;
    this.#elementary.set(pid, {
      video: this.#hasProgram ? this.#videoCodecs.has(pid) : isVideoId,
      announcedBytes: u16(payload, 4),
      receivedBytes: 0,
    });
  }

  result(): MediaInspection {
    const streams = [...this.#elementary.values()];
    if (this.#hasProgram && this.#videoCodecs.size === 0)
      throw new MediaProblem('has no video: its program table names none');
    if (!streams.some((stream) => stream.video))
      throw new MediaProblem(
        this.#hasProgram
          ? 'has no video: its program table names it, but none is there'
          : 'has no video and no program table',
      );
    const scanners = [...this.#scanners.values()];
    if (scanners.length > 0 && !scanners.some((scanner) => scanner.sawPicture))
      throw new MediaProblem('has no video: its video stream holds no pictures');
    const found = this.#randomAccess || scanners.some((scanner) => scanner.sawKeyFrame);
    return {
      ok: true,
      container: 'ts',
      keyFrame: found || (scanners.length > 0 ? false : 'unknown'),
      complete: streams.every((stream) => stream.receivedBytes >= stream.announcedBytes),
      video: null,
    };
  }
}

/** Finds NAL units by their start codes, across packet borders; stops looking once it has seen a key frame. */
class StartCodeScanner {
  readonly #codec: NalCodec;
  /** The last three bytes, as one number: 1 after a start code. */
  #last = 0xffffff;
  sawPicture = false;
  sawKeyFrame = false;

  constructor(codec: NalCodec) {
    this.#codec = codec;
  }

  read(payload: Uint8Array): void {
    if (this.sawKeyFrame) return;
    for (const byte of payload) {
      if (this.#last === 1) {
        const kind = nalKind(this.#codec, byte);
        if (kind !== 'other') this.sawPicture = true;
        if (kind === 'key-frame') this.sawKeyFrame = true;
      }
      this.#last = ((this.#last << 8) | byte) & 0xffffff;
    }
  }
}

function pidOf(packet: Uint8Array): number {
  return u16(packet, 1) & 0x1fff;
}

function startsUnit(packet: Uint8Array): boolean {
  return ((packet[1] ?? 0) & 0x40) !== 0;
}

function isRandomAccess(packet: Uint8Array): boolean {
  return ((packet[3] ?? 0) & 0x20) !== 0 && (packet[4] ?? 0) > 0 && ((packet[5] ?? 0) & 0x40) !== 0;
}

function payloadOf(packet: Uint8Array): Uint8Array {
  const control = packet[3] ?? 0;
  if ((control & 0x10) === 0) return packet.subarray(packet.length);
  return packet.subarray((control & 0x20) === 0 ? 4 : 5 + (packet[4] ?? 0));
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
