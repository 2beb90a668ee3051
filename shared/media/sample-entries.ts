import type { VideoCodec } from './video-format.ts';

/** The codecs of the video sample entries of ISO BMFF. The codec of `mp4v` is not here: its object type names it. */
const SAMPLE_ENTRIES: ReadonlyMap<string, VideoCodec> = new Map([
  ['avc1', 'h264'],
  ['avc2', 'h264'],
  ['avc3', 'h264'],
  ['avc4', 'h264'],
  ['dva1', 'h264'],
  ['dvav', 'h264'],
  ['hvc1', 'h265'],
  ['hev1', 'h265'],
  ['dvh1', 'h265'],
  ['dvhe', 'h265'],
  ['vvc1', 'h266'],
  ['vvi1', 'h266'],
  ['av01', 'av1'],
  ['dav1', 'av1'],
  ['vp08', 'vp8'],
  ['vp8', 'vp8'],
  ['vp09', 'vp9'],
  ['vp9', 'vp9'],
  ['mjpg', 'mjpeg'],
  ['mjpa', 'mjpeg'],
  ['mjpb', 'mjpeg'],
  ['jpeg', 'mjpeg'],
]);

/** The codec of a sample entry; `undefined` for sound, for text and for what {@link VideoCodec} does not name. */
export function codecOfEntry(type: string): VideoCodec | undefined {
  return SAMPLE_ENTRIES.get(type);
}

/** The codec of an object type (ISO/IEC 14496-1); `undefined` for what {@link VideoCodec} does not name. */
export function codecOfObject(object: number): VideoCodec | undefined {
  if ((object >= 0x60 && object <= 0x65) || object === 0x6a) return 'mpeg2';
  if (object === 0x6c) return 'mjpeg';
  return object === 0x20 ? 'mpeg4' : undefined;
}

/** @param entry of a CODECS attribute (RFC 6381), such as `avc1.64001f` or `mp4v.61` */
export function codecOfCodecsEntry(entry: string): VideoCodec | undefined {
  const [type = '', object = ''] = entry.trim().toLowerCase().split('.');
  if (type === 'mp4v') return codecOfObject(Number.parseInt(object, 16)) ?? 'mpeg4';
  return codecOfEntry(type);
}
