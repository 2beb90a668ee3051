import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { PictureSampler, type Sampling } from './picture-sampler.ts';

const REST_MS = 16;

interface Taken {
  readonly video: HTMLVideoElement;
  readonly atMs: number;
}

/** A sampler whose every reading takes `costMs` of the main thread. */
function sampling(costMs: number) {
  let busyMs = 0;
  const clock = new VirtualClock();
  const now = () => clock.now() + busyMs;
  const taken: Taken[] = [];
  let unreadable: HTMLVideoElement | null = null;
  const sampler = new PictureSampler(
    { now, after: (delayMs, callback) => clock.after(delayMs, callback) },
    (callback) => clock.after(REST_MS, callback),
    (video) => {
      taken.push({ video, atMs: clock.now() });
      busyMs += costMs;
      return Promise.resolve(video === unreadable ? null : new Uint8Array(1));
    },
  );
  const begin = (count: number, onSample = (): void => {}): Sampling[] =>
    Array.from({ length: count }, () => sampler.sample({} as HTMLVideoElement, onSample));
  return { clock, sampler, taken, begin, makeUnreadable: (video: HTMLVideoElement) => (unreadable = video) };
}

describe('PictureSampler', () => {
  it('never samples two pictures in one idle moment, and none twice before the others', async () => {
    const { clock, taken, begin } = sampling(0.1);
    begin(9);
    await clock.advance(10_000);
    const apart = taken.slice(1).map(({ atMs }, index) => atMs - (taken[index]?.atMs ?? 0));
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(REST_MS);
    for (let round = 0; round + 9 <= taken.length; round += 9)
      expect(new Set(taken.slice(round, round + 9).map(({ video }) => video)).size).toBe(9);
  });

  it.each([
    ['few and cheap', 4, 0.15, 2000],
    ['many', 200, 0.15, 3000],
    ['dear', 9, 4, 3600],
  ])(
    'screens %s pictures as often as 1 %% of the main thread allows',
    async (_words, count, costMs, intervalMs) => {
      const { clock, sampler, begin } = sampling(costMs);
      begin(count);
      await clock.advance(120_000);
      expect(Math.abs(sampler.screeningIntervalMs() - intervalMs)).toBeLessThan(intervalMs / 50);
    },
  );

  it('screens each picture at least every 5 s', async () => {
    const { clock, taken, begin } = sampling(4);
    begin(64);
    await clock.advance(60_000);
    const [first] = taken;
    const own = taken.filter(({ video }) => video === first?.video).map(({ atMs }) => atMs);
    expect(own.length).toBeGreaterThanOrEqual(11);
  });

  it('samples compared pictures every 400 ms, however many there are', async () => {
    const { clock, taken, begin } = sampling(3);
    const [compared] = begin(20);
    const [first] = taken;
    expect(first).toBeUndefined();
    compared?.setPace('comparing');
    await clock.advance(20_000);
    const counts = new Map<HTMLVideoElement, number>();
    for (const { video } of taken) counts.set(video, (counts.get(video) ?? 0) + 1);
    expect(Math.max(...counts.values())).toBeGreaterThanOrEqual(45);
  });

  it('continues to sample while other pictures come and go faster than the window is idle', async () => {
    const { clock, sampler, taken, begin } = sampling(0.1);
    begin(1);
    await clock.advance(1990);
    for (let turn = 0; turn < 60; turn += 1) {
      const { end } = sampler.sample({} as HTMLVideoElement, () => {});
      await clock.advance(REST_MS / 2);
      end();
    }
    expect(taken.length).toBeGreaterThan(0);
  });

  it('gives no sample of a picture that cannot be read, and none after its end', async () => {
    const { clock, sampler, taken, makeUnreadable } = sampling(0.1);
    const samples: string[] = [];
    const hidden = {} as HTMLVideoElement;
    makeUnreadable(hidden);
    const ends = [
      sampler.sample(hidden, () => samples.push('hidden')),
      sampler.sample({} as HTMLVideoElement, () => samples.push('clear')),
    ];
    await clock.advance(5000);
    expect(samples).toContain('clear');
    expect(samples).not.toContain('hidden');
    for (const { end } of ends) end();
    const before = taken.length;
    await clock.advance(5000);
    expect(taken.length).toBe(before);
    expect(clock.pending()).toBe(0);
  });

  it('lets two tiles compare at the same time', () => {
    const { sampler } = sampling(1);
    const first = sampler.beginComparison();
    expect(sampler.beginComparison()).not.toBeNull();
    expect(sampler.beginComparison()).toBeNull();
    first?.();
    expect(sampler.beginComparison()).not.toBeNull();
  });
});
