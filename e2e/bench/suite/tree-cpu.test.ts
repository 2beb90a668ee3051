import { describe, expect, test } from 'vitest';
import type { ProcessTimes } from './cpu-times.ts';
import { TreeCpu } from './tree-cpu.ts';

function process(pid: number, parent: number, cpuS: number, rest: Partial<ProcessTimes> = {}): ProcessTimes {
  return { pid, parent, cpuS, waitedForS: 0, startedTicks: pid, ...rest };
}

/** CPU time between the first and the last of these readings, seconds. */
function usedS(...readings: (readonly ProcessTimes[])[]): number {
  const tree = new TreeCpu(10);
  const [first = 0, ...rest] = readings.map((reading) => tree.take(reading));
  return (rest.at(-1) ?? first) - first;
}

describe('TreeCpu', () => {
  test('adds up a process and all that descend from it, and nobody else', () => {
    const tree = new TreeCpu(10);
    const others = [process(1, 0, 1000), process(20, 1, 500)];
    expect(tree.take([...others, process(10, 1, 1), process(11, 10, 2), process(12, 11, 4)])).toBe(7);
  });

  test('a process that is gone has none', () => {
    expect(new TreeCpu(10).take([process(1, 0, 9)])).toBe(0);
  });

  test('keeps the time of one that ended without anyone waiting for it', () => {
    expect(
      usedS(
        [process(10, 1, 1), process(11, 10, 0)],
        [process(10, 1, 1), process(11, 10, 5)],
        [process(10, 1, 1)],
      ),
    ).toBe(5);
  });

  test('counts one that was waited for once', () => {
    expect(
      usedS(
        [process(10, 1, 1), process(11, 10, 0)],
        [process(10, 1, 1), process(11, 10, 5)],
        [process(10, 1, 7, { waitedForS: 6 })],
      ),
    ).toBe(6);
  });

  test('of a family that ended, only what was not taken over is added', () => {
    expect(
      usedS(
        [process(10, 1, 1), process(11, 10, 0), process(12, 11, 0)],
        [process(10, 1, 1), process(11, 10, 2), process(12, 11, 3)],
        [process(10, 1, 3, { waitedForS: 2 })],
      ),
    ).toBe(5);
  });

  test('follows one whose parent ended, and what it starts', () => {
    expect(
      usedS(
        [process(10, 1, 1), process(11, 10, 0), process(12, 11, 0)],
        [process(10, 1, 1), process(12, 1, 4), process(13, 12, 1)],
      ),
    ).toBe(5);
  });

  test('another process with the number of one that ended is not ours', () => {
    expect(
      usedS(
        [process(10, 1, 1), process(11, 10, 2)],
        [process(10, 1, 1), process(11, 1, 900, { startedTicks: 99 })],
      ),
    ).toBe(0);
  });
});
