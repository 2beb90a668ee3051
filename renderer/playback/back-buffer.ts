import type { AppendedPiece } from './appended-video.ts';

/** Media kept behind the picture, s; one segment where that is more. */
const BACK_BUFFER_S = 4;
/** Distance between the end of a removal and the next key frame, s: more than two clocks of the same media differ by. */
const BEFORE_KEY_FRAME_S = 0.1;
/** The shortest removal that is worth its cost, s; one segment where that is more. */
const LEAST_REMOVAL_S = 1;

/**
 * What may be removed from the buffer behind the picture. Chromium removes more than it is asked to: it continues up to the
 * next key frame, because the frames before that one could not be decoded any more. Where key frames are far apart, this takes
 * the picture off the screen. So a removal ends right before a known key frame. Where no key frame is known behind the
 * picture, nothing is removed.
 */
export class BackBuffer {
  /** In order, s. */
  private keyFrames: readonly number[] = [];

  add({ keyFramesS }: AppendedPiece): void {
    const first = keyFramesS[0];
    if (first === undefined) return;
    const last = this.keyFrames.at(-1) ?? Number.NEGATIVE_INFINITY;
    const all = [...this.keyFrames, ...keyFramesS];
    this.keyFrames = first > last ? all : [...new Set(all)].sort((a, b) => a - b);
  }

  /**
   * @param pictureS the place of the picture
   * @param fromS where the buffered media begins
   * @param targetS target duration of the stream
   * @returns the place up to which media can be removed, s; `null` where a removal is not worth it
   */
  removableToS(pictureS: number, fromS: number, targetS: number): number | null {
    const keptFromS = pictureS - Math.max(BACK_BUFFER_S, targetS);
    const keyFrameS = this.keyFrames.findLast((atS) => atS <= keptFromS);
    if (keyFrameS === undefined) return null;
    // Older ones are not needed again.
    this.keyFrames = this.keyFrames.filter((atS) => atS >= keyFrameS);
    const toS = keyFrameS - BEFORE_KEY_FRAME_S;
    return toS - fromS < Math.max(LEAST_REMOVAL_S, targetS) ? null : toS;
  }
}
