import { expect, it } from 'vitest';
import type { Steps } from '../../shared/media/steps.ts';
import { inTurns } from './next-turn.ts';

function* counted(steps: number, done: number[]): Steps<string> {
  for (let step = 1; step <= steps; step += 1) {
    done.push(step);
    if (step < steps) yield;
  }
  return 'all';
}

it('does one step in each turn', async () => {
  const done: number[] = [];
  const seen: number[] = [];
  const turn = async (): Promise<void> => {
    seen.push(done.length);
  };
  expect(await inTurns(counted(3, done), turn)).toBe('all');
  expect(seen).toEqual([1, 2]);
});

it('does not wait for a turn where there is only one step', async () => {
  const turn = (): Promise<void> => new Promise(() => {});
  expect(await inTurns(counted(1, []), turn)).toBe('all');
});
