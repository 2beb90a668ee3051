import { expect, it } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { HostPulse } from './host-pulse.ts';

it('calls a host blocked that does not answer, until it does', async () => {
  const clock = new VirtualClock();
  let answer = (): void => {};
  let held = false;
  const changes: boolean[] = [];
  const pulse: HostPulse = new HostPulse(
    clock,
    () =>
      new Promise<void>((resolve) => {
        if (held) answer = resolve;
        else resolve();
      }),
    () => changes.push(pulse.isBlocked()),
  );
  await clock.advance(10_000);
  expect(changes).toEqual([]);
  held = true;
  await clock.advance(1500);
  expect(changes).toEqual([true]);
  await clock.advance(5000);
  held = false;
  answer();
  await clock.advance(2000);
  expect(changes).toEqual([true, false]);
});

it('counts a rejection as an answer', async () => {
  const clock = new VirtualClock();
  const pulse = new HostPulse(
    clock,
    () => Promise.reject(new Error('not now')),
    () => {},
  );
  await clock.advance(5000);
  expect(pulse.isBlocked()).toBe(false);
});
