import { expect, test } from 'vitest';
import { RestartBudget } from './restart-budget.ts';

test('grants the limit within the window, refuses the next, and grants again when the window has moved on', () => {
  let nowMs = 0;
  const budget = new RestartBudget({ limit: 3, windowMs: 60_000, nowMs: () => nowMs });
  const takeAt = (ms: number): string => {
    nowMs = ms;
    return budget.take();
  };
  expect([0, 10_000, 20_000].map(takeAt)).toEqual(['granted', 'granted', 'granted']);
  expect(takeAt(59_999)).toBe('exhausted');
  expect(takeAt(60_000)).toBe('granted');
  expect(takeAt(60_001)).toBe('exhausted');
  expect(takeAt(70_000)).toBe('granted');
});
