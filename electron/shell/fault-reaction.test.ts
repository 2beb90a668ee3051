import { expect, test } from 'vitest';
import { type FaultyRun, RESTART_INTERVAL_MS, reactionTo } from './fault-reaction.ts';

const RUN: FaultyRun = { phase: 'running', uptimeMs: 1000, follows: 'orderly-end' };

test('the first fault restarts, however short the run was', () => {
  expect(reactionTo(RUN)).toBe('restart');
  expect(reactionTo({ ...RUN, phase: 'starting' })).toBe('restart');
});

test('a fault within a minute after a restart leaves the pictures running', () => {
  expect(reactionTo({ ...RUN, follows: 'unexpected-end', uptimeMs: RESTART_INTERVAL_MS - 1 })).toBe('go-on');
});

test('a minute after a restart another one is possible', () => {
  expect(reactionTo({ ...RUN, follows: 'unexpected-end', uptimeMs: RESTART_INTERVAL_MS })).toBe('restart');
});

test('a restarted start that fails again without a window gives up', () => {
  expect(reactionTo({ ...RUN, phase: 'starting', follows: 'unexpected-end' })).toBe('give-up');
});

test('a process that is ending is not restarted', () => {
  expect(reactionTo({ ...RUN, phase: 'ending' })).toBe('go-on');
});
