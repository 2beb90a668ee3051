import { describe, expect, test } from 'vitest';
import { readClip } from './fmp4.ts';
import { writeFragment } from './fragment-writer.ts';
import { committedClip, stampOf } from './testing/test-clips.ts';

const clip = committedClip('corridor-main.mp4');

test.each([1, 3, 5, 60, 180])('a run of %i samples is read back unchanged', (count) => {
  const samples = clip.samples.slice(0, count);
  const written = writeFragment(clip, samples, { decodeTime: 0, sequenceNumber: 1 });
  expect(readClip(Buffer.concat([clip.init, written]), 'written').samples).toEqual(samples);
});

test('pictures that are presented before they are decoded keep their negative offset', () => {
  const samples = clip.samples.slice(0, 2).map((sample) => ({ ...sample, compositionOffsetTicks: -6000 }));
  const written = writeFragment(clip, samples, { decodeTime: 0, sequenceNumber: 1 });
  expect(readClip(Buffer.concat([clip.init, written]), 'written').samples).toEqual(samples);
});

describe('the place in time', () => {
  const placed = (decodeTime: number, sequenceNumber: number) =>
    stampOf(writeFragment(clip, clip.samples.slice(0, 1), { decodeTime, sequenceNumber }));

  test('is exact beyond 32 bits', () => {
    expect(placed(9_007_199_254_740_991, 7)).toEqual({
      decodeTime: 9_007_199_254_740_991n,
      sequenceNumber: 7,
    });
  });

  test('keeps the lowest 32 bits of the sequence number', () => {
    expect(placed(0, 2 ** 32 + 5).sequenceNumber).toBe(5);
  });
});
