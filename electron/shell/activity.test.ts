import { expect, test } from 'vitest';
import { Activity } from './activity.ts';

function recorded() {
  const events: string[] = [];
  const activity = new Activity(({ suspended, reason }) =>
    events.push(`${suspended ? 'off' : 'on'}: ${reason}`),
  );
  return { activity, events };
}

test('a fault suspends, and its end resumes', () => {
  const { activity, events } = recorded();
  activity.begin('window-minimised');
  expect(activity.suspendedBecause).toBe('the window is minimised');
  activity.end('window-minimised');
  expect(activity.suspendedBecause).toBeNull();
  expect(events).toEqual(['off: the window is minimised', 'on: the window is restored']);
});

test('overlapping faults suspend once and resume with the last', () => {
  const { activity, events } = recorded();
  activity.begin('window-minimised');
  activity.begin('machine-suspended');
  activity.end('window-minimised');
  expect(activity.suspendedBecause).toBe('the machine goes to sleep');
  activity.end('machine-suspended');
  expect(events).toEqual(['off: the window is minimised', 'on: the machine woke up']);
});

test('a fault that is reported twice, or ended without having begun, changes nothing', () => {
  const { activity, events } = recorded();
  activity.end('window-hidden');
  activity.begin('window-hidden');
  activity.begin('window-hidden');
  activity.end('window-hidden');
  activity.end('window-hidden');
  expect(events).toEqual(['off: the window is hidden', 'on: the window is shown again']);
});
