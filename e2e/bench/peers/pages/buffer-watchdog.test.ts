import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../../shared/testing/virtual-clock.ts';
import {
  NO_MEDIA_MS,
  playableEndOf,
  REMEDY_GRACE_MS,
  START_GRACE_MS,
  watchBuffer,
} from './buffer-watchdog.ts';

describe('watchBuffer', () => {
  let clock: VirtualClock;
  let endS: number | null;
  let told: number[];

  beforeEach(() => {
    clock = new VirtualClock();
    endS = null;
    told = [];
    watchBuffer(
      clock,
      () => endS,
      (time) => told.push(time),
    );
  });

  test('media that comes in time is no famine', async () => {
    for (let second = 1; second <= 20; second += 1) {
      endS = second;
      await clock.advance(1000);
    }
    expect(told).toEqual([]);
  });

  test('tells of media that stays out', async () => {
    endS = 3;
    await clock.advance(500);
    await clock.advance(NO_MEDIA_MS);
    expect(told).toEqual([1]);
  });

  test('counts the times of one famine, and begins anew after it', async () => {
    endS = 3;
    await clock.advance(500 + NO_MEDIA_MS + REMEDY_GRACE_MS + 500);
    expect(told).toEqual([1, 2]);
    endS = 4;
    await clock.advance(500 + NO_MEDIA_MS);
    expect(told).toEqual([1, 2, 1]);
  });

  test('gives a start longer than it gives a running stream', async () => {
    await clock.advance(START_GRACE_MS - 500);
    expect(told).toEqual([]);
    await clock.advance(1000);
    expect(told).toEqual([1]);
  });
});

test('media beyond a hole is not playable', () => {
  const ranges = [
    [0, 5],
    [8, 12],
  ] as const;
  const at = (currentTime: number) =>
    playableEndOf({
      currentTime,
      buffered: {
        length: ranges.length,
        start: (index: number) => ranges[index]?.[0] ?? 0,
        end: (index: number) => ranges[index]?.[1] ?? 0,
      },
    });
  expect([at(4), at(6), at(9)]).toEqual([5, null, 12]);
});
