/** A player goes back at most this far to a key frame, s, */
const REACH_S = 30;
/** and at most this many segments. */
const REACH_SEGMENTS = 12;
/** With less media ahead the picture does not go to its place yet, s: it would stand still there. */
const AHEAD_S = 0.3;
/** What is short by so little is enough, s. */
const ROUNDING_S = 0.1;

/** A segment as hls.js lists it, times in seconds. */
export interface Listed {
  readonly sn: number;
  readonly start: number;
  readonly duration: number;
}

/**
 * Where a player begins in a stream whose segments need not hold a key frame. From the picture's place it goes back to the
 * nearest key frame, from which everything up to that place can be decoded. Where there is none within reach, it begins at the
 * next one that comes. So does a picture that has begun, behind a hole or in a new session. hls.js (1.7.4) itself goes on from segment to segment, and after that begins at the start of the
 * playlist.
 */
export class KeyFrameStart {
  private readonly withoutKeyFrame = new Set<number>();
  /** The segment that the search began at. */
  private from: Listed | null = null;
  private isWaiting = false;
  private hasBegun = false;
  /** Where the picture is to be, s; `null` where it may stay where its media begins, and once it is there. */
  private placeS: number | null = null;
  private hasGone = false;
  /** Media that has to be ahead before the picture begins, s. */
  private cushionS = 0;

  /**
   * A segment cannot be the first one in the buffer, or behind what the buffer has, as it holds no key frame.
   * @param placeS where the picture is to begin, s; `null` for one that has begun, and goes on behind it
   * @param segments of the newest playlist, in order
   * @returns from where on to load instead, s; `null` where only a segment that is still to come can help
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
   * @returns from where on to load, s; `null` where nothing was waited for, or it has not come
   */
  listed(segments: readonly Listed[]): number | null {
    return this.from !== null && this.isWaiting ? this.next(this.from, segments) : null;
  }

  /**
   * There is media in the buffer.
   * @param pictureS the place of the picture
   * @param aheadS how much media there is ahead of it
   * @returns where the picture is to go, s, which is at most once; `null` where it is to stay
   */
  goTo(pictureS: number, aheadS: number): number | null {
    this.reach(pictureS);
    if (this.placeS === null || this.hasGone || pictureS + aheadS < this.placeS + AHEAD_S) return null;
    this.hasGone = true;
    return this.placeS;
  }

  /**
   * Whether there is enough media for the picture to begin. A key frame that has only just come may be the last picture of its
   * segment: without the next segment it would stand still.
   */
  mayBegin(aheadS: number): boolean {
    if (aheadS >= this.cushionS - ROUNDING_S) this.cushionS = 0;
    return this.cushionS === 0;
  }

  /**
   * Whether the picture is where it is to be. One before that is old, and there for the ones behind it to be decoded.
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
