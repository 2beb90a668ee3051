import { expect, test } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { FILE_DEADLINE_MS, FileDeadline } from './file-deadline.ts';

const SILENT = 'its disk or share has not answered for 10 s';

function hanging() {
  const clock = new VirtualClock();
  const deadline = new FileDeadline(clock);
  let answer = (): void => {};
  const work = new Promise<void>((resolve) => {
    answer = resolve;
  });
  return { clock, deadline, work, answer: () => answer() };
}

test('work that ends in time gives its result, and leaves no timer', async () => {
  const { clock, deadline } = hanging();
  expect(await deadline.run(async () => 'read')).toBe('read');
  await expect(deadline.run(() => Promise.reject(new Error('full')))).rejects.toThrow('full');
  expect(clock.pending()).toBe(0);
});

test('work that hangs is given up with a message, and its signal tells it to change nothing any more', async () => {
  const { clock, deadline, work } = hanging();
  let signal = new AbortController().signal;
  const given = deadline.run((wanted) => {
    signal = wanted;
    return work;
  });
  clock.tick(FILE_DEADLINE_MS - 1);
  expect(signal.aborted).toBe(false);
  clock.tick(1);
  await expect(given).rejects.toThrow(SILENT);
  expect(signal.aborted).toBe(true);
});

test('while work hangs, no other work begins; afterwards it does', async () => {
  const { clock, deadline, work, answer } = hanging();
  const given = deadline.run(() => work);
  clock.tick(FILE_DEADLINE_MS);
  await expect(given).rejects.toThrow(SILENT);
  let begun = 0;
  const next = async (): Promise<void> => {
    begun += 1;
  };
  await expect(deadline.run(next)).rejects.toThrow(SILENT);
  expect(begun).toBe(0);
  answer();
  await expect.poll(() => deadline.hangs).toBe(false);
  await deadline.run(next);
  expect(begun).toBe(1);
});
