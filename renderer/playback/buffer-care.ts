import type { BufferAppendingData } from 'hls.js';
import { AppendedVideo } from './appended-video.ts';
import { BackBuffer } from './back-buffer.ts';
import { isClockJump } from './clock-jump.ts';

/** The picture before a hole is the last one when less media than this remains before the hole, s. */
const LAST_PICTURE_S = 0.1;
/** The most that two clocks of the same media differ by, s. */
const ROUNDING_S = 0.01;

/** What a player has in the browser's buffer. */
export class BufferCare {
  /** Whether the buffer has a hole, kept because reading `buffered` at every frame is too slow for a wall. */
  hasHole = false;
  /** Discontinuity count of the newest media; `null` before the first. */
  newestDiscontinuity: number | null = null;
  private appended = new AppendedVideo();
  private backBuffer = new BackBuffer();
  /** The offset that the video buffer adds to the times of appended media, s. */
  private offsetS = 0;

  constructor(
    private readonly video: Pick<HTMLVideoElement, 'buffered' | 'currentTime' | 'error' | 'seeking'>,
    private readonly onClockJump: () => void,
  ) {}

  /** The buffer is empty now, and later times belong to another timeline. */
  beginAnew(): void {
    this.hasHole = false;
    this.newestDiscontinuity = null;
    this.appended = new AppendedVideo();
    this.backBuffer = new BackBuffer();
    this.offsetS = 0;
  }

  /** @param data what hls.js appends */
  appending({ type, data, offset, frag, part }: BufferAppendingData): void {
    if (type === 'audio') return;
    this.offsetS = offset ?? this.offsetS;
    const piece = this.appended.read(data, this.offsetS);
    if (piece === null || frag.sn === 'initSegment') return;
    this.newestDiscontinuity = frag.cc;
    this.backBuffer.add(piece);
    if (isClockJump(piece, part ?? frag)) this.onClockJump();
  }

  /** Media that will still be shown, ms: 0 once the decoder has given up. */
  aheadMs(): number {
    const { buffered, currentTime, error } = this.video;
    if (error !== null) return 0;
    for (let index = 0; index < buffered.length; index += 1)
      if (buffered.start(index) <= currentTime + 0.1 && currentTime <= buffered.end(index))
        return (buffered.end(index) - currentTime) * 1000;
    return 0;
  }

  /** Media ahead of the picture, or of the place where the picture will begin, s. */
  newestAheadS(): number {
    const { buffered, currentTime } = this.video;
    const last = buffered.length - 1;
    return last < 0 ? 0 : buffered.end(last) - Math.max(currentTime, buffered.start(last));
  }

  /** Whether this range is in the newest piece of the buffer, times in seconds. */
  holds({ start, end }: { readonly start: number; readonly end: number }): boolean {
    const { buffered } = this.video;
    const last = buffered.length - 1;
    return last >= 0 && start >= buffered.start(last) - ROUNDING_S && end <= buffered.end(last) + ROUNDING_S;
  }

  /**
   * @param pictureS the place of the picture
   * @param targetS target duration of the stream
   * @returns the place up to which media behind the picture can be removed, s; `null` where a removal is not worth it
   */
  removableToS(pictureS: number, targetS: number): number | null {
    const { buffered } = this.video;
    return buffered.length === 0 ? null : this.backBuffer.removableToS(pictureS, buffered.start(0), targetS);
  }

  /**
   * Moves a picture that has come to a hole behind the hole, as soon as there is media. hls.js waits until it has seen the
   * picture stall, and longer where only a part is missing.
   * @param pictureS the place of the picture, s
   * @returns whether the picture was moved
   */
  passHole(pictureS: number): boolean {
    const { buffered, seeking } = this.video;
    this.hasHole = buffered.length > 1;
    if (seeking) return false;
    for (let next = 1; next < buffered.length; next += 1) {
      const [endS, goesOnS] = [buffered.end(next - 1), buffered.start(next)];
      if (pictureS < endS - LAST_PICTURE_S || pictureS >= goesOnS) continue;
      this.video.currentTime = goesOnS;
      return true;
    }
    return false;
  }
}
