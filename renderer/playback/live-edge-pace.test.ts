import { describe, expect, it } from 'vitest';
import { LiveEdgePace } from './live-edge-pace.ts';

function paced(intervalsMs: readonly number[], pace = new LiveEdgePace()): LiveEdgePace {
  let nowMs = 0;
  pace.moved(nowMs, 'none', 1500);
  for (const intervalMs of intervalsMs) {
    nowMs += intervalMs;
    pace.moved(nowMs, 'none', 1500);
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

  it('waits longer for a stream whose own pace is slower than declared', () => {
    expect(paced([1000, 1600, 1000]).dueAfterMs(1000, null)).toBe(2000);
  });

  it('lets an outlier at most double the declared time', () => {
    expect(paced([1000, 60_000, 1000]).dueAfterMs(1000, null)).toBe(3000);
  });

  it('learns nothing from an outage, however short', () => {
    const pace = new LiveEdgePace();
    pace.moved(0, 'none', 1500);
    pace.moved(1900, 'outage', 1500);
    expect(pace.dueAfterMs(1000, null)).toBe(1500);
  });

  it.each([
    ['learns from a stream that was called stalled and then moved', 1900, 2375],
    ['learns nothing from a stream that was stalled for long', 6100, 1500],
  ])('%s', (_what, intervalMs, dueMs) => {
    const pace = new LiveEdgePace();
    pace.moved(0, 'none', 1500);
    pace.moved(intervalMs, 'stalled', 1500);
    expect(pace.dueAfterMs(1000, null)).toBe(dueMs);
  });

  it('takes the duration of the last four moves for the pace of the stream, however long they took', () => {
    expect(paced([5000, 5000, 5000]).dueAfterMs(1000, null)).toBe(3000);
    expect(paced([5000, 5000, 5000, 5000]).dueAfterMs(1000, null)).toBe(6250);
    expect(paced([5000, 5000, 5000, 5000, 1000]).dueAfterMs(1000, null)).toBe(3000);
  });

  it('does not count time in which the edge was not observed', () => {
    const pace = new LiveEdgePace();
    pace.moved(0, 'none', 1500);
    pace.pause();
    pace.moved(1900, 'none', 1500);
    expect(pace.dueAfterMs(1000, null)).toBe(1500);
  });

  it('uses the faster answer as the usual one until the stream is proven', () => {
    const pace = new LiveEdgePace();
    pace.answered(3000, false);
    pace.answered(100, false);
    expect(pace.dueAfterMs(1000, null)).toBe(1600);
    pace.answered(900, true);
    expect(pace.dueAfterMs(1000, null)).toBe(1700);
  });

  it('adds the round trip', () => {
    const pace = new LiveEdgePace();
    pace.answered(150, true);
    expect(pace.dueAfterMs(1000, null)).toBe(1650);
  });

  it('waits a quarter of a second for an answer where answers come at once', () => {
    const pace = new LiveEdgePace();
    expect(pace.patienceMs()).toBe(250);
    pace.answered(5, true);
    expect(pace.patienceMs()).toBe(250);
  });

  it('waits longer where answers take longer, or vary', () => {
    const far = new LiveEdgePace();
    for (let answer = 0; answer < 30; answer += 1) far.answered(600, true);
    expect(far.patienceMs()).toBeGreaterThanOrEqual(600);
    const unsteady = new LiveEdgePace();
    for (let answer = 0; answer < 30; answer += 1) unsteady.answered(answer % 2 === 0 ? 50 : 250, true);
    expect(unsteady.patienceMs()).toBeGreaterThan(400);
  });
});
