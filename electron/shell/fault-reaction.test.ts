import { expect, test } from 'vitest';
import { type FaultyRun, RESTART_INTERVAL_MS, reactionTo } from './fault-reaction.ts';

const RUN: FaultyRun = { phase: 'running', uptimeMs: 1000, follows: 'orderly-end' };

test('the first fault restarts, however young the run is', () => {
  expect(reactionTo(RUN)).toBe('restart');
  expect(reactionTo({ ...RUN, phase: 'starting' })).toBe('restart');
});

test('a fault within a minute of a restart leaves the pictures alone', () => {
  expect(reactionTo({ ...RUN, follows: 'unexpected-end', uptimeMs: RESTART_INTERVAL_MS - 1 })).toBe('go-on');
});

test('a minute after a restart there may be another', () => {
  expect(reactionTo({ ...RUN, follows: 'unexpected-end', uptimeMs: RESTART_INTERVAL_MS })).toBe('restart');
});

test('a restarted start that fails again, without a window, gives up', () => {
  expect(reactionTo({ ...RUN, phase: 'starting', follows: 'unexpected-end' })).toBe('give-up');
});

test('who is ending is not started again', () => {
  expect(reactionTo({ ...RUN, phase: 'ending' })).toBe('go-on');
});
