import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import {
  CLOCK_HZ,
  type OtherStream,
  PACKET,
  PROGRAM_TABLE_PID,
  programMap,
  writeTable,
  writeTime,
} from '../../../electron/demo/transport-stream.ts';
import { editMedia, segmentNumber } from './edit-answers.ts';

export const TRANSPORT_SOUNDS = ['aac', 'mp2', 'opus', 'g711'] as const;
export type TransportSound = (typeof TRANSPORT_SOUNDS)[number];

/**
 * `always`: sound all the time; `pauses`: 10 s with and 10 s without sound in turn; `begins-late`: each segment has the sound
 * of 1.5 s later; `never`: the program map names the sound, but there is none.
 */
export const SOUND_PRESENCES = ['always', 'pauses', 'begins-late', 'never'] as const;
export type SoundPresence = (typeof SOUND_PRESENCES)[number];

const PAUSE_S = 10;
const LATE_S = 1.5;

const PID = 0x101;
const PES_HEAD = 14;

interface Format extends Omit<OtherStream, 'pid'> {
  readonly streamId: number;
  /** One frame of silence, which fits into one packet. */
  readonly frame: readonly number[];
  /** Duration of one frame, ticks of 90 kHz. */
  readonly frameTicks: number;
}

const letters = (text: string): number[] => [...Buffer.from(text)];

const FORMATS: Readonly<Record<TransportSound, Format>> = {
  // 1024 samples of 16 kHz, mono, after an ADTS header.
  aac: {
    type: 0x0f,
    descriptors: [],
    streamId: 0xc0,
    frame: [0xff, 0xf1, 0x60, 0x40, 0x01, 0xbf, 0xfc, 0x00, 0xc8, 0x00, 0x80, 0x23, 0x80],
    frameTicks: (1024 * CLOCK_HZ) / 16_000,
  },
  // MPEG-1 layer II, 1152 samples of 48 kHz at 32 kbit/s, mono: no subband has a bit.
  mp2: {
    type: 0x03,
    descriptors: [],
    streamId: 0xc0,
    frame: [0xff, 0xfd, 0x14, 0xc0, ...Array<number>(92).fill(0)],
    frameTicks: (1152 * CLOCK_HZ) / 48_000,
  },
  // 20 ms, mono, after its control header.
  opus: {
    type: 0x06,
    descriptors: [0x05, 4, ...letters('Opus'), 0x7f, 2, 0x80, 1],
    streamId: 0xbd,
    frame: [0x7f, 0xe0, 3, 0xf8, 0xff, 0xfe],
    frameTicks: CLOCK_HZ / 50,
  },
  // A-law, 20 ms of 8 kHz, under the type that makers of cameras use.
  g711: {
    type: 0x90,
    descriptors: [],
    streamId: 0xc0,
    frame: Array<number>(160).fill(0xd5),
    frameTicks: CLOCK_HZ / 50,
  },
};

/** Adds sound to the segments of an MPEG transport stream. The sound has no jump between two segments. */
export function withTransportSound(
  files: LiveFiles,
  segmentMs: number,
  sound: TransportSound,
  presence: SoundPresence,
): LiveFiles {
  return editMedia(files, (bytes, { file }) => {
    const segment = segmentNumber(file);
    return Buffer.concat([
      withMap(bytes, sound, segment),
      ...soundPackets(segment * segmentMs, segmentMs, sound, presence),
    ]);
  });
}

/** A segment of {@link withTransportSound} without its pictures. The program map still names them. */
export function soundAlone(segment: Uint8Array): Uint8Array {
  return Buffer.concat(
    packetsOf(segment).filter((packet) => [0, PROGRAM_TABLE_PID, PID].includes(pidOf(packet))),
  );
}

function withMap(bytes: Uint8Array, sound: TransportSound, counter: number): Uint8Array {
  const { type, descriptors } = FORMATS[sound];
  const changed = new Uint8Array(bytes);
  packetsOf(changed).forEach((packet, index) => {
    if (pidOf(packet) === PROGRAM_TABLE_PID)
      writeTable(
        changed,
        index * PACKET,
        PROGRAM_TABLE_PID,
        programMap([{ pid: PID, type, descriptors }]),
        counter,
      );
  });
  return changed;
}

function soundPackets(
  beginMs: number,
  durationMs: number,
  sound: TransportSound,
  presence: SoundPresence,
): Uint8Array[] {
  const { frameTicks } = FORMATS[sound];
  const [fromS, toS] = [beginMs, beginMs + durationMs].map(
    (atMs) => atMs / 1000 + (presence === 'begins-late' ? LATE_S : 0),
  );
  const frameAt = (atS = 0): number => Math.ceil((atS * CLOCK_HZ) / frameTicks);
  const packets: Uint8Array[] = [];
  if (presence === 'never') return packets;
  for (let frame = frameAt(fromS); frame < frameAt(toS); frame++) {
    const ticks = frame * frameTicks;
    const isPause = presence === 'pauses' && Math.floor(ticks / CLOCK_HZ / PAUSE_S) % 2 === 1;
    if (!isPause) packets.push(packet(sound, ticks, frame % 16));
  }
  return packets;
}

function packet(sound: TransportSound, ticks: number, counter: number): Uint8Array {
  const { streamId, frame } = FORMATS[sound];
  const payload = PES_HEAD + frame.length;
  const stuffing = PACKET - 4 - payload;
  const written = new Uint8Array(PACKET).fill(0xff);
  written.set([0x47, 0x40 | (PID >> 8), PID & 0xff, 0x30 | counter, stuffing - 1]);
  if (stuffing > 1) written[5] = 0;
  const pes = written.subarray(PACKET - payload);
  pes.set([0, 0, 1, streamId, 0, payload - 6, 0x80, 0x80, 5]);
  writeTime(pes, 9, 2, ticks);
  pes.set(frame, PES_HEAD);
  return written;
}

function packetsOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / PACKET }, (_, index) =>
    bytes.subarray(index * PACKET, (index + 1) * PACKET),
  );
}

function pidOf(packet: Uint8Array): number {
  return (((packet[1] ?? 0) & 0x1f) << 8) | (packet[2] ?? 0);
}
