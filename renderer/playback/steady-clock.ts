import { PACKET_BYTES, payloadAt, SYNC_BYTE, startsUnitAt } from '../../shared/media/ts-packet.ts';

/** Where a piece of media stands in its stream. */
export interface PiecePlace {
  /** By the media sequence. */
  readonly sequence: number;
  /** Of the segment, counted from 0; `null` for the whole. */
  readonly part: number | null;
  readonly discontinuity: number;
  readonly durationS: number;
}

/** Time stamps are 33 bits wide, and count at this rate (ISO/IEC 13818-1 section 2.4.3.7). */
const TICKS_A_SECOND = 90_000;
const WRAP = 2 ** 33;
/** A step from picture to picture that is longer than its piece by this much is the clock's, s. */
const JUMP_S = 10;
/** From picture to picture until the stream has shown its own pace, ticks. */
const ASSUMED_STEP = TICKS_A_SECOND / 25;
/** Segments of which the correction is remembered: hls.js loads earlier ones again where it looks for a key frame. */
const REMEMBERED = 64;

/**
 * Lets the clock of MPEG-TS media go on where it jumps without a word in the playlist, as a camera's does that sets its time.
 * hls.js (1.7.4) makes a hole in the media of it, or a picture that stays for as long as the jump is. It is no jump where
 * pieces in between were left out.
 */
export class SteadyClock {
  private last: PiecePlace | null = null;
  /** The time stamp of the newest picture as it came, and from picture to picture before it, ticks. */
  private lastTime: number | null = null;
  private step = ASSUMED_STEP;
  /** Added to all time stamps, ticks. */
  private correction = 0;
  /** At the beginning of each segment, by its sequence. */
  private readonly corrections = new Map<number, number>();

  /** @param bytes MPEG-TS, which is changed in place; other media is left alone */
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

/** Where the time stamps of a video PES packet's header stand, the one that pictures are decoded by last. */
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

/** Around the time stamp's own bits there are markers. */
function writeStamp(bytes: Uint8Array, at: number, time: number): void {
  const value = ((time % WRAP) + WRAP) % WRAP;
  const bits = (from: number, count: number): number => Math.floor(value / 2 ** from) % 2 ** count;
  bytes[at] = ((bytes[at] ?? 0) & 0xf1) | (bits(30, 3) << 1);
  bytes[at + 1] = bits(22, 8);
  bytes[at + 2] = (bits(15, 7) << 1) | 1;
  bytes[at + 3] = bits(7, 8);
  bytes[at + 4] = (bits(0, 7) << 1) | 1;
}

/** The shorter way round. */
function difference(time: number, before: number): number {
  const forwards = (((time - before) % WRAP) + WRAP) % WRAP;
  return forwards < WRAP / 2 ? forwards : forwards - WRAP;
}
