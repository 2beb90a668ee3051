import { describe, expect, test } from 'vitest';
import { plotSvg } from './plot.ts';

const ROW = { label: 'plain-1s/9x/none/refused', failovers: [], failbacks: [] };

/** Places of the dots of one kind on the axis. */
function places(svg: string, kind: 'over' | 'back'): number[] {
  const legend = 1;
  return [...svg.matchAll(new RegExp(`<circle class="${kind}" cx="([\\d.]+)"`, 'g'))]
    .slice(legend)
    .map(([, x]) => Number(x));
}

describe('plotSvg', () => {
  test('draws a dot for each gap, on an axis of equal factors', () => {
    const [first = 0, second = 0, third = 0] = places(
      plotSvg([{ ...ROW, failovers: [100, 1000, 10_000] }]),
      'over',
    );
    expect(second - first).toBeCloseTo(third - second, 0);
    expect(second).toBeGreaterThan(first);
  });

  test('what lies beyond the axis stands at its end', () => {
    const [first, second] = places(plotSvg([{ ...ROW, failbacks: [1, 30] }]), 'back');
    expect(first).toBe(second);
  });

  test('what did not recover has no dot and is counted', () => {
    const svg = plotSvg([{ ...ROW, failovers: [100, Number.POSITIVE_INFINITY] }]);
    expect(places(svg, 'over')).toHaveLength(1);
    expect(svg).toContain('1 ∞');
  });

  test('labels cannot break the file', () => {
    expect(plotSvg([{ ...ROW, label: '<b>&' }])).toContain('&lt;b>&amp;');
  });

  test('has colours for light and for dark', () => {
    expect(plotSvg([ROW])).toContain('prefers-color-scheme: dark');
  });
});
