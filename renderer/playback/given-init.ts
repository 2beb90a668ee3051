import type { FragmentLoaderContext } from 'hls.js';
import { topLevelBoxes } from '../../shared/media/iso-box.ts';
import { MediaProblem } from '../../shared/media/media-inspection.ts';
import { readVideoTrack } from '../../shared/media/video-track.ts';
import { pieceIn } from './bridge-loader.ts';
import { type BridgedGateway, nextRequestId } from './transport.ts';

/** The picture may stand still meanwhile, ms. */
const DEADLINE_MS = 1000;

/**
 * The initialisation section that a player was given last. Servers put another one under its name, without a word in the
 * playlist, when a camera's encoding changes (MediaMTX among them). A player keeps it by its name, and cannot decode what
 * comes then.
 */
export class GivenInit {
  private given: { readonly piece: ReturnType<typeof pieceIn>; readonly video: string } | null = null;

  constructor(private readonly gateway: Pick<BridgedGateway, 'media'>) {}

  /** Whether there is one, in the clear and readable. */
  get isKnown(): boolean {
    return this.given !== null;
  }

  /** @param bytes in the clear, as the site sent them */
  note(bytes: Uint8Array, context: FragmentLoaderContext): void {
    const video = videoIn(bytes);
    this.given = video === null ? null : { piece: pieceIn(context), video };
  }

  /** Whether the site has one of other video there by now. Never rejects. */
  async isOutdated(): Promise<boolean> {
    const { given } = this;
    if (given === null) return false;
    const answer = await this.gateway
      .media({
        ...given.piece,
        requestId: nextRequestId(),
        deadlineMs: DEADLINE_MS,
        firstByteMs: DEADLINE_MS,
      })
      .catch(() => null);
    const video = answer?.kind === 'bytes' ? videoIn(answer.bytes) : null;
    return video !== null && video !== given.video;
  }
}

/**
 * All that decides how its video is read and decoded. Sections of the same video may differ otherwise, as in the time at which they
 * were made.
 * @returns `null` where it cannot be read, or there is no video
 */
function videoIn(bytes: Uint8Array): string | null {
  try {
    const movie = topLevelBoxes(bytes).find(({ type }) => type === 'moov');
    const track = movie === undefined ? null : readVideoTrack(movie);
    return track === null ? null : JSON.stringify({ ...track, descriptions: [...track.descriptions] });
  } catch (error) {
    if (error instanceof MediaProblem) return null;
    throw error;
  }
}
