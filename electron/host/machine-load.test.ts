import { expect, test } from 'vitest';
import { type CoreTimes, measureMachineLoad } from './machine-load.ts';

function loadsOver(first: CoreTimes, ...later: CoreTimes[]): (number | null)[] {
  let now = first;
  const load = measureMachineLoad(() => now);
  return later.map((reading) => {
    now = reading;
    return load();
  });
}

test('the load is the share of time that was not idle since the last call', () => {
  expect(
    loadsOver(
      { idleMs: 500, totalMs: 1000 },
      { idleMs: 2000, totalMs: 3000 },
      { idleMs: 2000, totalMs: 5000 },
      { idleMs: 2000, totalMs: 5000 },
    ),
  ).toEqual([0.25, 1, null]);
});
