import { describe, expect, it } from 'vitest';
import { GapMeter } from './gap-meter.ts';

const INTERVAL_MS = 1000 / 15;

function playing(from: number, frames: number, meter = new GapMeter()): { meter: GapMeter; endMs: number } {
  let atMs = from;
  for (let index = 0; index < frames; index += 1) {
    meter.frame(atMs);
    atMs += INTERVAL_MS;
  }
  return { meter, endMs: atMs - INTERVAL_MS };
}

describe('GapMeter', () => {
  it('reports a freeze of known length within one frame interval', () => {
    const { meter, endMs } = playing(0, 30);
    const frozenMs = 730;
    playing(endMs + frozenMs, 30, meter);
    expect(Math.abs((meter.longestMs() ?? 0) - frozenMs)).toBeLessThanOrEqual(INTERVAL_MS);
  });

  it('knows nothing before the second frame', () => {
    const meter = new GapMeter();
    expect([meter.longestMs(), meter.longestBetween(0, 100), meter.lastFrameMs()]).toEqual([
      null,
      null,
      null,
    ]);
    meter.frame(5);
    expect([meter.longestMs(), meter.lastFrameMs()]).toEqual([null, 5]);
  });

  it('looks only at the intervals that overlap the window', () => {
    const meter = new GapMeter();
    for (const atMs of [0, 400, 500, 600, 700, 1000]) meter.frame(atMs);
    expect(meter.longestBetween(450, 700)).toBe(300);
    expect(meter.longestBetween(450, 699)).toBe(100);
    expect(meter.longestBetween(0, 1000)).toBe(400);
  });

  it('counts a gap that began before the window', () => {
    const meter = new GapMeter();
    for (const atMs of [0, 900, 1000]) meter.frame(atMs);
    expect(meter.longestBetween(800, 1000)).toBe(900);
  });

  it('counts a gap that is still open', () => {
    const { meter, endMs } = playing(0, 10);
    expect(meter.longestBetween(endMs, endMs + 2500)).toBe(2500);
  });

  it('does not count hidden time as a gap', () => {
    const { meter, endMs } = playing(0, 10);
    meter.startAnew(60_000);
    expect(meter.longestBetween(endMs, 60_100)).toBe(100);
    playing(60_200, 10, meter);
    expect([meter.longestMs(), meter.longestBetween(0, 60_300)]).toEqual([200, 200]);
  });

  it('still knows its last picture after hidden time', () => {
    const { meter, endMs } = playing(0, 10);
    meter.startAnew(60_000);
    expect(meter.lastFrameMs()).toBe(endMs);
  });

  it('still knows the newest frames when there were more than it remembers', () => {
    const { meter, endMs } = playing(0, 5000);
    meter.frame(endMs + 500);
    expect(meter.longestBetween(endMs - 1000, endMs + 500)).toBe(500);
    expect(meter.longestBetween(0, endMs)).toBe(500);
  });
});
