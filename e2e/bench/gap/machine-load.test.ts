import { describe, expect, test } from 'vitest';
import { othersCores, parseMachine, parseProcess, treeCpuS } from './machine-load.ts';

describe('parseProcess', () => {
  test('reads the times behind a command with blanks and brackets', () => {
    const line = '42 (a (b) c) S 7 42 42 0 -1 4194304 1 2 3 4 100 50 20 30 20 0 1 0 99 1 1';
    expect(parseProcess(line)).toEqual({ pid: 42, parent: 7, cpuS: 2 });
  });
});

test('the machine is busy with everything but idling and waiting for its disk', () => {
  const stat = 'cpu  100 20 30 9999 8888 40 50 60 70 80\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
  expect(parseMachine(stat)).toBe(3);
});

describe('treeCpuS', () => {
  test('adds up a process and all that descend from it, and nobody else', () => {
    const processes = [
      { pid: 1, parent: 0, cpuS: 1000 },
      { pid: 10, parent: 1, cpuS: 1 },
      { pid: 11, parent: 10, cpuS: 2 },
      { pid: 12, parent: 11, cpuS: 4 },
      { pid: 20, parent: 1, cpuS: 500 },
    ];
    expect(treeCpuS(processes, 10)).toBe(7);
  });

  test('a process that is gone has none', () => {
    expect(treeCpuS([{ pid: 1, parent: 0, cpuS: 9 }], 10)).toBe(0);
  });
});

describe('othersCores', () => {
  test('is what the machine did and we did not, over the time that passed', () => {
    expect(othersCores({ machineS: 100, ownS: 10 }, { machineS: 130, ownS: 20 }, 20)).toBe(1);
  });

  test('is never below none', () => {
    expect(othersCores({ machineS: 100, ownS: 10 }, { machineS: 110, ownS: 20.02 }, 10)).toBe(0);
  });
});
