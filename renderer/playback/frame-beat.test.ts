import { describe, expect, it } from 'vitest';
import { FrameBeat } from './frame-beat.ts';

/** A playing stream: its frames, and the place of its picture. */
class Playing {
  readonly beat = new FrameBeat();
  moves = 0;
  /** Further behind the live edge than it should be. */
  excessS = 0;

  /**
   * @param aheadMs how much more of the media than of the page's time has passed
   * @param isTold whether the page sees a frame
   */
  constructor(
    private readonly frameAtMs: (index: number) => number,
    private aheadMs: number,
    isTold: (index: number) => boolean = () => true,
  ) {
    for (let index = 0; index < 40; index += 1)
      if (isTold(index)) this.beat.frame(this.frameAtMs(index) / 1000);
  }

  /** Asks for a move and carries it out. The window ends the move `lateMs` late. */
  look(nowMs = 0, lateMs = 0): void {
    const move = this.beat.move(nowMs, (nowMs + this.aheadMs) / 1000, this.excessS);
    if (move === null) return;
    this.moves += 1;
    this.drift((move.rate - 1) * (move.forMs + lateMs));
  }

  /** Lets the camera's clock and the page's drift apart. */
  drift(ms: number): void {
    this.aheadMs += ms;
  }

  /** When a frame is shown, ms of the page's clock. */
  shownAtMs(index: number): number {
    return this.frameAtMs(index) - this.aheadMs;
  }
}

const even = (framesPerS: number) => (index: number) => (1000 / framesPerS) * index;
/** How far a moment is from the nearest multiple of an interval, ms. */
const off = (atMs: number, intervalMs: number) => Math.abs(atMs - Math.round(atMs / intervalMs) * intervalMs);

describe('FrameBeat', () => {
  it.each([
    ['15 frames a second', even(15), 1000 / 15],
    ['25', even(25), 40],
    ['29.97', even(30 / 1.001), 1001 / 30],
    ['30 with time stamps in whole ms', (index: number) => Math.round((1000 / 30) * index), 1000 / 30],
    [
      '12, whose last frames came without every fifth',
      (index: number) => (index + (index >> 2)) * (1000 / 12),
      1000 / 24,
    ],
    ['one', even(1), 1000 / 15],
  ])('puts pictures of %s on one beat, wherever they began', (_words, frameAtMs, beatMs) => {
    for (const aheadMs of [0, 3, -12, 21, 33, 40.5, 4711.3])
      for (const excessS of [-0.1, 0.1]) {
        const picture = new Playing(frameAtMs, aheadMs);
        picture.excessS = excessS;
        picture.look();
        expect(off(picture.shownAtMs(100), beatMs)).toBeLessThan(1.5);
      }
  });

  it('finds the beat of a stream of which a busy page sees only some frames', () => {
    const picture = new Playing(even(15), 25, (index) => index % 7 === 0 || index % 5 === 0);
    picture.look();
    expect(off(picture.shownAtMs(100), 1000 / 15)).toBeLessThan(1.5);
    expect(picture.moves).toBe(1);
  });

  it('moves a picture no less than the browser follows, no further than a beat and a half, and by a twentieth of its pace', () => {
    for (let aheadMs = -40; aheadMs <= 40; aheadMs += 1)
      for (const excessS of [-0.1, 0.1]) {
        const move = new Playing(even(15), aheadMs).beat.move(0, aheadMs / 1000, excessS);
        if (move === null) continue;
        expect(Math.abs(move.rate - 1)).toBeCloseTo(0.05);
        expect(Math.abs(move.rate - 1) * move.forMs).toBeGreaterThanOrEqual(19.9);
        expect(Math.abs(move.rate - 1) * move.forMs).toBeLessThanOrEqual(1.5 * (1000 / 15));
        // Before the next look at it.
        expect(move.forMs).toBeLessThan(3000);
      }
  });

  it('moves a picture towards its place behind the live edge, so that many moves do not add up', () => {
    const moveOf = (excessS: number) => new Playing(even(15), -30).beat.move(0, -0.03, excessS)?.rate;
    expect(moveOf(0.2)).toBeCloseTo(1.05);
    expect(moveOf(-0.2)).toBeCloseTo(0.95);
  });

  it('lets a picture drift a little before the next move', () => {
    const picture = new Playing(even(15), 20);
    picture.look(0);
    picture.look(10_000);
    expect(picture.moves).toBe(1);
    picture.drift(3);
    picture.look(20_000);
    expect(picture.moves).toBe(1);
    picture.drift(2);
    picture.look(30_000);
    expect(picture.moves).toBe(2);
  });

  it('accepts a move that a busy window ended late, and does not move the picture all the time', () => {
    const nearly = new Playing(even(15), 20);
    nearly.look(0, 60);
    nearly.look(10_000);
    expect(nearly.moves).toBe(1);
    const far = new Playing(even(15), 20);
    far.look(0, 300);
    for (let nowMs = 250; nowMs < 3000; nowMs += 250) far.look(nowMs, 300);
    expect(far.moves).toBe(1);
    far.look(3000);
    expect(far.moves).toBe(2);
  });

  it('does not move a stream with uneven frames, or of which too few were seen', () => {
    const uneven = new Playing((index) => 66 * index + (index % 3) * 5, 20);
    uneven.look();
    expect(uneven.moves).toBe(0);
    const young = new FrameBeat();
    for (let index = 0; index < 20; index += 1) young.frame(index / 15);
    expect(young.move(0, 0.02, 0)).toBeNull();
    expect(new FrameBeat().move(0, 0, 0)).toBeNull();
  });
});
