import type { VideoCodec } from './video-format.ts';

/** The codecs whose NAL units are read. */
export type NalCodec = Extract<VideoCodec, 'h264' | 'h265'>;

/** What a NAL unit is, by the first byte of its header (ITU-T H.264 table 7-1, H.265 table 7-1). */
export function nalKind(codec: NalCodec, header: number): 'key-frame' | 'picture' | 'parameters' | 'other' {
  if (codec === 'h264') {
    const type = header & 0x1f;
    if (type === 5) return 'key-frame';
    if (type === 7) return 'parameters';
    return type >= 1 && type <= 4 ? 'picture' : 'other';
  }
  const type = (header >> 1) & 0x3f;
  if (type >= 16 && type <= 21) return 'key-frame';
  if (type === 33) return 'parameters';
  return type <= 9 ? 'picture' : 'other';
}
