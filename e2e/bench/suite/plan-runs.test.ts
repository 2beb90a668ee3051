import { describe, expect, test } from 'vitest';
import { planRuns } from './plan-runs.ts';

const NONE: ReadonlySet<number> = new Set();
const CASES = ['9/bare', '9/own', '16/bare', '16/own'].map((id) => ({
  id,
  row: id.split('/')[0] ?? '',
  what: null,
}));

describe('planRuns', () => {
  test('runs a row together, and its cases in another order each time', () => {
    const names = planRuns(CASES, 2, () => NONE).map(({ of, run }) => `${of.id} ${run}`);
    expect(names).toEqual([
      '9/bare 1',
      '9/own 1',
      '16/bare 1',
      '16/own 1',
      '9/own 2',
      '9/bare 2',
      '16/own 2',
      '16/bare 2',
    ]);
  });

  test('leaves out what is finished, and keeps the numbers of the rest', () => {
    const planned = planRuns(CASES.slice(0, 2), 2, (id) => (id === '9/bare' ? new Set([1]) : NONE));
    expect(planned.map(({ of, run }) => `${of.id} ${run}`)).toEqual(['9/own 1', '9/own 2', '9/bare 2']);
  });
});
