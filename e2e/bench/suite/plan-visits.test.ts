import { describe, expect, test } from 'vitest';
import { planVisits } from './plan-visits.ts';
import type { SuiteCase } from './suite.ts';

const NONE: ReadonlySet<number> = new Set();
const CASES: readonly SuiteCase<null>[] = ['9/bare', '9/own', '16/bare', '16/own'].map((id) => ({
  id,
  row: id.split('/')[0] ?? '',
  what: null,
}));

function namesOf(...args: Parameters<typeof planVisits<null>>): string[][] {
  return planVisits(...args).map((visit) => visit.map(({ of, run }) => `${of.id} ${run}`));
}

describe('planVisits', () => {
  test('runs a row together, and its cases in another order each time', () => {
    expect(namesOf(CASES, 2, 1, () => NONE)).toEqual([
      ['9/bare 1', '9/own 1'],
      ['16/bare 1', '16/own 1'],
      ['9/own 2', '9/bare 2'],
      ['16/own 2', '16/bare 2'],
    ]);
  });

  test('a visit has as many runs as it may, and the rest comes after all other rows had theirs', () => {
    expect(namesOf(CASES, 3, 2, () => NONE)).toEqual([
      ['9/bare 1', '9/own 1', '9/own 2', '9/bare 2'],
      ['16/bare 1', '16/own 1', '16/own 2', '16/bare 2'],
      ['9/bare 3', '9/own 3'],
      ['16/bare 3', '16/own 3'],
    ]);
  });

  test('leaves out what is finished, and keeps the numbers of the rest', () => {
    const names = namesOf(CASES.slice(0, 2), 2, 1, (id) => (id === '9/bare' ? new Set([1]) : NONE));
    expect(names).toEqual([['9/own 1'], ['9/own 2', '9/bare 2']]);
  });

  test('plans no visit of a row that is finished', () => {
    expect(planVisits(CASES, 2, 1, () => new Set([1, 2]))).toEqual([]);
  });

  test('a case that is measured only once is planned once', () => {
    const once = CASES.slice(0, 2).map((one) => (one.id === '9/bare' ? { ...one, mostRuns: 1 } : one));
    expect(namesOf(once, 3, 5, () => NONE)).toEqual([['9/bare 1', '9/own 1', '9/own 2', '9/own 3']]);
  });
});
