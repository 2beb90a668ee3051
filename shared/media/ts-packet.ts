/** Size of an MPEG-TS packet, in bytes (ISO/IEC 13818-1 section 2.4.3). */
export const PACKET_BYTES = 188;
/** The first byte of every MPEG-TS packet. */
export const SYNC_BYTE = 0x47;
/** The PID of packets that carry nothing. */
export const NULL_PID = 0x1fff;

/** The number of the stream that the packet at `at` belongs to, 0 to 8191. */
export function pidAt(bytes: Uint8Array, at: number): number {
  return (((bytes[at + 1] ?? 0) & 0x1f) << 8) | (bytes[at + 2] ?? 0);
}

/** Whether a PES packet or a section begins in the packet at `at`. */
export function startsUnitAt(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at + 1] ?? 0) & 0x40) !== 0;
}

/** Where the payload of the packet at `at` begins; the packet's end where it has none. */
export function payloadAt(bytes: Uint8Array, at: number): number {
  const control = bytes[at + 3] ?? 0;
  if ((control & 0x10) === 0) return at + PACKET_BYTES;
  return (control & 0x20) === 0 ? at + 4 : Math.min(at + 5 + (bytes[at + 4] ?? 0), at + PACKET_BYTES);
}
