import { PACKET, writeClock, writeTime } from '../../../electron/demo/transport-stream.ts';

/** Offset in a PES header (ISO/IEC 13818-1, 2.4.3.7) of the flags that say which times there are, bytes. */
const FLAGS = 7;
/** Offset in a PES header of the first time, bytes. */
const TIMES = 9;
const TIME_BYTES = 5;

/**
 * A segment of an MPEG transport stream with all its times moved: presentation, decoding and program clock.
 * @param ticks of 90 kHz, a whole number
 */
export function shiftTransportTimes(segment: Uint8Array, ticks: number): Uint8Array {
  const moved = new Uint8Array(segment);
  for (let at = 0; at + PACKET <= moved.length; at += PACKET) {
    const packet = moved.subarray(at, at + PACKET);
    const byte = (index: number): number => packet[index] ?? 0;
    const control = byte(3) >> 4;
    let payload = 4;
    if (control & 2) {
      if (byte(4) > 0 && byte(5) & 0x10) writeClock(packet, 6, readClock(packet, 6) + ticks);
      payload += 1 + byte(4);
    }
    const beginsUnit = control & 1 && byte(1) & 0x40;
    const isPes = byte(payload) === 0 && byte(payload + 1) === 0 && byte(payload + 2) === 1;
    if (!beginsUnit || !isPes) continue;
    const present = byte(payload + FLAGS) >> 6;
    const times = present === 3 ? 2 : present === 2 ? 1 : 0;
    for (let index = 0; index < times; index++) {
      const time = payload + TIMES + index * TIME_BYTES;
      writeTime(packet, time, byte(time) >> 4, readTime(packet, time) + ticks);
    }
  }
  return moved;
}

function readTime(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = bytes.subarray(at, at + TIME_BYTES);
  return ((a >> 1) & 7) * 2 ** 30 + (b << 22) + ((c >> 1) << 15) + (d << 7) + (e >> 1);
}

function readClock(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  return view.getUint32(0) * 2 + (view.getUint8(4) >> 7);
}
