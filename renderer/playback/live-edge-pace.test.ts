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

  it('waits a quarter of a second for an answer where they come at once', () => {
    const pace = new LiveEdgePace();
    expect(pace.patienceMs()).toBe(250);
    pace.answered(5);
    expect(pace.patienceMs()).toBe(250);
  });

  it('waits longer where answers take longer, or differ', () => {
    const far = new LiveEdgePace();
    for (let answer = 0; answer < 30; answer += 1) far.answered(600);
    expect(far.patienceMs()).toBeGreaterThanOrEqual(600);
    const unsteady = new LiveEdgePace();
    for (let answer = 0; answer < 30; answer += 1) unsteady.answered(answer % 2 === 0 ? 50 : 250);
    expect(unsteady.patienceMs()).toBeGreaterThan(400);
  });
});
