import { describe, expect, test } from 'vitest';
import { countedIn, median, quantile, shareOver } from './statistics.ts';

describe('quantile', () => {
  test('is a measured value: of twenty, the 95th percentile is the nineteenth', () => {
    const values = Array.from({ length: 20 }, (_, index) => 20 - index);
    expect(quantile(values, 0.95)).toBe(19);
  });

  test('of one value is that value', () => {
    expect(quantile([7], 0.95)).toBe(7);
  });

  test('at 1 is the largest, and what never happened is larger than all', () => {
    expect(quantile([3, Number.POSITIVE_INFINITY, 9], 1)).toBe(Number.POSITIVE_INFINITY);
  });

  test('without values there is none', () => {
    expect(quantile([], 0.5)).toBeNull();
  });
});

describe('median', () => {
  test.each([
    [[5], 5],
    [[9, 1, 5], 5],
    [[1, 2, 3, 10], 2.5],
    [[1, Number.POSITIVE_INFINITY], Number.POSITIVE_INFINITY],
    [[], null],
  ])('of %j is %s', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('shareOver', () => {
  test('counts what is above the limit, not what is at it', () => {
    expect(shareOver([200, 201, 100, Number.POSITIVE_INFINITY], 200)).toBe(0.5);
  });

  test('without values there is none', () => {
    expect(shareOver([], 200)).toBeNull();
  });
});

test('a counter that begins anew goes on from nothing', () => {
  expect(countedIn([100, 115, 130])).toBe(30);
  expect(countedIn([100, 115, 4, 19])).toBe(34);
  expect(countedIn([100])).toBe(0);
});
