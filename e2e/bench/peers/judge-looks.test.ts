import { describe, expect, test } from 'vitest';
import type { Look } from '../../support/screen-sampler.ts';
import { blanksOf, steadyFromMs } from './judge-looks.ts';

const FIRST = { mark: [20, 60, 200] } as const;
const SECOND = { mark: [220, 120, 20] } as const;
const BLACK = { luma: 0, contrast: 0, mark: [0, 0, 0] } as const;

/** One look every 100 ms from 0 on. */
function looks(...seen: Partial<Look>[]): Look[] {
  return seen.map((look, index) => ({
    atMs: index * 100,
    luma: 120,
    contrast: 40,
    mark: FIRST.mark,
    fresh: true,
    missing: false,
    presented: null,
    ...look,
  }));
}

describe('steadyFromMs', () => {
  test('is the first of the last looks that all saw that site', () => {
    expect(steadyFromMs(looks(FIRST, SECOND, FIRST, SECOND, SECOND, SECOND), 'second', 200)).toBe(300);
  });

  test('is none before it has lasted', () => {
    expect(steadyFromMs(looks(FIRST, SECOND, SECOND), 'second', 200)).toBeNull();
  });

  test('is none when the site has gone again', () => {
    expect(steadyFromMs(looks(SECOND, SECOND, SECOND, FIRST), 'second', 100)).toBeNull();
  });

  test('begins anew after a blank picture', () => {
    expect(steadyFromMs(looks(SECOND, BLACK, SECOND, SECOND, SECOND), 'second', 200)).toBe(200);
  });

  test('begins with the first new picture, not with the one that stood', () => {
    const stood = { ...SECOND, fresh: false };
    expect(steadyFromMs(looks(stood, stood, SECOND, SECOND, SECOND), 'second', 200)).toBe(200);
  });

  test('a picture that stands still is not steady', () => {
    const stood = Array.from({ length: 20 }, () => ({ ...SECOND, fresh: false }));
    expect(steadyFromMs(looks(SECOND, SECOND, SECOND, ...stood), 'second', 200)).toBeNull();
  });

  test('a repeated picture between new ones is steady', () => {
    expect(steadyFromMs(looks(SECOND, { ...SECOND, fresh: false }, SECOND, SECOND), 'second', 300)).toBe(0);
  });

  test('there is none without looks', () => {
    expect(steadyFromMs([], 'first', 0)).toBeNull();
  });
});

describe('blanksOf', () => {
  test('counts black, even and missing pictures', () => {
    expect(blanksOf(looks({}, BLACK, { contrast: 1 }, { missing: true }, {})).looks).toBe(3);
  });

  test('a stretch goes from the sample before to the one after, and the longest is reported', () => {
    expect(blanksOf(looks({}, BLACK, {}, {}, BLACK, BLACK, {})).longestMs).toBe(300);
  });

  test('there are none in a whole picture', () => {
    expect(blanksOf(looks({}, {}))).toEqual({ looks: 0, longestMs: 0 });
  });
});
