import { describe, expect, it } from 'vitest';
import { LoadRate } from './load-rate.ts';

function rateAfter(...loads: readonly (readonly [durationMs: number, elapsedMs: number])[]): LoadRate {
  const rate = new LoadRate();
  for (const [durationMs, elapsedMs] of loads) rate.loaded(durationMs, elapsedMs);
  return rate;
}

describe('LoadRate', () => {
  it('is too slow when a segment took longer to load than to play', () => {
    expect(rateAfter([2000, 2100]).isTooSlow()).toBe(true);
    expect(rateAfter([2000, 1900]).isTooSlow()).toBe(false);
  });

  it('does not go by one slow part', () => {
    expect(rateAfter([333, 50], [333, 50], [334, 800]).isTooSlow()).toBe(false);
    expect(rateAfter([333, 900]).isTooSlow()).toBe(false);
  });

  it('is too slow when the parts of a second are, and no longer when newer ones are not', () => {
    const rate = rateAfter([333, 50], [334, 400], [333, 400], [334, 400]);
    expect(rate.isTooSlow()).toBe(true);
    rate.loaded(333, 20);
    rate.loaded(333, 20);
    expect(rate.isTooSlow()).toBe(false);
  });
});
