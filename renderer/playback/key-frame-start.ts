/** A player starts at most this far before its place, at a key frame, s. */
const REACH_S = 30;
/** And at most this many segments before its place. */
const REACH_SEGMENTS = 12;
/** With less media ahead than this, the picture does not go to its place yet, s: it would stall there. */
const AHEAD_S = 0.3;
/** Media that is shorter by no more than this is long enough, s. */
const ROUNDING_S = 0.1;

/** A segment as hls.js lists it, times in seconds. */
export interface Listed {
  readonly sn: number;
  readonly start: number;
  readonly duration: number;
}

/**
 * Where a player starts in a stream in which not every segment contains a key frame. From the picture's place the search goes
 * back to the nearest key frame, from which everything up to that place can be decoded. Without one within reach, the player
 * starts at the next key frame that comes. A playing picture does the same behind a hole or in a new session. hls.js (1.7.4)
 * itself tries segment after segment, and then the start of the playlist.
 */
export class KeyFrameStart {
  private readonly withoutKeyFrame = new Set<number>();
  /** The segment at which the search began. */
  private from: Listed | null = null;
  private isWaiting = false;
  private hasBegun = false;
  /** Where the picture should go, s; `null` where it may stay at the beginning of its media, and once it is there. */
  private placeS: number | null = null;
  private hasGone = false;
  /** Media that has to be ahead before the picture begins, s. */
  private cushionS = 0;

  /**
   * A segment without a key frame was withheld: it cannot be the first one in the buffer, or behind a hole.
   * @param placeS where the picture should begin, s; `null` for a picture that plays already, and continues behind the hole
   * @param segments of the newest playlist, in order
   * @returns the place to load from instead, s; `null` where only a later segment can help
   */
  withheld(segment: Listed, placeS: number | null, segments: readonly Listed[]): number | null {
    this.withoutKeyFrame.add(segment.sn);
    this.from = placeS === null ? segment : (this.from ?? segment);
    this.hasBegun = placeS === null;
    this.placeS ??= placeS;
    return this.next(this.from, segments);
  }

  /**
   * A playlist has come.
   * @returns the place to load from, s; `null` where no segment was waited for, or it has not come
   */
  listed(segments: readonly Listed[]): number | null {
    return this.from !== null && this.isWaiting ? this.next(this.from, segments) : null;
  }

  /**
   * There is media in the buffer.
   * @param pictureS the place of the picture
   * @param aheadS media ahead of it
   * @returns where the picture has to go, s, at most once; `null` where it has to stay
   */
  goTo(pictureS: number, aheadS: number): number | null {
    this.reach(pictureS);
    if (this.placeS === null || this.hasGone || pictureS + aheadS < this.placeS + AHEAD_S) return null;
    this.hasGone = true;
    return this.placeS;
  }

  /**
   * Whether there is enough media for the picture to begin. A key frame that has just come may be the last picture of its
   * segment: without the next segment the picture would stall.
   */
  mayBegin(aheadS: number): boolean {
    if (aheadS >= this.cushionS - ROUNDING_S) this.cushionS = 0;
    return this.cushionS === 0;
  }

  /**
   * Whether the picture has reached its place. Pictures before it are old: they are only there to decode the later ones.
   * @param pictureS the place of the picture, s
   */
  isThere(pictureS: number): boolean {
    this.reach(pictureS);
    return this.placeS === null && this.cushionS === 0;
  }

  /** Media that has to come before the picture can go to its place, s. */
  leadS(pictureS: number): number {
    return this.placeS === null || this.hasGone ? 0 : Math.min(REACH_S, Math.max(0, this.placeS - pictureS));
  }

  private reach(pictureS: number): void {
    if (this.placeS !== null && pictureS >= this.placeS - ROUNDING_S) this.placeS = null;
  }

  private next(from: Listed, segments: readonly Listed[]): number | null {
    const isUnknown = ({ sn }: Listed): boolean => !this.withoutKeyFrame.has(sn);
    const isNear = ({ sn, start }: Listed): boolean =>
      from.sn - sn <= REACH_SEGMENTS && from.start - start <= REACH_S;
    const older = this.hasBegun
      ? undefined
      : segments.findLast((one) => one.sn < from.sn && isUnknown(one) && isNear(one));
    const next = older ?? segments.find((one) => one.sn > from.sn && isUnknown(one));
    this.isWaiting = next === undefined;
    if (next === undefined) return null;
    this.cushionS = older === undefined && !this.hasBegun ? next.duration : 0;
    return next.start + next.duration / 2;
  }
}
