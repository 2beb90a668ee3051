/** The part of Electron's `powerSaveBlocker` that is used. */
export interface WakeLock {
  start(type: 'prevent-display-sleep'): number;
  stop(id: number): unknown;
}

/** Keeps the display awake while any window plays. */
export class DisplayWake {
  private readonly lock: WakeLock;
  private readonly playing = new Set<number>();
  private lockId: number | null = null;

  constructor(lock: WakeLock) {
    this.lock = lock;
  }

  /** The owner of a window also calls this when the window has closed or crashed. */
  setPlaying(windowId: number, state: 'playing' | 'idle'): void {
    if (state === 'playing') this.playing.add(windowId);
    else this.playing.delete(windowId);

    if (this.playing.size > 0) this.lockId ??= this.lock.start('prevent-display-sleep');
    else if (this.lockId !== null) {
      this.lock.stop(this.lockId);
      this.lockId = null;
    }
  }
}
