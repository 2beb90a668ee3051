import { expect, test } from 'vitest';
import { isLargerThan } from './input-size.ts';

test.each([
  ['a text', 'äöü'],
  ['an object', { site: 'north', range: { offset: 0, length: 12 }, expects: null }],
  ['lists in lists', [[1, 2.5], ['a', true], []]],
])('%s has the size of its JSON, within a few bytes', (_what, value) => {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  expect(isLargerThan(value, bytes + 8)).toBe(false);
  expect(isLargerThan(value, bytes - 8)).toBe(true);
});

test('an empty value is not larger than a small limit', () => {
  expect(isLargerThan(undefined, 100)).toBe(false);
  expect(isLargerThan(null, 100)).toBe(false);
});

const circle: { self?: unknown } = {};
circle.self = circle;
const doubling = Array.from({ length: 60 }).reduce<unknown>((inner) => [inner, inner], 'x');
test.each([
  ['a text of many megabytes', 'x'.repeat(10_000_000)],
  ['a list without an end', new Array(4_000_000_000)],
  ['an object that holds itself', circle],
  ['what doubles sixty times', doubling],
  ['bytes', new Uint8Array(10_000_000)],
  ['bytes in an object', { draft: new ArrayBuffer(10_000_000) }],
  ['a name of many megabytes', { ['x'.repeat(10_000_000)]: 1 }],
])('%s is found too large without reading all of it', (_what, value) => {
  expect(isLargerThan(value, 1_000_000)).toBe(true);
});
