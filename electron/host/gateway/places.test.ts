import { expect, it } from 'vitest';
import { Places } from './places.ts';

const forEver = new AbortController().signal;

it('places are given in the order of arrival, and a waiter that gave up is skipped', async () => {
  const places = new Places(1);
  const order: string[] = [];
  await places.take(forEver);
  const givenUp = new AbortController();
  const waiting = [
    places.take(forEver).then(() => order.push('first')),
    places.take(givenUp.signal).catch((reason: unknown) => order.push(String(reason))),
    places.take(forEver).then(() => order.push('third')),
  ];
  givenUp.abort('given up');
  places.give();
  await Promise.all(waiting.slice(0, 2));
  expect(order.sort()).toEqual(['first', 'given up']);
  places.give();
  await Promise.all(waiting);
  places.give();
  await places.take(forEver);
  await expect(places.take(AbortSignal.abort('too late'))).rejects.toBe('too late');
});
