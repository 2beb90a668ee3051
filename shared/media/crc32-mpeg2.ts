const POLYNOMIAL = 0x04c11db7;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  return crc;
});

/** The checksum of MPEG-TS sections (ISO/IEC 13818-1 annex A). Over a section that includes its own checksum it is 0. */
export function crc32Mpeg2(bytes: ArrayLike<number>, start: number, end: number): number {
  let crc = 0xffffffff;
  for (let at = start; at < end; at += 1)
    crc = (crc << 8) ^ (TABLE[((crc >>> 24) ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return crc >>> 0;
}
