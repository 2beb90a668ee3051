import { describe, expect, test } from 'vitest';
import { type ClipError, readClip } from './fmp4.ts';
import { boxStart, clipBytes, committedClip } from './testing/test-clips.ts';

const FILE = 'corridor-main.mp4';

function complaint(bytes: Uint8Array): string {
  try {
    readClip(bytes, 'some.mp4');
  } catch (error) {
    return (error as ClipError).message;
  }
  return 'no complaint';
}

/** The clip with one change to its bytes. */
function damaged(change: (bytes: Buffer) => void): Buffer {
  const bytes = clipBytes(FILE);
  change(bytes);
  return bytes;
}

test('the samples are the clip: 12 s of 15 pictures, with a key picture at the start of each second', () => {
  const { timescale, trackId, samples } = committedClip(FILE);
  expect([timescale, trackId, samples.length]).toEqual([90_000, 1, 180]);
  expect(new Set(samples.map(({ durationTicks }) => durationTicks))).toEqual(new Set([6000]));
  expect(samples.map(({ picture }) => picture)).toEqual(
    samples.map((_, i) => (i % 15 === 0 ? 'key' : 'delta')),
  );
});

test('every byte of media is in a sample', () => {
  const bytes = clipBytes(FILE);
  let media = 0;
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at))
    if (bytes.toString('latin1', at + 4, at + 8) === 'mdat') media += bytes.readUInt32BE(at) - 8;
  expect(committedClip(FILE).samples.reduce((sum, sample) => sum + sample.bytes.length, 0)).toBe(media);
});

test('the format is what a playlist and a decoder need', () => {
  const { video } = committedClip(FILE);
  expect([video.codec, video.width, video.height]).toEqual(['avc1.4d4016', 640, 360]);
  expect(video.sequenceParameterSets.map((set) => (set[0] ?? 0) & 0x1f)).toEqual([7]);
  expect(video.pictureParameterSets.map((set) => (set[0] ?? 0) & 0x1f)).toEqual([8]);
});

describe('the message about an unusable clip names its box', () => {
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

  test('a box that claims to be smaller than its own header', () => {
    const bytes = damaged((clip) => clip.writeUInt32BE(4, boxStart(clip, 'traf')));
    expect(complaint(bytes)).toMatch(/^some\.mp4: box "traf" at \d+ has the unsupported size 4$/);
  });

  test('a box missing inside a fragment', () => {
    const bytes = damaged((clip) => clip.write('free', boxStart(clip, 'tfhd') + 4, 'latin1'));
    expect(complaint(bytes)).toMatch(/^some\.mp4: box "tfhd" is missing in the traf at \d+$/);
  });

  test('samples beyond the fragment that carries them', () => {
    const bytes = damaged((clip) => clip.writeUInt32BE(60_000_000, boxStart(clip, 'trun') + 16));
    expect(complaint(bytes)).toMatch(/^some\.mp4: box "trun" at \d+ names samples outside of the mdat$/);
  });

  test('another codec', () => {
    const bytes = damaged((clip) => clip.write('hvc1', boxStart(clip, 'avc1') + 4, 'latin1'));
    expect(complaint(bytes)).toBe('some.mp4: box "avc1" is missing: only H.264 is read');
  });

  test('data addressed by its position in the file, which moves', () => {
    const bytes = damaged((clip) => clip.writeUInt8(0, boxStart(clip, 'tfhd') + 9));
    expect(complaint(bytes)).toMatch(/^some\.mp4: box "tfhd" at \d+ lacks default-base-is-moof/);
  });

  test('a sample table that is longer than its box', () => {
    const bytes = damaged((clip) => clip.writeUInt32BE(5000, boxStart(clip, 'trun') + 12));
    expect(complaint(bytes)).toMatch(/^some\.mp4: box "trun" at \d+/);
  });
});
