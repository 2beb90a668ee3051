import type { Clock } from '../../shared/clock.ts';
import type { LumaReader } from './luma-reader.ts';
import { SAMPLE_INTERVAL_MS } from './picture-judge.ts';

/** Share of the main thread that all screening of a window may take. */
const SCREENING_SHARE = 0.01;
/**
 * Least time between two samples of a screened picture, ms: to distinguish still from live, a few in 15 s are enough (rule
 * 13).
 */
const LEAST_SCREENING_MS = 2000;
/**
 * Longest time between two such samples, ms, even if that takes more of the main thread: a frozen picture has to be
 * noticed.
 */
const RAREST_SCREENING_MS = 5000;
/** Assumed cost of a sample until some were measured, ms: that of a canvas on a busy main thread. */
const ASSUMED_COST_MS = 3;
/** Weight of one sample in the running mean of the cost. */
const COST_WEIGHT = 0.05;
/** Tiles of a window that may compare two copies at the same time: each of them needs a second player. */
const COMPARISONS = 2;

/** `screening`: as often as the window can afford; `comparing`: every {@link SAMPLE_INTERVAL_MS}. */
export type Pace = 'screening' | 'comparing';

export interface Sampling {
  setPace(pace: Pace): void;
  end(): void;
}

interface Sampled {
  readonly video: HTMLVideoElement;
  readonly onSample: (luma: Uint8Array, atMs: number) => void;
  pace: Pace;
  lastMs: number;
}

/** Calls `callback` when the window has nothing more urgent to do. */
export type NextRest = (callback: () => void) => void;

/** A window that is never idle is sampled after this time, ms. */
const LONGEST_UNREST_MS = 250;

/** No animation frame is requested: it would make the window repaint only for the sample. */
export const nextIdleMoment: NextRest = (callback) => {
  requestIdleCallback(callback, { timeout: LONGEST_UNREST_MS });
};

/**
 * Takes the luma samples of all pictures of a window, never two in one turn. With pictures of 640x360, decoded in software on two
 * busy cores, a sample takes about 0.4 ms of the main thread, reading and judging included. So up to 50 pictures are screened
 * every 2 s with 1 % of it. Where idle moments are rarer, so are the samples.
 */
export class PictureSampler {
  private readonly clock: Clock;
  private readonly nextRest: NextRest;
  private readonly read: LumaReader;
  private readonly sampled = new Set<Sampled>();
  private comparing = 0;
  private costMs = ASSUMED_COST_MS;
  private endWait: () => void = () => {};
  /** A pending wait for an idle moment is kept: on a busy machine a restarted wait might never end. */
  private awaitsRest = false;

  constructor(clock: Clock, nextRest: NextRest, read: LumaReader) {
    this.clock = clock;
    this.nextRest = nextRest;
    this.read = read;
  }

  /** Samples `video` until ended. A picture that cannot be read gives no sample. */
  sample(video: HTMLVideoElement, onSample: Sampled['onSample']): Sampling {
    const sampled: Sampled = { video, onSample, pace: 'screening', lastMs: this.clock.now() };
    this.sampled.add(sampled);
    this.wait();
    return {
      setPace: (pace) => {
        if (pace === sampled.pace) return;
        sampled.pace = pace;
        this.wait();
      },
      end: () => {
        this.sampled.delete(sampled);
        this.wait();
      },
    };
  }

  /** Permission to compare two copies: the function that returns it; `null` while enough other tiles compare. */
  beginComparison(): (() => void) | null {
    if (this.comparing >= COMPARISONS) return null;
    this.comparing += 1;
    return () => {
      this.comparing -= 1;
    };
  }

  /** Time between two samples of a screened picture, ms. It follows the number of pictures and their measured cost. */
  screeningIntervalMs(): number {
    const affordableMs = (this.sampled.size * this.costMs) / SCREENING_SHARE;
    return Math.min(RAREST_SCREENING_MS, Math.max(LEAST_SCREENING_MS, affordableMs));
  }

  private wait(): void {
    if (this.awaitsRest) return;
    this.endWait();
    const next = this.mostOverdue();
    if (next === null) return;
    const waitMs = this.dueMs(next) - this.clock.now();
    if (waitMs > 0) this.endWait = this.clock.after(waitMs, () => this.takeAtNextRest());
    else this.takeAtNextRest();
  }

  private takeAtNextRest(): void {
    this.awaitsRest = true;
    this.nextRest(() => {
      this.awaitsRest = false;
      this.takeOne();
    });
  }

  private takeOne(): void {
    const next = this.mostOverdue();
    if (next !== null) {
      const atMs = this.clock.now();
      next.lastMs = atMs;
      const reading = this.read(next.video);
      const readMs = this.clock.now() - atMs;
      void reading.then((luma) => {
        const fromMs = this.clock.now();
        if (luma !== null && this.sampled.has(next)) next.onSample(luma, atMs);
        this.costMs += COST_WEIGHT * (readMs + this.clock.now() - fromMs - this.costMs);
      });
    }
    this.wait();
  }

  private mostOverdue(): Sampled | null {
    let first: Sampled | null = null;
    for (const sampled of this.sampled)
      if (first === null || this.dueMs(sampled) < this.dueMs(first)) first = sampled;
    return first;
  }

  private dueMs({ pace, lastMs }: Sampled): number {
    return lastMs + (pace === 'comparing' ? SAMPLE_INTERVAL_MS : this.screeningIntervalMs());
  }
}
