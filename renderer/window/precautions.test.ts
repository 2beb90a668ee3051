import { expect, it } from 'vitest';
import { Precautions } from './precautions.ts';

it('a window takes a limited number of precautions at the same time', () => {
  const precautions = new Precautions(1);
  const [one, two, three] = [{}, {}, {}];
  expect([one, two, three, one].map((tile) => precautions.take(tile))).toEqual([true, true, false, true]);
  precautions.release(one);
  expect(precautions.take(three)).toBe(true);
});
