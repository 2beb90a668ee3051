import type { AppendedPiece } from './appended-video.ts';

/** Media behind the picture that is kept, s, or a segment's where that is more (field-notes.md, `backBufferLength`). */
const BACK_BUFFER_S = 4;
/** A removal ends so far before a key frame, s: what two clocks of media may differ by is less. */
const BEFORE_KEY_FRAME_S = 0.1;
/** A removal of less than this is not worth its cost, s, nor one of less than a segment. */
const LEAST_REMOVAL_S = 1;

/**
 * What may be removed behind the picture. Chromium removes more than it is told to: everything up to the next key frame, as
 * that could not be decoded any more. Where key frames are far apart, that takes the picture off the screen. So a removal
 * ends right before a known key frame. Where none is known behind the picture, everything stays.
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
   * @param fromS where what is buffered begins
   * @param targetS target duration of the stream
   * @returns up to where it can be removed, s; `null` where it is not worth it
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
