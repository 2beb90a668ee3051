import type { FragmentLoaderContext } from 'hls.js';
import { topLevelBoxes } from '../../shared/media/iso-box.ts';
import { MediaProblem } from '../../shared/media/media-inspection.ts';
import { readVideoTrack, type VideoTrack } from '../../shared/media/video-track.ts';
import { firstKeyFrameBytes } from './appended-video.ts';
import { pieceIn } from './bridge-loader.ts';
import { nextRequestId, type SiteGateway } from './transport.ts';

/** Media, or a picture that stands still, waits for the answer for so long, ms. */
const DEADLINE_MS = 500;
/** Key frames of one scene and encoding, a second or two apart, do not differ in length by this factor. */
const OTHER_LENGTH = 1.5;

/**
 * The initialisation section that a player was given last. Servers put another one under its name, without a word in the
 * playlist, when a camera's encoding changes (MediaMTX among them). hls.js (1.7.4) keeps it by its name, and what comes then
 * cannot be decoded, unless each key frame brings the decoder's parameters with it, as MediaMTX's do. To ask for it with every
 * segment would be half as many requests again: it is asked for where there is a reason.
 */
export class GivenInit {
  private given: { readonly piece: ReturnType<typeof pieceIn>; readonly video: VideoTrack } | null = null;
  /** Of the newest media under it; `null` before the first. */
  private keyFrameBytes: number | null = null;

  constructor(private readonly gateway: Pick<SiteGateway, 'media'>) {}

  /** Whether there is one, in the clear and readable. */
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
   * Whether media may be of another section: with another size of the picture, its key frames have another length. Where they
   * have not, the decoder finds it out.
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
   * Asks for the section that the site has by now. Never rejects.
   * @returns `null` where it is of the same video, or none came that can be read
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
    // What hls.js is given is changed in place.
    return track === null ? null : { ...track, descriptions: track.descriptions.slice() };
  } catch (error) {
    if (error instanceof MediaProblem) return null;
    throw error;
  }
}

/** By all that decides how samples are read and decoded. Sections may differ otherwise, as in the time at which they were made. */
function isSame(one: VideoTrack, other: VideoTrack): boolean {
  const written = (video: VideoTrack): string =>
    JSON.stringify({ ...video, descriptions: [...video.descriptions] });
  return written(one) === written(other);
}
