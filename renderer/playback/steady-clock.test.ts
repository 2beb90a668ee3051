import { beforeEach, describe, expect, it } from 'vitest';
import { SteadyClock } from './steady-clock.ts';

const HOUR = 3600 * 90_000;
const STEP = 6000;
const WRAP = 2 ** 33;

function stamp(prefix: number, time: number): number[] {
  const value = ((time % WRAP) + WRAP) % WRAP;
  const bits = (from: number, count: number): number => Math.floor(value / 2 ** from) % 2 ** count;
  return [
    (prefix << 4) | (bits(30, 3) << 1) | 1,
    bits(22, 8),
    (bits(15, 7) << 1) | 1,
    bits(7, 8),
    (bits(0, 7) << 1) | 1,
  ];
}

/** One picture in one packet; shown two pictures after it is decoded. */
function picture(decodedAt: number, streamId = 0xe0): number[] {
  const header = [
    0,
    0,
    1,
    streamId,
    0,
    0,
    0x80,
    0xc0,
    10,
    ...stamp(3, decodedAt + 2 * STEP),
    ...stamp(1, decodedAt),
  ];
  return [0x47, 0x41, 0, 0x10, ...header, ...Array(184 - header.length).fill(0xaa)];
}

/** Five pictures from that time on. */
function segment(from: number): Uint8Array {
  return Uint8Array.from([0, 1, 2, 3, 4].flatMap((index) => picture(from + index * STEP)));
}

/** When the pictures of a segment are decoded, and how much later they are shown. */
function times(bytes: Uint8Array): { decoded: number[]; shownAfter: number[] } {
  const read = (at: number): number => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = bytes.subarray(at, at + 5);
    return ((a >> 1) & 7) * 2 ** 30 + b * 2 ** 22 + (c >> 1) * 2 ** 15 + d * 2 ** 7 + (e >> 1);
  };
  const starts = Array.from({ length: bytes.length / 188 }, (_, index) => 188 * index + 4);
  return {
    decoded: starts.map((at) => read(at + 14)),
    shownAfter: starts.map((at) => (read(at + 9) - read(at + 14) + WRAP) % WRAP),
  };
}

let clock: SteadyClock;
beforeEach(() => {
  clock = new SteadyClock();
});

function decodedAt(
  from: number,
  sequence: number,
  { part = null as number | null, discontinuity = 0 } = {},
): number[] {
  const bytes = segment(from);
  clock.filter(bytes, { sequence, part, discontinuity, durationS: 1 });
  const { decoded, shownAfter } = times(bytes);
  expect(new Set(shownAfter)).toEqual(new Set([2 * STEP]));
  return decoded;
}

const five = (from: number): number[] => [0, 1, 2, 3, 4].map((index) => (from + index * STEP) % WRAP);

describe('a continuous clock', () => {
  it('is not changed, across its wrap as well', () => {
    expect(decodedAt(WRAP - 5 * STEP, 7)).toEqual(five(WRAP - 5 * STEP));
    expect(decodedAt(0, 8)).toEqual(five(0));
  });

  it('is not changed where pictures are missing for some seconds', () => {
    decodedAt(0, 7);
    expect(decodedAt(9 * 90_000, 8)).toEqual(five(9 * 90_000));
  });
});

describe('a clock that jumps', () => {
  it.each([HOUR, -HOUR, WRAP / 2 - 1])('by %i ticks continues from picture to picture', (jump) => {
    const start = 10 * HOUR;
    decodedAt(start, 7);
    expect(decodedAt(start + 5 * STEP + jump, 8)).toEqual(five(start + 5 * STEP));
    expect(decodedAt(start + 10 * STEP + jump, 9)).toEqual(five(start + 10 * STEP));
  });

  it('within a segment continues as well', () => {
    const bytes = Uint8Array.from([...segment(0), ...segment(5 * STEP + HOUR)]);
    clock.filter(bytes, { sequence: 7, part: null, discontinuity: 0, durationS: 1 });
    expect(times(bytes).decoded).toEqual([...five(0), ...five(5 * STEP)]);
  });

  it('from part to part continues as well', () => {
    decodedAt(0, 7, { part: 0 });
    expect(decodedAt(5 * STEP + HOUR, 7, { part: 1 })).toEqual(five(5 * STEP));
    expect(decodedAt(10 * STEP + HOUR, 8, { part: 0 })).toEqual(five(10 * STEP));
  });

  it('gets the same correction when a segment is loaded once more', () => {
    decodedAt(0, 7);
    decodedAt(5 * STEP + HOUR, 8);
    decodedAt(10 * STEP + HOUR, 9);
    expect(decodedAt(5 * STEP + HOUR, 8)).toEqual(five(5 * STEP));
    expect(decodedAt(0, 7)).toEqual(five(0));
    expect(decodedAt(5 * STEP + HOUR, 8)).toEqual(five(5 * STEP));
  });

  it('is kept where the playlist has a discontinuity', () => {
    decodedAt(0, 7);
    decodedAt(HOUR, 8);
    expect(decodedAt(3 * HOUR, 9, { discontinuity: 1 })).toEqual(five(3 * HOUR));
  });

  it('is not assumed from media that was skipped', () => {
    decodedAt(0, 7);
    expect(decodedAt(HOUR, 700)).toEqual(five(HOUR));
  });
});

it('does not change sound, fragmented MP4 and damaged media', () => {
  const place = { part: null, discontinuity: 0, durationS: 1 };
  clock.filter(segment(0), { ...place, sequence: 7 });
  const sound = Uint8Array.from([...picture(HOUR, 0xc0), ...picture(HOUR, 0xc0)]);
  const others = [sound, Uint8Array.from([0, 0, 0, 8, 0x66, 0x72, 0x65, 0x65]), new Uint8Array(188)];
  for (const bytes of others) {
    const before = bytes.slice();
    clock.filter(bytes, { ...place, sequence: 8 });
    expect(bytes).toEqual(before);
  }
});
