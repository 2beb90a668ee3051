/** A key frame that is further back is no place to begin at, s, nor one behind so many segments. */
const REACH_S = 30;
const REACH_SEGMENTS = 12;

/** A segment as hls.js lists it, times in seconds. */
export interface Listed {
  readonly sn: number;
  readonly start: number;
  readonly duration: number;
}

/**
 * Where a player begins in a stream whose segments need not hold a key frame: from where it wants to be it goes back to the
 * nearest one, from which everything up to there can be decoded. Where there is none within reach, it is the next one that
 * comes. hls.js (1.7.4) itself goes on from segment to segment, and after that begins at the start of the playlist.
 */
export class KeyFrameSearch {
  private readonly withoutKeyFrame = new Set<number>();
  /** The segment that the search began at. */
  private from: Listed | null = null;

  /**
   * @param segment one that was loaded and holds no key frame
   * @param segments of the newest playlist, in order
   * @returns which is to be looked into next; `null` where only one that is still to come can help
   */
  next<S extends Listed>(segment: Listed, segments: readonly S[]): S | null {
    this.withoutKeyFrame.add(segment.sn);
    this.from ??= segment;
    const { from } = this;
    const isUnknown = ({ sn }: Listed): boolean => !this.withoutKeyFrame.has(sn);
    const isNear = ({ sn, start }: Listed): boolean =>
      from.sn - sn <= REACH_SEGMENTS && from.start - start <= REACH_S;
    return (
      segments.findLast((one) => one.sn < from.sn && isUnknown(one) && isNear(one)) ??
      segments.find((one) => one.sn > from.sn && isUnknown(one)) ??
      null
    );
  }
}
