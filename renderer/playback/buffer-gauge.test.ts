import { describe, expect, it } from 'vitest';
import { BufferGauge } from './buffer-gauge.ts';

const SEGMENT_MS = 1000;

/** Samples a live buffer every 250 ms: it falls in real time and rises by a segment when `lateMs` says. */
function play(
  gauge: BufferGauge,
  fromMs: number,
  untilMs: number,
  lateMs: (segment: number) => number,
  segmentMs = SEGMENT_MS,
): number {
  let lowAtMs = -1;
  for (let nowMs = fromMs; nowMs < untilMs; nowMs += 250) {
    let arrived = 0;
    for (let segment = 0; segment <= nowMs / segmentMs; segment += 1)
      if (segment * segmentMs + lateMs(segment) <= nowMs) arrived += 1;
    gauge.sample(nowMs, (1 + arrived) * segmentMs - nowMs, segmentMs, null);
    if (gauge.isLow() && lowAtMs < 0) lowAtMs = nowMs;
  }
  return lowAtMs;
}

describe('BufferGauge', () => {
  it('does not call a buffer low that falls and rises with each segment', () => {
    expect(play(new BufferGauge(), 0, 60_000, () => 0)).toBe(-1);
  });

  it.each([2000, 4000, 6000, 10_000])('does not call a buffer low with segments of %i ms', (segmentMs) => {
    expect(play(new BufferGauge(), 0, 300_000, (segment) => (segment % 3) * 50, segmentMs)).toBe(-1);
  });

  it('does not call a buffer low when segments are late by up to a tenth of their length', () => {
    expect(play(new BufferGauge(), 0, 60_000, (segment) => (segment % 3) * 50)).toBe(-1);
  });

  it('calls a buffer low when a segment does not come, long before the buffer is dry', () => {
    const lowAtMs = play(new BufferGauge(), 0, 40_000, (segment) => (segment >= 30 ? 1e9 : 0));
    // Segment 29 came at 29 s. With the second of media ahead of it, it lasts until 31 s.
    expect(lowAtMs).toBeGreaterThan(30_000);
    expect(lowAtMs).toBeLessThanOrEqual(30_500);
  });

  it('has no opinion before it knows what is usual', () => {
    const gauge = new BufferGauge();
    gauge.sample(0, 2000, SEGMENT_MS, null);
    gauge.sample(250, 10, SEGMENT_MS, null);
    expect(gauge.isLow()).toBe(false);
  });

  it('uses the assumed low until it knows the usual one', () => {
    const gauge = new BufferGauge();
    gauge.sample(0, 1900, SEGMENT_MS, 750);
    gauge.sample(1000, 650, SEGMENT_MS, 750);
    expect(gauge.isLow()).toBe(false);
    gauge.sample(1250, 550, SEGMENT_MS, 750);
    expect(gauge.isLow()).toBe(true);
  });

  it('stops calling the buffer low when the segment comes', () => {
    const gauge = new BufferGauge();
    play(gauge, 0, 20_000, () => 0);
    gauge.sample(20_000, 500, SEGMENT_MS, null);
    expect(gauge.isLow()).toBe(true);
    gauge.sample(20_100, 1900, SEGMENT_MS, null);
    expect(gauge.isLow()).toBe(false);
  });
});
