import { expect, it } from 'vitest';
import { putAway } from './put-away.ts';

it('takes each step in its turn, and a step that throws keeps no other from it', async () => {
  const taken: string[] = [];
  const logged: string[] = [];
  await putAway(
    [
      () => void taken.push('first'),
      () => {
        throw new Error('the disk is full');
      },
      async () => {
        await Promise.resolve();
        taken.push('last');
      },
    ],
    { timeoutMs: 60_000, log: (message) => logged.push(message) },
  );
  expect(taken).toEqual(['first', 'last']);
  expect(logged).toEqual(['while ending: the disk is full']);
});

it('gives up a step that hangs, and those after it', async () => {
  const taken: string[] = [];
  await putAway([() => new Promise(() => {}), () => void taken.push('after it')], {
    timeoutMs: 1,
    log: () => {},
  });
  expect(taken).toEqual([]);
});
