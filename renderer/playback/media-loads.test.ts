import { describe, expect, it } from 'vitest';
import { MediaLoads } from './media-loads.ts';

function loadsAfter(...all: readonly (readonly [durationMs: number, elapsedMs: number])[]): MediaLoads {
  const loads = newLoads();
  for (const [durationMs, elapsedMs] of all) loads.loaded(durationMs, elapsedMs);
  return loads;
}

function newLoads(): MediaLoads {
  return new MediaLoads(() => () => {});
}

describe('MediaLoads', () => {
  it('are too slow when three segments took longer to load than to play', () => {
    expect(loadsAfter([2000, 2100], [2000, 1950], [2000, 2100]).isTooSlow()).toBe(true);
    expect(loadsAfter([2000, 2100], [2000, 1950], [2000, 1900]).isTooSlow()).toBe(false);
  });

  it('are not too slow because of one or two slow segments: a packet may have been lost', () => {
    expect(loadsAfter([2000, 3000], [2000, 3000]).isTooSlow()).toBe(false);
    expect(loadsAfter([2000, 100], [2000, 100], [2000, 3000]).isTooSlow()).toBe(false);
  });

  it('are not too slow because of one slow part', () => {
    expect(loadsAfter([333, 50], [333, 50], [334, 800]).isTooSlow()).toBe(false);
    expect(loadsAfter([333, 900]).isTooSlow()).toBe(false);
  });

  it('are too slow when the parts of a second are, but not any more when newer ones are fast', () => {
    const loads = loadsAfter([333, 50], [334, 400], [333, 400], [334, 400]);
    expect(loads.isTooSlow()).toBe(true);
    loads.loaded(333, 20);
    loads.loaded(333, 20);
    expect(loads.isTooSlow()).toBe(false);
  });

  it('are late while the pending load takes longer than its media plays, until it ends', () => {
    const loads = newLoads();
    loads.begin(1000, 0);
    expect([loads.isLate(1000), loads.isLate(1001)]).toEqual([false, true]);
    loads.end();
    expect([loads.isLoading, loads.isLate(1001)]).toEqual([false, false]);
  });

  it('forget what a standstill of the workstation made slow', () => {
    const loads = loadsAfter([1000, 33_000]);
    loads.begin(1000, 0);
    loads.startAnew();
    expect(loads.isLate(60_000)).toBe(false);
    loads.loaded(1000, 100);
    expect(loads.isTooSlow()).toBe(false);
  });
});
