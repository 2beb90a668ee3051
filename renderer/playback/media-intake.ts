import type { EvidenceCause } from '../../shared/cause.ts';
import { inspectMedia, inspectMediaInSteps } from '../../shared/media/inspect-media.ts';
import { hasTables, looksLikeTs } from '../../shared/media/inspect-ts.ts';
import type { MediaInspection } from '../../shared/media/media-inspection.ts';
import type { Steps } from '../../shared/media/steps.ts';
import type { VideoCodec } from '../../shared/media/video-format.ts';
import { VideoOnly } from '../../shared/media/video-only.ts';
import type { CanShow } from './can-show.ts';
import { type PiecePlace, SteadyClock } from './steady-clock.ts';
import { canShowVideo } from './video-decoder.ts';

/** Why media can never be played on this workstation. */
export type Unplayable = Extract<EvidenceCause, 'no-video' | 'encryption' | `codec-${string}`>;

/** Most pieces of one discontinuity that are inspected until one of them can be read. */
const LOOKS = 3;
/** Longest piece that may be without a picture, bytes: a few tables. */
const LONGEST_EMPTY = 2000;
/** Codecs that hls.js can read from MPEG-TS. */
const IN_MPEG_TS: ReadonlySet<VideoCodec> = new Set(['h264', 'h265']);

/**
 * Prepares a player's media for hls.js: only the video, with a clock that does not jump. The first pieces of each discontinuity
 * are inspected, so that media that cannot be shown is reported at once, with its cause.
 */
export class MediaIntake {
  private readonly videoOnly = new VideoOnly();
  private readonly clock = new SteadyClock();
  private init: Uint8Array | null = null;
  /** The newest piece that hls.js got. */
  private used: PiecePlace | null = null;
  /** How many more pieces of the present discontinuity will be inspected. */
  private looks = LOOKS;
  private discontinuity = 0;

  constructor(
    private readonly canShow: CanShow,
    private readonly unplayable: (cause: Unplayable) => void,
  ) {}

  /** @param bytes an initialisation section in the clear, changed in place */
  *initialisation(bytes: Uint8Array): Steps<void> {
    yield* this.videoOnly.filterInSteps(bytes);
    this.init = bytes;
    this.looks = LOOKS;
  }

  /** @param bytes a segment or part in the clear, changed in place */
  *media(bytes: Uint8Array, place: PiecePlace): Steps<void> {
    yield* this.videoOnly.filterInSteps(bytes);
    this.clock.filter(bytes, place);
    if (place.discontinuity !== this.discontinuity) this.looks = LOOKS;
    this.discontinuity = place.discontinuity;
    if (this.looks === 0) return;
    const inspection = yield* inspectMediaInSteps(bytes, this.init);
    const cause = this.causeIn(inspection);
    this.looks = inspection.ok || cause !== null ? 0 : this.looks - 1;
    if (cause !== null) this.unplayable(cause);
  }

  /**
   * Whether hls.js (1.7.4) can use a segment or part in the clear: it follows the last used piece, or may contain a key frame. If
   * so, it counts as used.
   */
  *isOfUse(bytes: Uint8Array, place: PiecePlace): Steps<boolean> {
    const isOfUse = this.follows(place) ? !this.isEmpty(bytes) : yield* this.canBeBegunWith(bytes);
    if (isOfUse) this.used = place;
    return isOfUse;
  }

  /** The next piece follows no other. */
  beginAnew(): void {
    this.used = null;
  }

  private follows({ sequence, discontinuity }: PiecePlace): boolean {
    if (this.used === null || discontinuity !== this.used.discontinuity) return false;
    return sequence === this.used.sequence || sequence === this.used.sequence + 1;
  }

  private *canBeBegunWith(bytes: Uint8Array): Steps<boolean> {
    // MPEG-TS cannot be read before its tables (go2rtc's first segment has none).
    if (looksLikeTs(bytes) && !hasTables(bytes)) return false;
    const inspection = yield* inspectMediaInSteps(bytes, this.init);
    return inspection.ok ? inspection.keyFrame !== false : inspection.kind !== 'no-video';
  }

  /** Tables without a picture (go2rtc sends them when nothing has come). */
  private isEmpty(bytes: Uint8Array): boolean {
    if (bytes.length > LONGEST_EMPTY) return false;
    const inspection = inspectMedia(bytes, this.init);
    return !inspection.ok && inspection.kind === 'no-video';
  }

  private causeIn(inspection: MediaInspection): Unplayable | null {
    if (!inspection.ok) return inspection.kind === 'names-no-video' ? 'no-video' : null;
    if (inspection.container === 'audio') return 'no-video';
    const { video, container, encrypted } = inspection;
    if (encrypted) return 'encryption';
    if (video === null) return null;
    const isReadable = container === 'fmp4' || IN_MPEG_TS.has(video.codec);
    return isReadable && canShowVideo(video, this.canShow) ? null : `codec-${video.codec}`;
  }
}
