import { describe, expect, test } from 'vitest';
import { judgeSteady } from './judge-steady.ts';
import type { SteadySample } from './steady-figures.ts';

/** @param frames presented since the start, by sample and tile */
function judge(frames: readonly (readonly number[])[], ages: readonly number[] = []) {
  const samples: SteadySample[][] = frames.map((tiles, index) =>
    tiles.map((count) => ({ frames: count, pictureAgeMs: ages[index] ?? null })),
  );
  return judgeSteady(samples, {
    intervalMs: 1000,
    watchedMs: (frames.length - 1) * 1000,
    framesPerS: 15,
  });
}

describe('judgeSteady', () => {
  test('a wall that shows every frame misses none and stands still nowhere', () => {
    expect(
      judge([
        [100, 7],
        [115, 22],
        [130, 37],
      ]),
    ).toMatchObject({ missingShare: 0, stills: 0 });
  });

  test('counts the intervals in which a tile showed nothing new, and the frames that it lacks', () => {
    const { stills, missingShare } = judge([
      [0, 0],
      [15, 0],
      [30, 0],
    ]);
    expect(stills).toBe(2);
    expect(missingShare).toBeCloseTo(0.5);
  });

  test('a tile that began anew is no loss of what it showed before', () => {
    expect(judge([[1000], [15], [30]])).toMatchObject({ stills: 0, missingShare: 0 });
  });

  test('drift is the last third less the first', () => {
    const figures = judge([[0], [15], [30], [45]], [9999, 3000, 3500, 4200]);
    expect(figures).toMatchObject({
      latencyFirstThirdMs: 3000,
      latencyLastThirdMs: 4200,
      worstDriftMs: 1200,
    });
  });

  test('without date-times there is no latency', () => {
    expect(judge([[0], [15]])).toMatchObject({ latencyFirstThirdMs: null, worstDriftMs: null });
  });
});
