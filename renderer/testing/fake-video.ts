/** A media element without a screen: one buffered range, or a second one behind a hole. It notes the calls. */
export class FakeVideo {
  currentTime = 0;
  playbackRate = 1;
  bufferedFromS = 0;
  bufferedToS = 0;
  /** Beginning and end of the second range, s. */
  behindHole: readonly [number, number] | null = null;
  seeking = false;
  error: Pick<MediaError, 'code'> | null = null;
  paused = false;
  droppedVideoFrames = 0;
  /** In order: `play`, `pause`, `removeAttribute src`, `load`, `remove`. */
  readonly calls: string[] = [];
  private frame: VideoFrameRequestCallback | null = null;
  private readonly listeners = new Map<string, () => void>();

  get buffered(): TimeRanges {
    const ranges = [[this.bufferedFromS, this.bufferedToS] as const].filter(([from, to]) => to > from);
    if (this.behindHole !== null) ranges.push(this.behindHole);
    return {
      length: ranges.length,
      start: (index) => ranges[index]?.[0] ?? Number.NaN,
      end: (index) => ranges[index]?.[1] ?? Number.NaN,
    };
  }

  asElement(): HTMLVideoElement {
    return this as unknown as HTMLVideoElement;
  }

  addEventListener(event: string, listener: () => void): void {
    this.listeners.set(event, listener);
  }

  emit(event: string): void {
    this.listeners.get(event)?.();
  }

  requestVideoFrameCallback(callback: VideoFrameRequestCallback): number {
    this.frame = callback;
    return 1;
  }

  cancelVideoFrameCallback(): void {
    this.frame = null;
  }

  present(atMs: number, mediaTimeS: number): void {
    const { frame } = this;
    this.frame = null;
    frame?.(atMs, {
      presentationTime: atMs,
      expectedDisplayTime: atMs,
      mediaTime: mediaTimeS,
      presentedFrames: 1,
      width: 640,
      height: 360,
    });
  }

  getVideoPlaybackQuality(): Pick<VideoPlaybackQuality, 'totalVideoFrames' | 'droppedVideoFrames'> {
    return { totalVideoFrames: 0, droppedVideoFrames: this.droppedVideoFrames };
  }

  play(): Promise<void> {
    this.calls.push('play');
    this.paused = false;
    return Promise.resolve();
  }

  pause(): void {
    this.calls.push('pause');
    this.paused = true;
  }

  removeAttribute(name: string): void {
    this.calls.push(`removeAttribute ${name}`);
  }

  load(): void {
    this.calls.push('load');
  }

  remove(): void {
    this.calls.push('remove');
  }
}
