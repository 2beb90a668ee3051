import { describe, expect, test } from 'vitest';
import { othersCores, parseMachine, parseProcess } from './cpu-times.ts';

describe('parseProcess', () => {
  test('reads the times behind a command with blanks and brackets', () => {
    const line = '42 (a (b) c) S 7 42 42 0 -1 4194304 1 2 3 4 100 50 20 30 20 0 1 0 99 1 1';
    expect(parseProcess(line)).toEqual({ pid: 42, parent: 7, startedTicks: 99, cpuS: 2, waitedForS: 0.5 });
  });
});

test('the machine is busy with everything but idling and waiting for its disk', () => {
  const stat = 'cpu  100 20 30 9999 8888 40 50 60 70 80\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
  expect(parseMachine(stat)).toBe(3);
});

describe('othersCores', () => {
  test('is what the machine did and we did not, over the time that passed', () => {
    expect(othersCores({ machineS: 100, ownS: 10 }, { machineS: 130, ownS: 20 }, 20)).toBe(1);
  });

  test('is never below none', () => {
    expect(othersCores({ machineS: 100, ownS: 10 }, { machineS: 110, ownS: 20.02 }, 10)).toBe(0);
  });
});
