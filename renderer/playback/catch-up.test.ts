import { describe, expect, it } from 'vitest';
import { CatchUp } from './catch-up.ts';

describe('CatchUp', () => {
  it('begins when the picture is clearly late, and ends when it is hardly late', () => {
    const pace = new CatchUp();
    expect([0.4, 0.6, 0.4, 0.15, 0.05, 0.4].map((excessS) => pace.rate(0, excessS, 900))).toEqual([
      1, 1.1, 1.1, 1.1, 1, 1,
    ]);
  });

  it('plays faster from far behind', () => {
    expect(new CatchUp().rate(0, 3, 3000)).toBe(1.25);
  });

  it('never runs the picture dry', () => {
    const pace = new CatchUp();
    expect(pace.rate(0, 3, 500)).toBe(1);
    expect(pace.rate(0, 3, 700)).toBe(1.25);
    expect(pace.rate(0, 3, 500)).toBe(1);
  });

  it('does not slow a picture down that was always close to the live edge', () => {
    expect(new CatchUp().rate(0, -2, 5000)).toBe(1);
  });

  it('falls back to where it should be after a jump over a hole', () => {
    const pace = new CatchUp();
    pace.fallBack();
    expect([-0.6, -0.2, -0.05, -0.6].map((excessS) => pace.rate(0, excessS, 900))).toEqual([0.9, 0.9, 1, 1]);
  });

  it('stays further behind after nearly dry moments, and comes closer again after a calm time', () => {
    const pace = new CatchUp();
    expect(pace.rate(0, 0.8, 900)).toBe(1.1);
    for (const nowMs of [1000, 2500, 4000, 6000]) pace.rate(nowMs, 0.8, 100);
    expect(pace.rate(6500, 0.8, 900)).toBe(1);
    expect(pace.rate(6600, 3.2, 900)).toBe(1.1);
    for (let nowMs = 7000; nowMs < 260_000; nowMs += 1000) pace.rate(nowMs, 0, 900);
    expect(pace.rate(260_000, 0.8, 900)).toBe(1.1);
  });
});
