import { describe, expect, test } from 'vitest';
import { type ClipError, placeInTime, readClip } from './fmp4.ts';
import { boxStart, clipBytes, committedClip, stampOf } from './test-clips.ts';

const FILE = 'corridor-main.mp4';

function complaint(bytes: Uint8Array): string {
  try {
    readClip(bytes, 'some.mp4');
  } catch (error) {
    return (error as ClipError).message;
  }
  return 'no complaint';
}

/** The clip with one change made to its bytes. */
function damaged(change: (bytes: Buffer) => void): Buffer {
  const bytes = clipBytes(FILE);
  change(bytes);
  return bytes;
}

test('init segment and fragments together are the whole clip', () => {
  const clip = committedClip(FILE);
  const together = Buffer.concat([clip.init, ...clip.fragments.map((fragment) => fragment.bytes)]);
  expect(together.equals(clipBytes(FILE))).toBe(true);
});

test('fragments last a third of a second, every third one begins with a key frame', () => {
  const { timescale, fragments } = committedClip(FILE);
  expect(fragments.length).toBe(36);
  expect(new Set(fragments.map((fragment) => fragment.durationTicks / timescale))).toEqual(new Set([1 / 3]));
  expect(fragments.map((fragment) => fragment.startsWithKeyFrame)).toEqual(
    fragments.map((_, i) => i % 3 === 0),
  );
});

describe('a fragment placed in time', () => {
  test('carries decode times beyond 32 bits exactly', () => {
    const [fragment] = committedClip(FILE).fragments;
    if (fragment === undefined) throw new Error('no fragment');
    expect(stampOf(placeInTime(fragment, 9_007_199_254_740_991, 7))).toEqual({
      decodeTime: 9_007_199_254_740_991n,
      sequenceNumber: 7,
    });
  });

  test('keeps the lowest 32 bits of its sequence number', () => {
    const [fragment] = committedClip(FILE).fragments;
    if (fragment === undefined) throw new Error('no fragment');
    expect(stampOf(placeInTime(fragment, 0, 2 ** 32 + 5)).sequenceNumber).toBe(5);
  });

  test('differs from the original in time and number only, and leaves the original alone', () => {
    const fragment = committedClip(FILE).fragments[1];
    if (fragment === undefined) throw new Error('no fragment');
    const original = Buffer.from(fragment.bytes);
    const { decodeTime, sequenceNumber } = stampOf(original);
    const moved = placeInTime(fragment, 123_456_789_012, 99);
    expect(Buffer.from(fragment.bytes).equals(original)).toBe(true);
    const back = placeInTime({ ...fragment, bytes: moved }, Number(decodeTime), sequenceNumber);
    expect(Buffer.from(back).equals(original)).toBe(true);
  });
});

describe('a clip that cannot be used is named with its box', () => {
  test('cut short in the middle of a fragment', () => {
    expect(complaint(clipBytes(FILE).subarray(0, -10))).toMatch(
      /^some\.mp4: box "mdat" at \d+ is cut short$/,
    );
  });

  test('not an MP4 at all', () => {
    expect(complaint(Buffer.from('#EXTM3U\n#EXT-X-VERSION:7\n'))).toBe(
      'some.mp4: box "ftyp" is missing at the beginning',
    );
  });

  test('empty', () => {
    expect(complaint(new Uint8Array())).toBe('some.mp4: box "ftyp" is missing at the beginning');
  });

  test('without fragments', () => {
    expect(complaint(committedClip(FILE).init)).toBe(
      'some.mp4: box "moof" is missing: the clip is not fragmented',
    );
  });

  test('a fragment without its data', () => {
    const bytes = clipBytes(FILE);
    expect(complaint(bytes.subarray(0, boxStart(bytes, 'mdat')))).toMatch(
      /^some\.mp4: box "mdat" is missing after/,
    );
  });

  test('a box that claims to be smaller than its own head', () => {
    const bytes = damaged((clip) => clip.writeUInt32BE(4, boxStart(clip, 'traf')));
    expect(complaint(bytes)).toMatch(/^some\.mp4: box "traf" at \d+ has the unsupported size 4$/);
  });

  test('a box missing inside a fragment', () => {
    const bytes = damaged((clip) => clip.write('free', boxStart(clip, 'tfdt') + 4, 'latin1'));
    expect(complaint(bytes)).toMatch(/^some\.mp4: box "tfdt" is missing in the traf at \d+$/);
  });

  test('decode times of 32 bits, which a live time would overflow', () => {
    const bytes = damaged((clip) => clip.writeUInt8(0, boxStart(clip, 'tfdt') + 8));
    expect(complaint(bytes)).toMatch(/^some\.mp4: box "tfdt" at \d+ holds 32 bits/);
  });

  test('data addressed by its place in the file, which moves', () => {
    const bytes = damaged((clip) => clip.writeUInt8(0, boxStart(clip, 'tfhd') + 9));
    expect(complaint(bytes)).toMatch(/^some\.mp4: box "tfhd" at \d+ lacks default-base-is-moof/);
  });

  test('a sample table that is longer than its box', () => {
    const bytes = damaged((clip) => clip.writeUInt32BE(5000, boxStart(clip, 'trun') + 12));
    expect(complaint(bytes)).toMatch(/^some\.mp4: box "trun" at \d+/);
  });
});
