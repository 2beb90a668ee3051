import { describe, expect, test } from 'vitest';
import { type ClipLoop, loopClip, stillClip } from './clip-loop.ts';
import { type Clip, readClip } from './fmp4.ts';
import { committedClip, stampOf } from './testing/test-clips.ts';
import { runQuietly, testWithFfmpeg } from './testing/test-ffmpeg.ts';

const PICTURES_PER_S = 15;
const LOOP_SECONDS = 12;
const FIRST_OF_LOOP = 86_400 * 2500 * LOOP_SECONDS;

const corridor = committedClip('corridor-main.mp4');

function secondOf(loop: ClipLoop, second: number): Uint8Array {
  return loop.fragment({ first: second * PICTURES_PER_S, count: PICTURES_PER_S, phase: 0 });
}

function samplesOf(loop: ClipLoop, second: number) {
  return readClip(Buffer.concat([loop.init, secondOf(loop, second)]), 'second').samples;
}

test('decode times go on in equal steps over the end of the clip and over midnight', () => {
  const loop = loopClip(corridor);
  const midnight = 86_400 * 365;
  for (let second = midnight - LOOP_SECONDS - 1; second < midnight + LOOP_SECONDS; second++)
    expect(stampOf(secondOf(loop, second)).decodeTime).toBe(BigInt(second) * 90_000n);
});

test('after the end of the clip the same media comes again', () => {
  const loop = loopClip(corridor);
  expect(samplesOf(loop, 5)).toEqual(samplesOf(loop, 5 + LOOP_SECONDS));
  expect(samplesOf(loop, 5)).not.toEqual(samplesOf(loop, 6));
});

test('a run goes on over the end of the clip', () => {
  const run = loopClip(corridor).fragment({ first: 175, count: 10, phase: 0 });
  expect(readClip(Buffer.concat([corridor.init, run]), 'run').samples).toEqual([
    ...corridor.samples.slice(175),
    ...corridor.samples.slice(0, 5),
  ]);
});

test('the phase selects the picture and does not change the time', () => {
  const run = loopClip(corridor).fragment({ first: 15, count: 1, phase: 30 });
  expect(stampOf(run).decodeTime).toBe(90_000n);
  expect(readClip(Buffer.concat([corridor.init, run]), 'run').samples).toEqual([corridor.samples[45]]);
});

test('a still clip always shows the same picture', () => {
  const shown = samplesOf(loopClip(stillClip(corridor)), 7);
  expect(new Set(shown.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).size).toBe(1);
});

describe('a clip that cannot be looped is refused', () => {
  const changed = (at: number, change: Partial<Clip['samples'][number]>): Clip => ({
    ...corridor,
    samples: corridor.samples.map((sample, i) => (i === at ? { ...sample, ...change } : sample)),
  });
  const refused: [string, Clip, RegExp][] = [
    ['that does not begin with a key picture', changed(0, { picture: 'delta' }), /11 key pictures among 180/],
    ['with a key picture out of turn', changed(20, { picture: 'key' }), /13 key pictures among 180/],
    [
      'with pictures of differing duration',
      changed(4, { durationTicks: 1 }),
      /corridor-main\.mp4: picture 4 lasts 1 ticks, the first one 6000/,
    ],
    [
      'without a whole number of pictures a second',
      { ...corridor, timescale: 90_001 },
      /6000 ticks \(90001 a second\) make no whole number/,
    ],
  ];
  test.each(refused)('%s', (_name, bad, message) => {
    expect(() => loopClip(bad)).toThrow(message);
  });
});

/** The decode times that ffprobe reads without a warning, in ticks of 1/90000 s. */
function decodeTimes(stream: Uint8Array, format: 'mp4' | 'mpegts'): number[] {
  runQuietly('ffmpeg', ['-xerror', '-f', format, '-i', '-', '-f', 'null', '-'], stream);
  return (
    runQuietly('ffprobe', ['-f', format, '-show_entries', 'packet=dts', '-of', 'csv=p=0', '-i', '-'], stream)
      .toString()
      .split('\n')
      // A packet's side data makes an empty line.
      .filter((line) => line !== '')
      .map((line) => Number.parseInt(line, 10))
  );
}

const steps = (times: readonly number[]) => new Set(times.slice(1).map((time, i) => time - (times[i] ?? 0)));

describe('a decoder plays over the end of the clip without a warning or a jump', () => {
  for (const count of [3, 5, 15])
    testWithFfmpeg(`in fragments of ${count} pictures`, () => {
      const loop = loopClip(corridor);
      const first = FIRST_OF_LOOP - 30;
      const stream = Buffer.concat([
        loop.init,
        ...Array.from({ length: 60 / count }, (_, i) =>
          loop.fragment({ first: first + i * count, count, phase: 0 }),
        ),
      ]);
      const times = decodeTimes(stream, 'mp4');
      expect(times.length).toBe(60);
      expect(steps(times)).toEqual(new Set([6000]));
    });

  testWithFfmpeg('in a transport stream', () => {
    const loop = loopClip(corridor);
    const stream = Buffer.concat(
      Array.from({ length: 4 }, (_, i) => {
        const segment = FIRST_OF_LOOP / PICTURES_PER_S - 2 + i;
        return loop.transportSegment(
          { first: segment * PICTURES_PER_S, count: PICTURES_PER_S, phase: 0 },
          segment,
        );
      }),
    );
    const times = decodeTimes(stream, 'mpegts');
    expect(times.length).toBe(60);
    expect(steps(times)).toEqual(new Set([6000]));
  });
});
