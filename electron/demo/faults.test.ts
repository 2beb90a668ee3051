import { expect, test } from 'vitest';
import type { DemoFault } from '../../shared/demo.ts';
import { type ActiveFault, FAULT_EFFECTS, meet } from './faults.ts';

const fault = (name: DemoFault, sinceMs = 0): ActiveFault => ({ effect: FAULT_EFFECTS[name], sinceMs });

test('no fault leaves everything as it is', () => {
  expect(meet([fault('none')])).toEqual({ connections: 'open', answers: 'given', frozenAtMs: undefined });
});

test('a camera fault adds to the fault of its site', () => {
  expect(meet([fault('freeze', 5), fault('503')])).toEqual({
    connections: 'open',
    answers: 503,
    frozenAtMs: 5,
  });
  expect(meet([fault('503'), fault('hang')]).answers).toBe('held');
  expect(meet([fault('none'), fault('stop')]).connections).toBe('refused');
});

test('of two freezes the earlier one shows', () => {
  expect(meet([fault('freeze', 9), fault('freeze', 4)]).frozenAtMs).toBe(4);
});
