import { PACKET_BYTES, payloadAt, SYNC_BYTE, startsUnitAt } from '../../shared/media/ts-packet.ts';

/** The place of a piece of media in its stream. */
export interface PiecePlace {
  /** Media sequence number of its segment. */
  readonly sequence: number;
  /** Number of the part in its segment, counted from 0; `null` for the whole segment. */
  readonly part: number | null;
  readonly discontinuity: number;
  readonly durationS: number;
}

/** Rate at which time stamps count (ISO/IEC 13818-1 section 2.4.3.7). */
const TICKS_A_SECOND = 90_000;
/** Time stamps are 33 bits wide. */
const WRAP = 2 ** 33;
/** The clock jumped where the step between two pictures is longer than the piece by this much, s. */
const JUMP_S = 10;
/** Assumed step between two pictures until the stream has shown its own, ticks. */
const ASSUMED_STEP = TICKS_A_SECOND / 25;
/** Segments of which the correction is remembered: in search of a key frame, hls.js loads earlier segments again. */
const REMEMBERED = 64;

/**
 * Makes the clock of MPEG-TS media continuous where it jumps and the playlist does not say so, as when a camera sets its time.
 * hls.js (1.7.4) would make a hole of the jump, or show one picture for the length of the jump. A step over pieces that were
 * skipped is no jump.
 */
export class SteadyClock {
  private last: PiecePlace | null = null;
  /** Original time stamp of the newest picture, ticks. */
  private lastTime: number | null = null;
  /** From the picture before it to the newest one, ticks. */
  private step = ASSUMED_STEP;
  /** Added to all time stamps, ticks. */
  private correction = 0;
  /** The correction at the beginning of each segment, by its media sequence number. */
  private readonly corrections = new Map<number, number>();

  /** @param bytes MPEG-TS, which is changed in place; other media is not changed */
  filter(bytes: Uint8Array, place: PiecePlace): void {
    if (bytes[0] !== SYNC_BYTE || bytes[PACKET_BYTES] !== SYNC_BYTE) return;
    this.moveTo(place);
    const jumpTicks = (JUMP_S + place.durationS) * TICKS_A_SECOND;
    for (let at = 0; at + PACKET_BYTES <= bytes.length; at += PACKET_BYTES) {
      if (bytes[at] !== SYNC_BYTE) continue;
      const header = startsUnitAt(bytes, at) ? payloadAt(bytes, at) : at + PACKET_BYTES;
      const stamps = stampsAt(bytes, header, at + PACKET_BYTES);
      if (stamps.length > 0) this.follow(readStamp(bytes, stamps.at(-1) ?? 0), jumpTicks, place.sequence);
      if (this.correction !== 0)
        for (const stamp of stamps) writeStamp(bytes, stamp, readStamp(bytes, stamp) + this.correction);
    }
  }

  private moveTo(place: PiecePlace): void {
    const { last } = this;
    if (last !== null && last.discontinuity !== place.discontinuity) {
      this.lastTime = null;
      this.correction = 0;
      this.corrections.clear();
    } else if (last !== null && !follows(last, place)) {
      this.lastTime = null;
      this.correction = this.corrections.get(place.sequence) ?? this.correction;
    }
    this.last = place;
  }

  private follow(time: number, jumpTicks: number, sequence: number): void {
    if (this.lastTime !== null) {
      const step = difference(time, this.lastTime);
      if (Math.abs(step) > jumpTicks) this.correction += this.step - step;
      else if (step > 0) this.step = step;
    }
    this.lastTime = time;
    if (this.corrections.has(sequence)) return;
    this.corrections.set(sequence, this.correction);
    for (const old of this.corrections.keys()) if (old <= sequence - REMEMBERED) this.corrections.delete(old);
  }
}

function follows(last: PiecePlace, next: PiecePlace): boolean {
  if (next.sequence === last.sequence) return last.part !== null && next.part === last.part + 1;
  return next.sequence === last.sequence + 1 && (next.part ?? 0) === 0;
}

/** Positions of the time stamps in the header of a video PES packet; the last one is the decoding time. */
function stampsAt(bytes: Uint8Array, header: number, end: number): number[] {
  const isVideo =
    bytes[header] === 0 &&
    bytes[header + 1] === 0 &&
    bytes[header + 2] === 1 &&
    ((bytes[header + 3] ?? 0) & 0xf0) === 0xe0;
  if (!isVideo) return [];
  const count = [0, 0, 1, 2][(bytes[header + 7] ?? 0) >> 6] ?? 0;
  return [9, 14]
    .slice(0, count)
    .map((offset) => header + offset)
    .filter((at) => at + 5 <= end);
}

function readStamp(bytes: Uint8Array, at: number): number {
  const byte = (offset: number): number => bytes[at + offset] ?? 0;
  return (
    ((byte(0) >> 1) & 7) * 2 ** 30 +
    byte(1) * 2 ** 22 +
    (byte(2) >> 1) * 2 ** 15 +
    byte(3) * 2 ** 7 +
    (byte(4) >> 1)
  );
}

/** Writes only the bits of the time stamp: the bits between them are markers. */
function writeStamp(bytes: Uint8Array, at: number, time: number): void {
  const value = ((time % WRAP) + WRAP) % WRAP;
  const bits = (from: number, count: number): number => Math.floor(value / 2 ** from) % 2 ** count;
  bytes[at] = ((bytes[at] ?? 0) & 0xf1) | (bits(30, 3) << 1);
  bytes[at + 1] = bits(22, 8);
  bytes[at + 2] = (bits(15, 7) << 1) | 1;
  bytes[at + 3] = bits(7, 8);
  bytes[at + 4] = (bits(0, 7) << 1) | 1;
}

/** The signed difference, by the shorter way round. */
function difference(time: number, before: number): number {
  const forwards = (((time - before) % WRAP) + WRAP) % WRAP;
  return forwards < WRAP / 2 ? forwards : forwards - WRAP;
}
