import { STEP_BYTES, type Steps } from './steps.ts';
import { PACKET_BYTES, payloadAt, SYNC_BYTE, startsUnitAt } from './ts-packet.ts';

/**
 * Limit of units that begin in the packets of one answer, tables and pictures together: 10 s of 60 pictures a second,
 * each with tables, have 1800.
 */
export const MAX_UNITS = 10_000;
/** Limit of start codes in one answer: 10 s of 60 pictures a second in 68 slices have 41 000. */
export const MAX_START_CODES = 100_000;

/**
 * Whether MPEG-TS takes more work to read than real media: readers take a step for each unit that begins in its
 * packets, and for each NAL unit of its video. Bytes that are not MPEG-TS are within the budget.
 */
export function* isOverPacketBudgetInSteps(bytes: Uint8Array): Steps<boolean> {
  if (bytes[0] !== SYNC_BYTE || bytes[PACKET_BYTES] !== SYNC_BYTE) return false;
  let units = 0;
  for (let at = 0; at + PACKET_BYTES <= bytes.length; at += PACKET_BYTES) {
    if (!startsUnitAt(bytes, at) || payloadAt(bytes, at) === at + PACKET_BYTES) continue;
    units += 1;
    if (units > MAX_UNITS) return true;
  }
  return yield* hasMoreStartCodes(bytes, MAX_START_CODES);
}

/** Counts `00 00 01`, regardless of packet borders: a packet header may split a start code, and hardly ever forms one. */
function* hasMoreStartCodes(bytes: Uint8Array, most: number): Steps<boolean> {
  let count = 0;
  let stepEnd = STEP_BYTES;
  for (let at = 2; at < bytes.length; ) {
    if (at >= stepEnd) {
      yield;
      stepEnd += STEP_BYTES;
    }
    const byte = bytes[at] ?? 0;
    if (byte === 1 && bytes[at - 1] === 0 && bytes[at - 2] === 0) {
      count += 1;
      if (count > most) return true;
    }
    at += byte === 0 ? 1 : 3;
  }
  return false;
}
