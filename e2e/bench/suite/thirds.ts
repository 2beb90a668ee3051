import { median } from './statistics.ts';

export interface Thirds {
  /** Median of the first third; `null` without values. */
  readonly first: number | null;
  /** Median of the last third; `null` without values. */
  readonly last: number | null;
}

/** The medians of the first and of the last third of a series. A third has at least one value. */
export function thirdsOf(values: readonly number[]): Thirds {
  const count = Math.max(1, Math.floor(values.length / 3));
  return {
    first: median(values.slice(0, count)),
    last: values.length === 0 ? null : median(values.slice(-count)),
  };
}

/**
 * The slope of the straight line that fits best (least squares).
 * @returns the slope in units of `y` per unit of `x`; `null` with fewer than two different `x`
 */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): number | null {
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  if (!(spread > 0)) return null;
  return points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
}
