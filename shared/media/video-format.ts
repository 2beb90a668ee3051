/** Video codecs that HLS servers send, by the names that operators know them by ({@link VIDEO_CODEC_NAMES}). */
export const VIDEO_CODECS = ['h264', 'h265', 'h266', 'av1', 'vp8', 'vp9', 'mpeg2', 'mpeg4', 'mjpeg'] as const;
export type VideoCodec = (typeof VIDEO_CODECS)[number];

export const VIDEO_CODEC_NAMES: Readonly<Record<VideoCodec, string>> = {
  h264: 'H.264',
  h265: 'H.265',
  h266: 'H.266',
  av1: 'AV1',
  vp8: 'VP8',
  vp9: 'VP9',
  mpeg2: 'MPEG-2 video',
  mpeg4: 'MPEG-4 Visual',
  mjpeg: 'Motion JPEG',
};

/** What the bytes of a segment, a part or an initialisation section say of its video. */
export interface VideoFormat {
  readonly codec: VideoCodec;
  /** As in a CODECS attribute (RFC 6381), such as `avc1.64001f`; `null` where the bytes do not say. */
  readonly codecs: string | null;
  /** In pixels; `null` where the bytes do not say. */
  readonly size: { readonly width: number; readonly height: number } | null;
}
