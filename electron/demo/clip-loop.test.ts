import { describe, expect, test } from 'vitest';
import { loopClip } from './clip-loop.ts';
import { type Clip, readClip } from './fmp4.ts';
import { committedClip, stampOf } from './test-clips.ts';
import { runQuietly, testWithFfmpeg } from './test-ffmpeg.ts';

const TICKS_PER_SECOND = 90_000;
const LOOP_SECONDS = 12;

/** The times of a segment's fragments, in the order in which they come. */
function fragmentTimes(init: Uint8Array, segment: Uint8Array): number[] {
  const { fragments } = readClip(Buffer.concat([init, segment]), 'segment');
  return fragments.map((fragment) => Number(stampOf(fragment.bytes).decodeTime));
}

test('decode times go on in equal steps over the end of the clip and over midnight', () => {
  const loop = loopClip(committedClip('corridor-main.mp4'), 1000);
  const midnight = 86_400 * 365;
  const first = midnight - LOOP_SECONDS - 1;
  const times = Array.from({ length: 2 * LOOP_SECONDS }, (_, i) =>
    fragmentTimes(loop.init, loop.segment(first + i)),
  ).flat();
  expect(times[0]).toBe(first * TICKS_PER_SECOND);
  expect(new Set(times.slice(1).map((time, i) => time - (times[i] ?? 0)))).toEqual(new Set([30_000]));
});

test('the clip comes round again with new times and the same media', () => {
  const loop = loopClip(committedClip('corridor-main.mp4'), 1000);
  const media = (n: number) =>
    readClip(Buffer.concat([loop.init, loop.segment(n)]), 'segment').fragments.map((fragment) =>
      Buffer.from(fragment.bytes)
        .subarray(fragment.bytes.length - 200)
        .toString('hex'),
    );
  expect(media(5)).toEqual(media(5 + LOOP_SECONDS));
  expect(media(5)).not.toEqual(media(6));
});

test("two sites' copies of a camera share the timeline", () => {
  const [one, other] = ['corridor-main.mp4', 'corridor-backup.mp4'].map((file) =>
    loopClip(committedClip(file), 1000),
  );
  if (one === undefined || other === undefined) throw new Error('no clips');
  expect(fragmentTimes(one.init, one.segment(1234))).toEqual(fragmentTimes(other.init, other.segment(1234)));
});

describe('a clip that cannot be looped is refused', () => {
  const clip = committedClip('corridor-main.mp4');
  const refused: [string, Clip, number, RegExp][] = [
    [
      'segments that are no whole number of fragments',
      clip,
      500,
      /corridor-main\.mp4: 36 fragments .* segments of 500 ms/,
    ],
    [
      'segments that do not fill the clip',
      { ...clip, fragments: clip.fragments.slice(1) },
      1000,
      /35 fragments/,
    ],
    [
      'segments that begin without a key frame',
      { ...clip, fragments: [...clip.fragments.slice(1), ...clip.fragments.slice(0, 1)] },
      1000,
      /fragment 0 begins a segment but not with a key frame/,
    ],
    [
      'fragments of differing duration',
      {
        ...clip,
        fragments: clip.fragments.map((fragment, i) =>
          i === 4 ? { ...fragment, durationTicks: 1 } : fragment,
        ),
      },
      1000,
      /fragment 4 lasts 1 ticks, the first one 30000/,
    ],
  ];
  test.each(refused)('%s', (_name, bad, segmentMs, message) => {
    expect(() => loopClip(bad, segmentMs)).toThrow(message);
  });
});

testWithFfmpeg('a decoder plays over the end of the clip without a complaint or a jump', () => {
  const loop = loopClip(committedClip('quay-main.mp4'), 1000);
  const first = 86_400 * 2500 * LOOP_SECONDS + LOOP_SECONDS - 3;
  const stream = Buffer.concat([loop.init, ...Array.from({ length: 6 }, (_, i) => loop.segment(first + i))]);
  runQuietly('ffmpeg', ['-xerror', '-i', '-', '-f', 'null', '-'], stream);
  const times = runQuietly('ffprobe', ['-show_entries', 'packet=dts', '-of', 'csv=p=0', '-i', '-'], stream)
    .toString()
    .trim()
    .split('\n')
    .map((line) => Number.parseInt(line, 10));
  expect(times.length).toBe(6 * 15);
  expect(new Set(times.slice(1).map((time, i) => time - (times[i] ?? 0)))).toEqual(new Set([6000]));
});
