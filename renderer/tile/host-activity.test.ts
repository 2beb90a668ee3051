import { expect, it, vi } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { type ActivityBridge, HostActivity } from './host-activity.ts';

function hosted() {
  let tell: Parameters<ActivityBridge['on']>[1] = () => {};
  const bridge: ActivityBridge = {
    on: (_name, listener) => {
      tell = listener;
      return () => {};
    },
    request: async () => null,
  };
  const activity = new HostActivity(bridge, new FakeClock());
  return {
    activity,
    setSuspended: (suspended: boolean) => tell({ suspended, reason: 'the window is hidden' }),
  };
}

it('tells every tile when the host suspends them, though one of them fails', () => {
  const thrown: (() => void)[] = [];
  vi.stubGlobal('queueMicrotask', (callback: () => void) => thrown.push(callback));
  const { activity, setSuspended } = hosted();
  activity.subscribe(() => {
    throw new Error('this tile failed');
  });
  const told: boolean[] = [];
  activity.subscribe(() => told.push(activity.suspended()));
  setSuspended(true);
  setSuspended(false);
  expect(told).toEqual([true, false]);
  expect(thrown).toHaveLength(2);
  expect(thrown[0]).toThrow('this tile failed');
});
