import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { av1UnitsIn } from './av1-sizes.ts';
import { announcedRuns, fragmentsOf } from './fmp4-track.ts';
import { inspectMedia } from './inspect-media.ts';
import { topLevelBoxes } from './iso-box.ts';
import { readVideoTrack } from './video-track.ts';
import { vp9SizesIn } from './vp9-sizes.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

/** The samples of a clip with one track. */
function samplesOf(name: string): Uint8Array[] {
  const bytes = fixture(name);
  const boxes = topLevelBoxes(bytes);
  const movie = boxes.find(({ type }) => type === 'moov');
  const track = movie === undefined ? null : readVideoTrack(movie);
  if (track === null) throw new Error(`${name} has no video`);
  return fragmentsOf(boxes, track.id)
    .flatMap((fragment) => announcedRuns(fragment, track.defaults))
    .flatMap(({ offset, samples }) => {
      let at = offset ?? 0;
      return samples.map(({ size }) => {
        at += size;
        return bytes.subarray(at - size, at);
      });
    });
}

const USUAL = { width: 160, height: 90 };
const LARGE = { width: 8192, height: 4400 };

describe('AV1', () => {
  const sizesIn = (sample: Uint8Array) =>
    [...av1UnitsIn(sample, 0, sample.length)].flatMap(({ size }) => size ?? []);

  it.each([
    ['av1.mp4', USUAL],
    ['av1-large.mp4', LARGE],
  ])('tells in the key frame of %s how large its pictures are', (name, size) => {
    const [key, ...others] = samplesOf(name).map(sizesIn);
    expect(key).toEqual([size]);
    expect(others.flat()).toEqual([]);
  });

  it('tells it in the configuration of its initialisation section, whatever the sample entry says', () => {
    const changed = Buffer.from(fixture('av1.mp4'));
    const entry = changed.indexOf('av01', changed.indexOf('stsd')) + 4;
    changed.writeUInt16BE(80, entry + 24);
    changed.writeUInt16BE(45, entry + 26);
    expect(inspectMedia(changed)).toMatchObject({ video: { codec: 'av1', size: USUAL } });
  });

  it('tells nothing where the sequence header is cut off', () => {
    const [key = new Uint8Array()] = samplesOf('av1.mp4');
    for (let length = 0; length < 7; length += 1) expect(sizesIn(key.subarray(0, length))).toEqual([]);
  });
});

describe('VP9', () => {
  const sizesIn = (sample: Uint8Array) => vp9SizesIn(sample, 0, sample.length);
  /** The bytes of a text of zeros and ones, filled up to whole bytes with zeros. */
  const bits = (text: string): Uint8Array => {
    const digits = text.replaceAll(' ', '');
    return Uint8Array.from(
      digits.padEnd(8 * Math.ceil(digits.length / 8), '0').match(/.{8}/g) ?? [],
      (byte) => Number.parseInt(byte, 2),
    );
  };
  const sixteen = (value: number): string => (value - 1).toString(2).padStart(16, '0');
  const size = sixteen(LARGE.width) + sixteen(LARGE.height);
  const SYNC = '01001001 10000011 01000010';
  /** The header of a frame that has the size of an earlier one. */
  const SAME = bits('10 00 0 1 1 0 00 00000000 000000000000 1');
  /** The header of a frame that has a size of its own. */
  const OTHER = bits(`10 00 0 1 1 0 00 00000000 000000000000 000 ${size}`);

  it.each([
    ['vp9.mp4', USUAL],
    ['vp9-large.mp4', LARGE],
  ])('tells in the key frame of %s how large its pictures are', (name, expected) => {
    const [key, ...others] = samplesOf(name).map(sizesIn);
    expect(key?.[0]).toEqual(expected);
    expect(others.flat().filter((other) => other !== null)).toEqual([]);
  });

  it.each([
    ['a picture between key frames', OTHER],
    ['a picture of its own that is not shown', bits(`10 00 0 1 0 0 1 00 ${SYNC} 00000000 ${size}`)],
    ['the same with 10 bits a color', bits(`10 01 0 1 0 0 1 00 ${SYNC} 0 010 0 00000000 ${size}`)],
    ['a key frame of RGB', bits(`10 10 0 0 1 0 ${SYNC} 111 0 ${size}`)],
  ])('tells that of %s as well', (_what, frame) => {
    expect(sizesIn(frame)).toEqual([LARGE]);
    expect(sizesIn(frame.subarray(0, -1))).toEqual([null]);
  });

  it('tells it of each frame in a superframe', () => {
    const marker = 0b110_00_001;
    const index = Uint8Array.of(marker, SAME.length, OTHER.length, marker);
    expect(sizesIn(Buffer.concat([SAME, OTHER, index]))).toEqual([null, LARGE]);
  });
});
