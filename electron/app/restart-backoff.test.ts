import { expect, test } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { RestartBackoff } from './restart-backoff.ts';

const PACE = { atOnce: 2, firstWaitMs: 1000, longestWaitMs: 8000, settledMs: 60_000 };

function running() {
  const clock = new VirtualClock();
  const backoff = new RestartBackoff(PACE, () => clock.now());
  /** Runs, ends, and waits for the given time. */
  const endAfter = (ranMs: number): number => {
    clock.tick(ranMs);
    const waitMs = backoff.ended();
    clock.tick(waitMs);
    return waitMs;
  };
  return { backoff, endAfter };
}

test('restarts come immediately at first, then after longer and longer waits with a limit, and never stop', () => {
  const { endAfter } = running();
  expect(Array.from({ length: 8 }, () => endAfter(10))).toEqual([0, 0, 1000, 2000, 4000, 8000, 8000, 8000]);
  for (let times = 0; times < 2000; times += 1) expect(endAfter(10)).toBe(8000);
});

test('after a long run, counting begins again; the wait before the run does not count as a part of it', () => {
  const { backoff, endAfter } = running();
  for (let times = 0; times < 6; times += 1) endAfter(10);
  expect(endAfter(PACE.settledMs - 1)).toBe(8000);
  expect(backoff.endsInARow).toBe(7);
  expect(endAfter(PACE.settledMs)).toBe(0);
  expect(backoff.endsInARow).toBe(1);
});
