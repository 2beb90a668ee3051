import type { VideoCodec } from './video-format.ts';

/** What a program map says of a video stream. */
export interface TsVideoType {
  /** `null` for video that no browser plays and {@link VideoCodec} does not name, such as AVS or VC-1. */
  readonly codec: VideoCodec | null;
  /** By SAMPLE-AES, which has a stream type of its own. */
  readonly encrypted: boolean;
}

/** Codecs by stream type (ISO/IEC 13818-1 table 2-34, and the private types in use). */
const BY_STREAM_TYPE: ReadonlyMap<number, VideoCodec | null> = new Map([
  [0x01, 'mpeg2'],
  [0x02, 'mpeg2'],
  [0x10, 'mpeg4'],
  [0x1b, 'h264'],
  [0x21, null],
  [0x24, 'h265'],
  [0x32, null],
  [0x33, 'h266'],
  [0x35, null],
  [0x42, null],
  [0xd1, null],
  [0xd2, null],
  [0xd4, null],
  [0xea, null],
]);
/** Stream type of H.264 with encrypted samples (Apple's "MPEG-2 Stream Encryption Format for HTTP Live Streaming"). */
const ENCRYPTED_H264 = 0xdb;
/** Stream type of private data: a registration descriptor names its kind. */
const PRIVATE_DATA = 0x06;
const REGISTRATION_DESCRIPTOR = 0x05;
const BY_REGISTRATION: ReadonlyMap<string, VideoCodec | null> = new Map([
  ['HEVC', 'h265'],
  ['AV01', 'av1'],
  ['VVC ', 'h266'],
  ['drac', null],
  ['VC-1', null],
]);

/**
 * Whether a stream of a program map is video, and which.
 *
 * @param descriptors of that stream
 * @returns `null` for audio, subtitles and metadata
 */
export function tsVideoType(streamType: number, descriptors: Uint8Array): TsVideoType | null {
  if (streamType === ENCRYPTED_H264) return { codec: 'h264', encrypted: true };
  const codec =
    streamType === PRIVATE_DATA ? codecByRegistration(descriptors) : BY_STREAM_TYPE.get(streamType);
  return codec === undefined ? null : { codec, encrypted: false };
}

function codecByRegistration(descriptors: Uint8Array): VideoCodec | null | undefined {
  for (let at = 0; at + 6 <= descriptors.length; at += 2 + (descriptors[at + 1] ?? 0)) {
    if (descriptors[at] !== REGISTRATION_DESCRIPTOR) continue;
    const codec = BY_REGISTRATION.get(String.fromCharCode(...descriptors.subarray(at + 2, at + 6)));
    if (codec !== undefined) return codec;
  }
  return undefined;
}
