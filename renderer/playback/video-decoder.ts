import type { VideoCodec, VideoFormat } from '../../shared/media/video-format.ts';
import type { CanShow } from './can-show.ts';

/** The codec string to ask the browser about where the media states no profile: the profile that most decoders have. */
const USUAL_CODECS: Readonly<Record<VideoCodec, string>> = {
  h264: 'avc1.42e01e',
  h265: 'hvc1.1.6.L93.B0',
  h266: 'vvc1.1.L51',
  av1: 'av01.0.04M.08',
  vp8: 'vp8',
  vp9: 'vp09.00.10.08',
  mpeg2: 'mp4v.61',
  mpeg4: 'mp4v.20.9',
  mjpeg: 'mp4v.6C',
};

/**
 * The largest picture of H.264 and H.265 up to level 6.2 (ITU-T H.264 table A-1, H.265 table A.8), in pixels: 8192 x 4352.
 */
const MAX_PIXELS = 35_651_584;

/** Whether pictures are larger than any camera's: they would take gigabytes to decode. */
export function isTooLarge({ size }: Pick<VideoFormat, 'size'>): boolean {
  return size !== null && size.width * size.height > MAX_PIXELS;
}

/** Whether this workstation can show the video that was found in the media, whatever a playlist says. */
export function canShowVideo(video: VideoFormat, canShow: CanShow): boolean {
  const { codec, codecs } = video;
  return !isTooLarge(video) && canShow(`video/mp4; codecs="${codecs ?? USUAL_CODECS[codec]}"`);
}

/** A video in a few words, for comparison: `ts avc1.64001f 1280x720`. */
export function formatOf(container: string, { codec, codecs, size }: VideoFormat): string {
  const pixels = size === null ? [] : [`${size.width}x${size.height}`];
  return [container, codecs ?? codec, ...pixels].join(' ');
}
