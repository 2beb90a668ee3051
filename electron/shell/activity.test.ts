import { expect, test } from 'vitest';
import { Activity } from './activity.ts';

function recorded() {
  const told: string[] = [];
  const activity = new Activity(({ suspended, reason }) =>
    told.push(`${suspended ? 'off' : 'on'}: ${reason}`),
  );
  return { activity, told };
}

test('a fault suspends, its end resumes', () => {
  const { activity, told } = recorded();
  activity.begin('window-minimised');
  expect(activity.suspendedBecause).toBe('the window is minimised');
  activity.end('window-minimised');
  expect(activity.suspendedBecause).toBeNull();
  expect(told).toEqual(['off: the window is minimised', 'on: the window is restored']);
});

test('overlapping faults suspend once and resume with the last', () => {
  const { activity, told } = recorded();
  activity.begin('window-minimised');
  activity.begin('machine-suspended');
  activity.end('window-minimised');
  expect(activity.suspendedBecause).toBe('the machine goes to sleep');
  activity.end('machine-suspended');
  expect(told).toEqual(['off: the window is minimised', 'on: the machine woke up']);
});

test('a fault told twice, or ended without having begun, changes nothing', () => {
  const { activity, told } = recorded();
  activity.end('window-hidden');
  activity.begin('window-hidden');
  activity.begin('window-hidden');
  activity.end('window-hidden');
  activity.end('window-hidden');
  expect(told).toEqual(['off: the window is hidden', 'on: the window is shown again']);
});
