import { describe, expect, it } from 'vitest';
import {
  EMPTY_SERIES,
  extendSeries,
  faultBeside,
  isWell,
  type PictureSeries,
  suspicionOf,
} from './picture-judge.ts';

const POINTS = 32 * 18;
const TARGET_MS = 2000;

/** Samples of 15 fps pictures, taken 400 ms apart. */
function series(seconds: number, lumaAt: (sample: number) => Uint8Array, from = EMPTY_SERIES): PictureSeries {
  let extended = from;
  const startMs = from.newest === null ? 0 : from.newest.atMs + 400;
  for (let sample = 0; sample < seconds / 0.4; sample += 1) {
    const atMs = startMs + sample * 400;
    extended = extendSeries(extended, { atMs, mediaTimeS: atMs / 1000, luma: lumaAt(sample) });
  }
  return extended;
}

/** A flat grey with a little texture; `changed` of its points differ by `by` in every other sample. */
const grey =
  (changed: number, by: number, base = 90) =>
  (sample: number): Uint8Array =>
    Uint8Array.from(
      { length: POINTS },
      (_, at) => base + (at % 7) * 3 + (sample % 2 === 1 && at < changed ? by : 0),
    );

const FROZEN = grey(0, 0);
/** One point by one step is 0.0017: the difference between two decoders. */
const FROZEN_BUT_FOR_ONE_STEP = grey(1, 1);
/** The least noise that a sensor was measured to have: 70 of 576 points by one step is 0.12. */
const STILL_SCENE = grey(72, 1);
const PASSER_BY = grey(29, 120);
const BLACK = (): Uint8Array => new Uint8Array(POINTS).fill(1);
const NIGHT_VIEW = (sample: number): Uint8Array =>
  Uint8Array.from(
    { length: POINTS },
    (_, at) => 6 + (at % 40 === 0 ? 60 : 0) + (sample % 2 === 1 && at < 90 ? 1 : 0),
  );

describe('suspicionOf', () => {
  it('calls 15 s of one picture frozen, and says since when', () => {
    const before = series(4, PASSER_BY);
    const sinceMs = (before.newest?.atMs ?? 0) + 400;
    expect(suspicionOf(series(14.8, FROZEN, before), TARGET_MS)).toBeNull();
    expect(suspicionOf(series(15.6, FROZEN, before), TARGET_MS)).toEqual({ verdict: 'frozen', sinceMs });
  });

  it('calls a picture the same where one point differs by one step', () => {
    expect(suspicionOf(series(16, FROZEN_BUT_FOR_ONE_STEP), TARGET_MS)?.verdict).toBe('frozen');
  });

  it('waits for three key frames where they are far apart', () => {
    expect(suspicionOf(series(29, FROZEN), 10_000)).toBeNull();
    expect(suspicionOf(series(31, FROZEN), 10_000)?.verdict).toBe('frozen');
  });

  it('does not call a still scene frozen that has the noise of its sensor', () => {
    expect(suspicionOf(series(60, STILL_SCENE), TARGET_MS)).toBeNull();
  });

  it('calls a picture black that is dark and has no contrast, but not a night view', () => {
    expect(suspicionOf(series(16, BLACK), TARGET_MS)).toEqual({ verdict: 'black', sinceMs: 0 });
    expect(suspicionOf(series(60, NIGHT_VIEW), TARGET_MS)).toBeNull();
  });

  it('counts no frame twice: a stalled picture is not a frozen one', () => {
    let extended = series(2, PASSER_BY);
    const last = extended.newest;
    if (last === null) throw new Error('the series has samples');
    for (let atMs = last.atMs; atMs < last.atMs + 20_000; atMs += 400)
      extended = extendSeries(extended, { ...last, atMs });
    expect(suspicionOf(extended, TARGET_MS)).toBeNull();
  });

  it.each([
    ['a pause', 30_000, 30],
    ['a jump back in the stream', 400, -5],
  ])('begins anew after %s', (_words, laterMs, furtherS) => {
    const extended = series(20, FROZEN);
    const last = extended.newest;
    if (last === null) throw new Error('the series has samples');
    const after = { ...last, atMs: last.atMs + laterMs, mediaTimeS: last.mediaTimeS + furtherS };
    expect(suspicionOf(extendSeries(extended, after), TARGET_MS)).toBeNull();
  });
});

describe('faultBeside', () => {
  it('finds a frozen picture beside a moving one', () => {
    expect(faultBeside(series(24, FROZEN), series(24, PASSER_BY), TARGET_MS)?.verdict).toBe('frozen');
  });

  it('finds a black picture beside one that is lit', () => {
    expect(faultBeside(series(24, BLACK), series(24, STILL_SCENE), TARGET_MS)?.verdict).toBe('black');
  });

  it.each([
    ['a scene skip-coded by one encoder', FROZEN, STILL_SCENE],
    ['a scene skip-coded by both', FROZEN, FROZEN],
    ['a dark scene at night', BLACK, BLACK],
    ['a dark scene whose video range one site mistakes', BLACK, () => new Uint8Array(POINTS).fill(16)],
    ['a night view with noise', NIGHT_VIEW, PASSER_BY],
  ])('does not count %s', (_words, one, other) => {
    expect(faultBeside(series(24, one), series(24, other), TARGET_MS)).toBeNull();
  });

  it('does not count motion that the later copy may still show', () => {
    const other = series(3, PASSER_BY, series(30, STILL_SCENE));
    expect(faultBeside(series(33, FROZEN), other, TARGET_MS)).toBeNull();
  });

  it('does not count motion that the earlier copy showed before it became still', () => {
    const other = series(14, STILL_SCENE, series(8, PASSER_BY));
    expect(faultBeside(series(18, FROZEN, series(4, PASSER_BY)), other, TARGET_MS)).toBeNull();
  });

  it('does not count a single jump of the other copy', () => {
    const glitch = (sample: number): Uint8Array => grey(0, 0, sample < 10 ? 90 : 140)(0);
    expect(faultBeside(series(24, FROZEN), series(24, glitch), TARGET_MS)).toBeNull();
  });
});

describe('isWell', () => {
  it('recognises a live picture by the noise of two steps since then', () => {
    const extended = series(4, STILL_SCENE);
    expect(isWell(extended, 2000)).toBe(true);
    expect(isWell(extended, extended.newest?.atMs ?? 0)).toBe(false);
    expect(isWell(series(4, FROZEN), 0)).toBe(false);
  });

  it('calls no black picture well, whatever its noise', () => {
    const flicker = (sample: number): Uint8Array => new Uint8Array(POINTS).fill(sample % 2);
    expect(isWell(series(4, flicker), 0)).toBe(false);
  });
});
