import { describe, expect, it } from 'vitest';
import { CatchUp } from './catch-up.ts';

describe('CatchUp', () => {
  it('begins when the picture is clearly late, and ends when it hardly is', () => {
    const pace = new CatchUp();
    expect([0.4, 0.6, 0.4, 0.15, 0.05, 0.4].map((excessS) => pace.rate(excessS, 900))).toEqual([
      1, 1.1, 1.1, 1.1, 1, 1,
    ]);
  });

  it('hurries from far behind', () => {
    expect(new CatchUp().rate(3, 3000)).toBe(1.25);
  });

  it('never runs the picture dry', () => {
    const pace = new CatchUp();
    expect(pace.rate(3, 500)).toBe(1);
    expect(pace.rate(3, 700)).toBe(1.25);
    expect(pace.rate(3, 500)).toBe(1);
  });

  it('never slows a picture down', () => {
    expect(new CatchUp().rate(-2, 5000)).toBe(1);
  });
});
