import { expect } from '@playwright/test';
import { siteOfMark, type TileLooks } from './screen-sampler.ts';

/** Below these values, of 255, a picture counts as black or as blank. The darkest camera is a night view. */
const LEAST_LUMA = 10;
const LEAST_CONTRAST = 5;
/** A tile with fewer samples was not really watched. */
const LEAST_LOOKS = 10;

/** True also for a tile without a picture: its samples are black. */
export function isBlank({ luma, contrast }: { readonly luma: number; readonly contrast: number }): boolean {
  return luma < LEAST_LUMA || contrast < LEAST_CONTRAST;
}

/** This number of tiles was sampled, and each had a picture in every sample. */
export function expectNeverBlank(looks: readonly TileLooks[], tiles: number): void {
  expect(looks.map(({ tile }) => tile)).toHaveLength(tiles);
  for (const { tile, looks: seen } of looks) {
    expect(seen.length, `looks at tile ${tile}`).toBeGreaterThan(LEAST_LOOKS);
    expect(seen.filter(isBlank), `blank pictures in tile ${tile}`).toEqual([]);
  }
}

/** Every tile changes once from one site's pictures to the other's, as the sites' marks in the pixels show. */
export function expectOneChangeOfMark(
  looks: readonly TileLooks[],
  from: 'first' | 'second',
  to: 'first' | 'second',
): void {
  for (const { tile, looks: seen } of looks) {
    const marks = seen.map(({ mark }) => siteOfMark(mark));
    const steps = marks.filter((mark, index) => mark !== marks[index - 1]);
    expect(steps, `marks seen in tile ${tile}`).toEqual([from, to]);
  }
}
