import { describe, expect, it } from 'vitest';
import { LiveEdgePace } from './live-edge-pace.ts';

function paced(intervalsMs: readonly number[], pace = new LiveEdgePace()): LiveEdgePace {
  let nowMs = 0;
  pace.moved(nowMs, true);
  for (const intervalMs of intervalsMs) {
    nowMs += intervalMs;
    pace.moved(nowMs, true);
  }
  return pace;
}

describe('LiveEdgePace (rule 4)', () => {
  it('expects a move within one and a half target durations', () => {
    expect(paced([2000, 2000]).dueAfterMs(2000, null)).toBe(3000);
  });

  it('expects a part within three part targets, and never sooner than half a second', () => {
    expect(paced([]).dueAfterMs(2000, 333)).toBe(999);
    expect(paced([]).dueAfterMs(2000, 100)).toBe(500);
  });

  it('waits longer for a stream whose own pace is slower than it declares', () => {
    expect(paced([1000, 1600, 1000]).dueAfterMs(1000, null)).toBe(2000);
  });

  it('lets an outlier at most double the declared time', () => {
    expect(paced([1000, 60_000, 1000]).dueAfterMs(1000, null)).toBe(3000);
  });

  it('learns nothing from an interval with evidence in it', () => {
    const pace = new LiveEdgePace();
    pace.moved(0, true);
    pace.moved(1900, false);
    expect(pace.dueAfterMs(1000, null)).toBe(1500);
  });

  it('adds the round trip', () => {
    const pace = new LiveEdgePace();
    pace.answered(150);
    expect(pace.dueAfterMs(1000, null)).toBe(1650);
  });
});
