import { expect, test } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { PAGE_PACE } from '../app/restart-backoff.ts';
import type { BrowserEnd } from './browser.ts';
import { keepBrowser } from './kept-browser.ts';

const DIED: BrowserEnd = { kind: 'died', words: 'the browser ended (SIGKILL)' };

function kept() {
  const clock = new VirtualClock();
  const starts: {
    rendering: string;
    open: () => void;
    fail: (words: string) => void;
    end: (end: BrowserEnd) => void;
  }[] = [];
  const said: string[] = [];
  let isEnding = false;
  const outcome = keepBrowser({
    start: (rendering) => {
      let end: (end: BrowserEnd) => void = () => {};
      const ended = new Promise<BrowserEnd>((resolve) => {
        end = resolve;
      });
      const opened = new Promise<string>((resolve, reject) => {
        starts.push({
          rendering,
          open: () => resolve('Chromium'),
          fail: (words) => reject(new Error(words)),
          end,
        });
      });
      return { opened, ended, kill: () => end(DIED) };
    },
    isEnding: () => isEnding,
    log: (words) => said.push(words),
    clock,
  });
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const latest = () => starts.at(-1) ?? expect.fail('no browser was started');
  return {
    clock,
    starts,
    said,
    outcome,
    latest,
    endEverything: () => {
      isEnding = true;
    },
    /** The latest browser opens, and dies immediately. */
    die: async (): Promise<void> => {
      latest().open();
      latest().end(DIED);
      await settle();
    },
    settle,
  };
}

test('a browser that dies is started again, after longer and longer waits, without a limit', async () => {
  const { clock, starts, die, settle } = kept();
  for (let times = 0; times < 50; times += 1) {
    await die();
    clock.tick(PAGE_PACE.longestWaitMs - 1);
    await settle();
    clock.tick(1);
    await settle();
    expect(starts).toHaveLength(times + 2);
  }
});

test('after six crashes in a row it draws in software', async () => {
  const { clock, starts, die, settle } = kept();
  for (let times = 0; times < 6; times += 1) {
    await die();
    clock.tick(PAGE_PACE.longestWaitMs - 1);
    await settle();
  }
  expect(starts.map(({ rendering }) => rendering)).toEqual([...Array(6).fill('hardware'), 'software']);
});

test('closing the window ends it, also in a browser that was started again', async () => {
  const { clock, starts, outcome, latest, die, settle } = kept();
  await die();
  clock.tick(0);
  await settle();
  latest().open();
  latest().end({ kind: 'closed', words: 'its window was closed' });
  expect(await outcome).toBe('closed');
  expect(starts).toHaveLength(2);
});

test('if the first browser does not open, that is an error; a later one is tried again', async () => {
  const first = kept();
  first.latest().fail('no display');
  expect(await first.outcome).toBe('not-opened');
  expect(first.said).toEqual(['the browser does not open: no display']);

  const later = kept();
  await later.die();
  later.clock.tick(0);
  await later.settle();
  later.latest().fail('no display');
  await later.settle();
  later.clock.tick(0);
  await later.settle();
  expect(later.starts).toHaveLength(3);
});

test('a browser that is ended with everything else is not started again', async () => {
  const { clock, starts, outcome, die, endEverything } = kept();
  endEverything();
  await die();
  expect(await outcome).toBe('closed');
  clock.tick(PAGE_PACE.longestWaitMs);
  expect(starts).toHaveLength(1);
});
