import { expect, it, vi } from 'vitest';
import type { AlarmReport } from '../../shared/alarms/alarm.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { type ActivityBridge, HostActivity, type Suspension } from './host-activity.ts';

function hosted() {
  let tell: Parameters<ActivityBridge['on']>[1] = () => {};
  let answer: (() => void) | null = null;
  let blocked = false;
  const bridge: ActivityBridge = {
    on: (_name, listener) => {
      tell = listener;
      return () => {};
    },
    request: () =>
      new Promise((resolve) => {
        if (blocked) answer = () => resolve(null);
        else resolve(null);
      }),
  };
  const clock = new VirtualClock();
  const alarms: AlarmReport[] = [];
  const activity = new HostActivity(bridge, clock, (report) => alarms.push(report));
  return {
    activity,
    clock,
    alarms,
    setSuspended: (suspended: boolean) => tell({ suspended, reason: 'the window is hidden' }),
    block: () => {
      blocked = true;
    },
    goOn: () => {
      blocked = false;
      answer?.();
    },
  };
}

it('notifies every tile when the host suspends them, though one of them fails', () => {
  const thrown: (() => void)[] = [];
  vi.stubGlobal('queueMicrotask', (callback: () => void) => thrown.push(callback));
  const { activity, setSuspended } = hosted();
  activity.subscribe(() => {
    throw new Error('this tile failed');
  });
  const seen: (Suspension | null)[] = [];
  activity.subscribe(() => seen.push(activity.suspension()));
  setSuspended(true);
  setSuspended(false);
  expect(seen).toEqual(['local-fault', null]);
  expect(thrown).toHaveLength(2);
  expect(thrown[0]).toThrow('this tile failed');
});

it('suspends the tiles while the host is blocked, and raises one alarm', async () => {
  const { activity, clock, alarms, block, goOn } = hosted();
  expect(alarms).toMatchObject([{ alarm: 'host-blocked', transition: 'returned' }]);
  alarms.length = 0;
  const seen: (Suspension | null)[] = [];
  activity.subscribe(() => seen.push(activity.suspension()));
  block();
  await clock.advance(5000);
  expect(seen).toEqual(['host-blocked']);
  expect(alarms).toMatchObject([{ alarm: 'host-blocked', transition: 'raised', place: null }]);
  goOn();
  await clock.advance(1000);
  expect(seen).toEqual(['host-blocked', null]);
  expect(alarms.slice(1)).toMatchObject([{ alarm: 'host-blocked', transition: 'returned' }]);
});

it('raises no alarm for a host that was blocked for a moment', async () => {
  const { activity, clock, alarms, block, goOn } = hosted();
  block();
  await clock.advance(1700);
  expect(activity.suspension()).toBe('host-blocked');
  goOn();
  await clock.advance(5000);
  expect(activity.suspension()).toBeNull();
  expect(alarms.filter(({ transition }) => transition === 'raised')).toEqual([]);
});
