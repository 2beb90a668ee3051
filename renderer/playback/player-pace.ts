import type { Clock } from '../../shared/clock.ts';
import { CatchUp } from './catch-up.ts';
import type { CatchUpTurns } from './catch-up-turns.ts';
import { type BeatMove, FrameBeat } from './frame-beat.ts';

/** The playback rate of one player: it catches up to its place, falls back to it, or moves onto the beat. */
export class PlayerPace {
  private catchUp = new CatchUp();
  private readonly beat = new FrameBeat();
  /** Gives up the move to the beat; `null` where there is none. */
  private endMove: (() => void) | null = null;

  constructor(
    private readonly video: Pick<HTMLVideoElement, 'playbackRate' | 'currentTime'>,
    private readonly clock: Clock,
    private readonly turns: CatchUpTurns,
  ) {}

  frame(mediaTimeS: number): void {
    this.beat.frame(mediaTimeS);
  }

  /** The picture is closer to the live edge than it should be. */
  fallBack(): void {
    this.catchUp.fallBack();
  }

  /** The place where the picture should be has changed. */
  beginAnew(): void {
    this.catchUp = new CatchUp();
  }

  /**
   * @param excessS how much further behind the live edge the picture is than it should be, s
   * @param aheadMs media ahead of it, ms
   */
  keep(excessS: number, aheadMs: number): void {
    const nowMs = this.clock.now();
    const rate = this.turns.rate(this, this.catchUp.rate(nowMs, excessS, aheadMs));
    if (rate !== 1) this.endMove?.();
    else if (this.endMove !== null) return;
    const { playbackRate, currentTime } = this.video;
    const isCalm = rate === 1 && playbackRate === 1;
    const move = isCalm ? this.beat.move(nowMs, currentTime, excessS) : null;
    if (move !== null) this.beginMove(move);
    else if (playbackRate !== rate) this.video.playbackRate = rate;
  }

  stop(): void {
    this.endMove?.();
    this.turns.release(this);
  }

  private beginMove({ rate, forMs }: BeatMove): void {
    this.video.playbackRate = rate;
    const cancel = this.clock.after(forMs, () => {
      this.endMove = null;
      this.video.playbackRate = 1;
    });
    this.endMove = () => {
      this.endMove = null;
      cancel();
    };
  }
}
