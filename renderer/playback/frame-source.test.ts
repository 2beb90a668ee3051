import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { FrameSource, type PresentedFrame } from './frame-source.ts';

const FRAME_MS = 40;
const PAINT_MS = 20;

/** A video under virtual time: presents a frame every 40 ms, and calls back where that works. */
class FakeVideo {
  callbacks: 'fire' | 'silent' = 'fire';
  currentTime = 0;
  pending = 0;
  private frames = 0;
  private waiting: VideoFrameRequestCallback | null = null;

  constructor(private readonly clock: VirtualClock) {
    this.next();
  }

  readonly requestVideoFrameCallback = (callback: VideoFrameRequestCallback): number => {
    this.waiting = callback;
    this.pending += 1;
    return 1;
  };

  readonly cancelVideoFrameCallback = (): void => {
    this.waiting = null;
    this.pending = 0;
  };

  getVideoPlaybackQuality(): Pick<VideoPlaybackQuality, 'totalVideoFrames' | 'droppedVideoFrames'> {
    return { totalVideoFrames: this.frames, droppedVideoFrames: 0 };
  }

  /** As a new media source does. */
  countFromZero(): void {
    this.frames = 0;
  }

  private next(): void {
    this.clock.after(FRAME_MS, () => {
      this.frames += 1;
      this.currentTime += FRAME_MS / 1000;
      const { waiting } = this;
      if (waiting !== null && this.callbacks === 'fire') {
        this.waiting = null;
        this.pending -= 1;
        const presentationTime = this.clock.now();
        waiting(presentationTime, {
          presentationTime,
          expectedDisplayTime: presentationTime,
          mediaTime: this.currentTime,
          presentedFrames: this.frames,
          width: 640,
          height: 360,
        });
      }
      this.next();
    });
  }
}

let clock: VirtualClock;
let video: FakeVideo;
let frames: PresentedFrame[];
let paints: Map<number, () => void>;

function watch(): FrameSource {
  return new FrameSource(video as unknown as HTMLVideoElement, clock, (frame) => frames.push(frame));
}

/** Frames reported within the next second. */
async function framesInASecond(): Promise<number> {
  frames.length = 0;
  await clock.advance(1000);
  return frames.length;
}

beforeEach(() => {
  clock = new VirtualClock();
  video = new FakeVideo(clock);
  frames = [];
  paints = new Map();
  let handle = 0;
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback): number => {
    handle += 1;
    const own = handle;
    paints.set(
      own,
      clock.after(PAINT_MS, () => {
        paints.delete(own);
        callback(clock.now());
      }),
    );
    return own;
  });
  vi.stubGlobal('cancelAnimationFrame', (own: number): void => {
    paints.get(own)?.();
    paints.delete(own);
  });
});

afterEach(() => vi.unstubAllGlobals());

describe('FrameSource', () => {
  it('reports every frame once, with its time and its place in the media', async () => {
    const source = watch();
    expect(await framesInASecond()).toBe(25);
    expect(frames[0]?.atMs).toBe(FRAME_MS);
    expect(frames[0]?.mediaTimeS).toBeCloseTo(0.04);
    expect(paints.size).toBe(0);
    source.stop();
  });

  it('reads the frame counter where the callback exists and is never called', async () => {
    video.callbacks = 'silent';
    const source = watch();
    await clock.advance(1000);
    expect(await framesInASecond()).toBe(25);
    source.stop();
  });

  it('reads the frame counter where there is no callback', async () => {
    Object.assign(video, { requestVideoFrameCallback: undefined });
    const source = watch();
    expect(await framesInASecond()).toBe(25);
    source.stop();
  });

  it('continues with a counter that starts anew', async () => {
    video.callbacks = 'silent';
    const source = watch();
    await clock.advance(10_000);
    video.countFromZero();
    expect(await framesInASecond()).toBeGreaterThanOrEqual(24);
    source.stop();
  });

  it('returns to the callback once it is called, and checks it anew', async () => {
    video.callbacks = 'silent';
    const source = watch();
    await clock.advance(2000);
    video.callbacks = 'fire';
    expect(await framesInASecond()).toBe(25);
    expect(paints.size).toBe(0);
    video.callbacks = 'silent';
    await clock.advance(2000);
    expect(await framesInASecond()).toBe(25);
    source.stop();
  });

  it.each(['fire', 'silent'] as const)('leaves no timer behind with callbacks that %s', async (callbacks) => {
    video.callbacks = callbacks;
    const source = watch();
    await clock.advance(2000);
    source.stop();
    expect(await framesInASecond()).toBe(0);
    expect([video.pending, paints.size]).toEqual([0, 0]);
    // Only the video's own timer.
    expect(clock.pending()).toBe(1);
  });
});
