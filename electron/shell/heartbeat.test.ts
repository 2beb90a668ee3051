import { expect, test } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { Heartbeat } from './heartbeat.ts';

/** A page that answers immediately, until the test makes it hang. */
function fakePage() {
  const clock = new VirtualClock();
  const silences: number[] = [];
  const held: (() => void)[] = [];
  const page = { state: 'answers' as 'answers' | 'fails' | 'hangs', asked: 0 };
  const heartbeat = new Heartbeat({
    ask: () => {
      page.asked += 1;
      if (page.state === 'hangs') return new Promise<void>((resolve) => held.push(resolve));
      return page.state === 'answers' ? Promise.resolve() : Promise.reject(new Error('frame was disposed'));
    },
    onSilent: (silentMs) => silences.push(silentMs),
    clock,
  });
  /** Lets answers arrive between two beats. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      clock.tick(1000);
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  return { heartbeat, page, silences, held, pass, clock };
}

test.each(['answers', 'fails'] as const)(
  'a page that %s is asked for ever and never counts as hung',
  async (state) => {
    const { heartbeat, page, silences, pass } = fakePage();
    page.state = state;
    heartbeat.start();
    await pass(60);
    expect(page.asked).toBeGreaterThan(25);
    expect(silences).toEqual([]);
  },
);

test('a page that hangs is reported after 10 s, once', async () => {
  const { heartbeat, page, silences, pass } = fakePage();
  heartbeat.start();
  await pass(5);
  page.state = 'hangs';
  await pass(9);
  expect(silences).toEqual([]);
  await pass(60);
  expect(silences).toEqual([10_000]);
});

test('a page that answers late is not reported', async () => {
  const { heartbeat, page, silences, held, pass } = fakePage();
  page.state = 'hangs';
  heartbeat.start();
  for (let round = 0; round < 5; round += 1) {
    await pass(8);
    for (const answer of held.splice(0)) answer();
  }
  expect(silences).toEqual([]);
});

test('started again, it expects no answer from the page before', async () => {
  const { heartbeat, page, silences, pass } = fakePage();
  page.state = 'hangs';
  heartbeat.start();
  await pass(9);
  page.state = 'answers';
  heartbeat.start();
  await pass(30);
  expect(silences).toEqual([]);
});

test('stopped, it leaves no timer behind', async () => {
  const { heartbeat, clock, pass } = fakePage();
  heartbeat.start();
  await pass(3);
  heartbeat.stop();
  expect(clock.pending()).toBe(0);
});
