import { describe, expect, it } from 'vitest';
import { FramePace } from './frame-pace.ts';

function paceOf(...stepsMs: number[]): FramePace {
  const pace = new FramePace();
  for (const stepMs of stepsMs) pace.step(stepMs);
  return pace;
}

describe('FramePace', () => {
  it('is unknown before the first step', () => {
    expect(paceOf().usualMs()).toBeNull();
  });

  it('is not changed by dropped frames, nor by seeks', () => {
    expect(paceOf(40, 40, 80, 40, -5000, 9000, 40).usualMs()).toBe(40);
  });

  it('follows a camera that sends fewer frames while nothing moves', () => {
    const pace = paceOf(...Array.from({ length: 31 }, () => 40));
    for (let frame = 0; frame < 16; frame += 1) pace.step(1000);
    expect(pace.usualMs()).toBe(1000);
  });
});
