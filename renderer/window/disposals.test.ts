import { expect, it } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { Disposals } from './disposals.ts';

it('frees one player after the other, except those whose disposal was prevented', async () => {
  const clock = new VirtualClock();
  const disposals = new Disposals(clock);
  const freed: string[] = [];
  const [, prevent] = ['a', 'b', 'c'].map((name) => disposals.soon(() => freed.push(name)));
  expect(freed).toEqual(['a']);
  prevent?.();
  await clock.advance(49);
  expect(freed).toEqual(['a']);
  await clock.advance(1);
  expect(freed).toEqual(['a', 'c']);
  await clock.advance(1000);
  expect(clock.pending()).toBe(0);
});
