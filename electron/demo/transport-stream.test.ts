import { expect, test } from 'vitest';
import { loopClip } from './clip-loop.ts';
import { committedClip } from './testing/test-clips.ts';
import { runQuietly, testWithFfmpeg } from './testing/test-ffmpeg.ts';

const clip = committedClip('corridor-main.mp4');
const loop = loopClip(clip);
const segmentAt = (segment: number): Buffer =>
  Buffer.from(loop.transportSegment({ first: segment * 15, count: 15, phase: 0 }, segment));

/** 33 bits of ticks at 90 kHz overflow after 95443.7 s. */
const WRAPPING_SEGMENT = Math.floor(2 ** 33 / 90_000);

function packets(stream: Buffer) {
  return Array.from({ length: stream.length / 188 }, (_, i) => {
    const packet = stream.subarray(188 * i, 188 * (i + 1));
    return { sync: packet[0], pid: packet.readUInt16BE(1) & 0x1fff, counter: (packet[3] ?? 0) & 0xf };
  });
}

test('is made of whole packets: the tables first, then pictures', () => {
  const all = packets(segmentAt(7));
  expect(new Set(all.map(({ sync }) => sync))).toEqual(new Set([0x47]));
  expect(all.map(({ pid }) => pid)).toEqual([0, 0x1000, ...all.slice(2).map(() => 0x100)]);
});

test.each([0, 0x1000, 0x100])(
  'the counter of PID %i goes on over the segments and the end of the clip',
  (pid) => {
    const stream = Buffer.concat(Array.from({ length: 14 }, (_, i) => segmentAt(1_000_000 + i)));
    const counters = packets(stream).flatMap((packet) => (packet.pid === pid ? [packet.counter] : []));
    expect(counters.length).toBeGreaterThanOrEqual(14);
    expect(counters.slice(1).every((counter, i) => counter === ((counters[i] ?? 0) + 1) % 16)).toBe(true);
  },
);

testWithFfmpeg('a decoder gets the very pictures of the clip', () => {
  const decoded = (stream: Uint8Array) =>
    runQuietly('ffmpeg', ['-i', '-', '-f', 'framemd5', '-'], stream)
      .toString()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(',').at(-1)?.trim());
  const fragment = loop.fragment({ first: 0, count: 15, phase: 0 });
  expect(decoded(segmentAt(12))).toEqual(decoded(Buffer.concat([loop.init, fragment])));
});

testWithFfmpeg('times go on where their 33 bits are over', () => {
  const stream = Buffer.concat([0, 1].map((i) => segmentAt(WRAPPING_SEGMENT + i)));
  runQuietly('ffmpeg', ['-xerror', '-i', '-', '-f', 'null', '-'], stream);
});
