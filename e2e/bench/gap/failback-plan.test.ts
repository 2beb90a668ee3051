import { describe, expect, test } from 'vitest';
import { failbackOf } from './failback-plan.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('failbackOf', () => {
  test.each([
    [2, 1],
    [9, 3],
  ])('of %i rounds every row waits for its failback in %i', (runs, waits) => {
    for (const position of numbers(5))
      expect(numbers(runs).filter((run) => failbackOf(position, run + 1, runs) === 'wait')).toHaveLength(
        waits,
      );
  });

  test('of a single round every third row waits for its failback', () => {
    expect(
      numbers(9)
        .map((position) => failbackOf(position, 1, 1))
        .filter((mode) => mode === 'wait'),
    ).toHaveLength(3);
  });
});
