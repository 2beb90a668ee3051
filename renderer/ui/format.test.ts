import { describe, expect, it } from 'vitest';
import { formatAge, formatDay, formatMs, formatTime } from './format.ts';

describe('format', () => {
  it('writes an age as a clock and lets the hours grow', () => {
    expect(formatAge(37)).toBe('00:00:37');
    expect(formatAge(3 * 3600 + 25 * 60 + 9)).toBe('03:25:09');
    expect(formatAge(120 * 3600)).toBe('120:00:00');
  });

  it('writes short times in milliseconds and long ones in seconds', () => {
    expect(formatMs(66.7)).toBe('67 ms');
    expect(formatMs(9999)).toBe('9999 ms');
    expect(formatMs(12_340)).toBe('12.3 s');
  });

  it('pads the parts of a time and of a day', () => {
    const date = new Date(2031, 3, 9, 4, 3, 2);
    expect(formatTime(date)).toBe('04:03:02');
    expect(formatDay(date)).toBe('2031-04-09');
  });
});
