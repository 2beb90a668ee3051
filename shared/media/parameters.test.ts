import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readH264Parameters } from './h264-parameters.ts';
import { readH265Parameters } from './h265-parameters.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

// Sequence parameter sets as libx264 and libx265 write them, with what FFmpeg reads from them.
const H264 = [
  [
    'High, 1088 lines coded',
    '67640028acd940780227e5c044000003000400000300c83c60c658',
    'avc1.640028',
    1920,
    1080,
  ],
  ['High 4:2:2', '677a001fbcd9405005bfbc0440000003004000000c83c60c6580', 'avc1.7a001f', 1280, 718],
  ['High 4:4:4', '67f4000d919b282a33c7c6e022000003000200000300641e28532c', 'avc1.f4000d', 322, 180],
  ['High, interlaced', '6764001eacd940b424d8088000000300800000190f8a14cb', 'avc1.64001e', 720, 576],
  ['High, monochrome', '6764000df365054678f8bc05b2000003000200000300641e28532c', 'avc1.64000d', 322, 182],
  ['High, with scaling lists', '6764000dacd9416096c044000003000400000300c83c50a658', 'avc1.64000d', 352, 288],
] as const;
const H265 = [
  [
    'Main',
    '420101016000000300900000030000030078a003c08010e596566924caf0168080000003008000000c84',
    'hvc1.1.6.L120.90',
    1920,
    1080,
  ],
  [
    'Main 10, high tier',
    '420101222000000300900000030000030096a00280802d1f6d96566924caf0168080000003008000000c84',
    'hvc1.2.4.H150.90',
    1280,
    716,
  ],
  [
    '4:4:4',
    '4201010408000003009e0800000300003c90014901739ef2cacd24995e02d0100000030010000003019080',
    'hvc1.4.10.L60.9E.8',
    322,
    182,
  ],
] as const;

describe('H.264 sequence parameter sets', () => {
  it.each(H264)('%s', (_, hex, codecs, width, height) => {
    expect(readH264Parameters(bytes(hex))).toEqual({ codecs, size: { width, height } });
  });
});

it.each([
  ['16000x8000 of which 640x360 are shown', '6742c03eda003e800fa78007806003bb50', 16_000, 8000],
  ['640x368 of which 640x360 are shown', '6742c03eda0280bfe540', 640, 360],
])('takes %s for what a decoder makes room for', (_, hex, width, height) => {
  expect(readH264Parameters(bytes(hex))?.size).toEqual({ width, height });
});

describe('H.265 sequence parameter sets', () => {
  it.each(H265)('%s', (_, hex, codecs, width, height) => {
    expect(readH265Parameters(bytes(hex))).toEqual({ codecs, size: { width, height } });
  });
});

describe.each([
  ['H.264', readH264Parameters, H264[5][1], 9],
  ['H.265', readH265Parameters, H265[1][1], 18],
] as const)('what %s parameters may look like', (_, read, hex, sizeAt) => {
  it('says nothing once they are cut off before the size', () => {
    for (let length = 0; length < sizeAt; length += 1)
      expect(read(bytes(hex).subarray(0, length))).toBeNull();
  });

  it('never throws, and never makes up a size that no picture has', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 80 }),
          fc.tuple(fc.nat({ max: 18 }), fc.uint8Array({ minLength: 1, maxLength: 6 })).map(([at, values]) => {
            const changed = bytes(hex);
            changed.set(values, at);
            return changed;
          }),
        ),
        (unit) => {
          const { width, height } = read(unit)?.size ?? { width: 1, height: 1 };
          expect(Math.min(width, height)).toBeGreaterThan(0);
          expect(Math.max(width, height)).toBeLessThanOrEqual(32_768);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
