import {
  type Fragment,
  fragmentsOf,
  isSync,
  readVideoSample,
  runsOf,
} from '../../shared/media/fmp4-track.ts';
import { type Box, topLevelBoxes } from '../../shared/media/iso-box.ts';
import { MediaProblem } from '../../shared/media/media-inspection.ts';
import { readVideoTrack, type VideoTrack } from '../../shared/media/video-track.ts';

/** A piece of video as it is appended to the browser's buffer; times in seconds on the media's timeline. */
export interface AppendedPiece {
  readonly startS: number;
  readonly endS: number;
  /** When its key frames are shown, in order. */
  readonly keyFramesS: readonly number[];
}

/**
 * Reads what hls.js appends to the browser's video buffer: fragmented MP4 (ISO/IEC 14496-12), whatever container the site sent.
 * A key frame is what Chromium takes for one: Chromium starts to decode there, and removes media up to there. Where the media
 * has NAL units, Chromium goes by their types and not by the sample flags.
 */
export class AppendedVideo {
  private track: VideoTrack | null = null;

  /**
   * @param bytes an initialisation section or whole fragments
   * @param offsetS what the buffer adds to their times, s
   * @returns `null` where the bytes contain no video, or cannot be read
   */
  read(bytes: Uint8Array, offsetS: number): AppendedPiece | null {
    try {
      const boxes = topLevelBoxes(bytes);
      const movie = boxes.find(({ type }) => type === 'moov');
      if (movie !== undefined) this.track = readVideoTrack(movie);
      return this.track === null || this.track.timescale === 0
        ? null
        : pieceOf(bytes, boxes, this.track, offsetS);
    } catch (error) {
      if (error instanceof MediaProblem) return null;
      throw error;
    }
  }
}

/**
 * The length of the key frame that fragments begin with, bytes; `null` where they do not begin with one, or cannot be read.
 * Later samples are not read.
 */
export function firstKeyFrameBytes(bytes: Uint8Array, track: VideoTrack): number | null {
  try {
    const [fragment] = fragmentsOf(topLevelBoxes(bytes), track.id);
    if (fragment === undefined) return null;
    for (const { isKeyFrame, size } of samplesOf(bytes, fragment, track)) return isKeyFrame ? size : null;
    return null;
  } catch (error) {
    if (error instanceof MediaProblem) return null;
    throw error;
  }
}

function pieceOf(
  bytes: Uint8Array,
  boxes: readonly Box[],
  track: VideoTrack,
  offsetS: number,
): AppendedPiece | null {
  let startS = Number.POSITIVE_INFINITY;
  let endS = Number.NEGATIVE_INFINITY;
  const keyFramesS: number[] = [];
  for (const fragment of fragmentsOf(boxes, track.id))
    for (const { shownAt, duration, isKeyFrame } of samplesOf(bytes, fragment, track)) {
      const shownS = (shownAt - track.editedBy) / track.timescale + offsetS;
      startS = Math.min(startS, shownS);
      endS = Math.max(endS, shownS + duration / track.timescale);
      if (isKeyFrame) keyFramesS.push(shownS);
    }
  return endS > startS ? { startS, endS, keyFramesS: keyFramesS.sort((a, b) => a - b) } : null;
}

/** In units of the track's timescale. */
interface Sample {
  readonly shownAt: number;
  readonly duration: number;
  /** In bytes. */
  readonly size: number;
  readonly isKeyFrame: boolean;
}

function* samplesOf(bytes: Uint8Array, fragment: Fragment, track: VideoTrack): Generator<Sample> {
  const decodeTime = fragment.tracks[0]?.traf.child('tfdt') ?? null;
  if (decodeTime === null) return;
  let time = decodeTime.u8(0) === 1 ? u64(decodeTime, 4) : decodeTime.u32(4);
  for (const { offset, samples } of runsOf(fragment, track.defaults)) {
    let at = offset;
    for (const { duration, size, flags, compositionOffset } of samples) {
      const isKeyFrame =
        track.nal === null || at === null
          ? isSync(flags ?? 0)
          : readVideoSample(bytes, at, at + size, track.nal).isKeyFrame;
      yield { shownAt: time + compositionOffset, duration, size, isKeyFrame };
      time += duration;
      if (at !== null) at += size;
    }
  }
}

function u64(box: Box, offset: number): number {
  return box.u32(offset) * 2 ** 32 + box.u32(offset + 4);
}
