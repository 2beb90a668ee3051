import type { Clock } from '../../shared/clock.ts';

export interface PresentedFrame {
  /** When it was handed to the compositor, monotonic ms of the page's clock. */
  readonly atMs: number;
  /** Its place on the media's timeline, s. */
  readonly mediaTimeS: number;
}

/** How often the callback is compared with the frame counter, ms. */
const CHECK_MS = 500;
/** The callback counts as broken when the frame counter is ahead of it by more than this many frames. */
const TOLERATED = 3;

/**
 * Reports every frame that a video presents. On some machines `requestVideoFrameCallback` exists but never calls back, so it is
 * compared with `getVideoPlaybackQuality().totalVideoFrames`. While that counter moves and there is no callback, the counter is
 * read on every animation frame instead. A hidden window looks the same, so the first callback ends this again.
 */
export class FrameSource {
  private handle = 0;
  private animation: number | null = null;
  private counted = 0;
  private callbacksSinceCheck = 0;
  private stopped = false;
  private endCheck: () => void = () => {};

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly clock: Clock,
    private readonly onFrame: (frame: PresentedFrame) => void,
  ) {
    if (typeof video.requestVideoFrameCallback === 'function') {
      this.requestFrame();
      this.scheduleCheck();
    } else this.poll();
  }

  stop(): void {
    this.stopped = true;
    this.endCheck();
    if (this.handle !== 0) this.video.cancelVideoFrameCallback(this.handle);
    this.endPolling();
  }

  /** Frames that the video has presented, whether the page saw them or not; a new media source counts from 0. */
  total(): number {
    const { totalVideoFrames, droppedVideoFrames } = this.video.getVideoPlaybackQuality();
    return totalVideoFrames - droppedVideoFrames;
  }

  private requestFrame(): void {
    this.handle = this.video.requestVideoFrameCallback((_now, { presentationTime, mediaTime }) => {
      if (this.stopped) return;
      this.callbacksSinceCheck += 1;
      if (this.animation !== null) {
        this.endPolling();
        this.scheduleCheck();
      }
      this.onFrame({ atMs: presentationTime, mediaTimeS: mediaTime });
      this.requestFrame();
    });
  }

  private scheduleCheck(): void {
    this.endCheck = this.clock.after(CHECK_MS, () => {
      const total = this.total();
      const missed = total - this.counted;
      this.counted = total;
      const silent = this.callbacksSinceCheck === 0;
      this.callbacksSinceCheck = 0;
      if (silent && missed > TOLERATED) this.poll();
      else this.scheduleCheck();
    });
  }

  private poll(): void {
    const look = (): void => {
      const total = this.total();
      // A new media source counts from zero.
      const isNew = total > this.counted;
      this.counted = total;
      this.animation = requestAnimationFrame(look);
      if (isNew) this.onFrame({ atMs: this.clock.now(), mediaTimeS: this.video.currentTime });
    };
    this.counted = this.total();
    this.animation = requestAnimationFrame(look);
  }

  private endPolling(): void {
    if (this.animation !== null) cancelAnimationFrame(this.animation);
    this.animation = null;
  }
}
