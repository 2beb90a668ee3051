import type { FragmentLoaderContext } from 'hls.js';
import { topLevelBoxes } from '../../shared/media/iso-box.ts';
import { MediaProblem } from '../../shared/media/media-inspection.ts';
import { readVideoTrack, type VideoTrack } from '../../shared/media/video-track.ts';
import { firstKeyFrameBytes } from './appended-video.ts';
import { pieceIn } from './bridge-loader.ts';
import { nextRequestId, type SiteGateway } from './transport.ts';

/** Media, or a stalled picture, waits for the answer for at most this time, ms. */
const DEADLINE_MS = 500;
/** The lengths of two key frames of the same scene and encoding, a second or two apart, differ by less than this factor. */
const OTHER_LENGTH = 1.5;

/**
 * The initialisation section that a player was last given. When a camera's encoding changes, some servers (such as MediaMTX)
 * replace the section under the same name, and the playlist does not say so. hls.js (1.7.4) caches the section by its name.
 * Later media cannot be decoded then, unless each key frame contains the decoder's parameters, as MediaMTX's key frames do. To
 * request the section with every segment would add half as many requests again, so it is requested only for a reason.
 */
export class GivenInit {
  private given: { readonly piece: ReturnType<typeof pieceIn>; readonly video: VideoTrack } | null = null;
  /** Length of the first key frame of the newest media under this section; `null` before the first. */
  private keyFrameBytes: number | null = null;

  constructor(private readonly gateway: Pick<SiteGateway, 'media'>) {}

  /** Whether there is a section, in the clear and readable. */
  get isKnown(): boolean {
    return this.given !== null;
  }

  /** @param bytes in the clear, as the site sent them */
  note(bytes: Uint8Array, context: FragmentLoaderContext): void {
    const video = videoIn(bytes);
    this.given = video === null ? null : { piece: pieceIn(context), video };
    this.keyFrameBytes = null;
  }

  /**
   * Whether media may belong to another section. When the size of the picture changes, so does the length of the key frames.
   * Where it does not, the decoder finds the change.
   * @param bytes a segment or part in the clear, in the order of the stream
   */
  isDoubtedBy(bytes: Uint8Array): boolean {
    const length = this.given === null ? null : firstKeyFrameBytes(bytes, this.given.video);
    if (length === null) return false;
    const before = this.keyFrameBytes ?? length;
    this.keyFrameBytes = length;
    return Math.max(length, before) > OTHER_LENGTH * Math.min(length, before);
  }

  /**
   * Requests the section that the site has now. Never rejects.
   * @returns `null` where it describes the same video, or no readable section came
   */
  async renewed(): Promise<Uint8Array<ArrayBuffer> | null> {
    const { given } = this;
    if (given === null) return null;
    const asked = { ...given.piece, requestId: nextRequestId() };
    const answer = await this.gateway
      .media({ ...asked, deadlineMs: DEADLINE_MS, firstByteMs: DEADLINE_MS })
      .catch(() => null);
    if (answer?.kind !== 'bytes') return null;
    const video = videoIn(answer.bytes);
    if (video === null || isSame(video, given.video)) return null;
    this.given = { ...given, video };
    return answer.bytes;
  }
}

function videoIn(bytes: Uint8Array): VideoTrack | null {
  try {
    const movie = topLevelBoxes(bytes).find(({ type }) => type === 'moov');
    if (movie === undefined) return null;
    const track = readVideoTrack(movie);
    // hls.js changes the bytes that it is given in place.
    return track === null ? null : { ...track, descriptions: track.descriptions.slice() };
  } catch (error) {
    if (error instanceof MediaProblem) return null;
    throw error;
  }
}

/** Compares all that decides how samples are read and decoded. Other parts may differ, such as the time of creation. */
function isSame(one: VideoTrack, other: VideoTrack): boolean {
  const written = (video: VideoTrack): string =>
    JSON.stringify({ ...video, descriptions: [...video.descriptions] });
  return written(one) === written(other);
}
