import { expect, test } from 'vitest';
import { DisplayWake } from './display-wake.ts';

function wakeWithFakeLock() {
  const held = new Set<number>();
  let next = 0;
  const wake = new DisplayWake({
    start: () => {
      held.add(next);
      return next++;
    },
    stop: (id) => held.delete(id),
  });
  return { wake, held };
}

test('the display is kept awake while at least one window plays', () => {
  const { wake, held } = wakeWithFakeLock();
  wake.setPlaying(1, 'playing');
  wake.setPlaying(2, 'playing');
  wake.setPlaying(1, 'idle');
  expect(held.size).toBe(1);
  wake.setPlaying(2, 'idle');
  expect(held.size).toBe(0);
});

test('a repeated report leaves no lock behind', () => {
  const { wake, held } = wakeWithFakeLock();
  wake.setPlaying(1, 'playing');
  wake.setPlaying(1, 'playing');
  expect(held.size).toBe(1);
  wake.setPlaying(1, 'idle');
  wake.setPlaying(1, 'idle');
  expect(held.size).toBe(0);
});
