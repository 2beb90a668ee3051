import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BackBuffer } from './back-buffer.ts';

function withKeyFrames(...keyFramesS: number[]): BackBuffer {
  const buffer = new BackBuffer();
  for (const atS of keyFramesS) buffer.add({ startS: atS, endS: atS + 1, keyFramesS: [atS] });
  return buffer;
}

it('keeps the last seconds, and the whole group of pictures in which they begin', () => {
  expect(withKeyFrames(20, 21, 22, 23, 24, 25).removableToS(26.5, 20, 1)).toBeCloseTo(21.9);
  expect(withKeyFrames(20, 21, 22, 23, 24, 25).removableToS(26.5, 20, 5)).toBeNull();
  expect(withKeyFrames(0, 10, 20).removableToS(29, 0, 2)).toBeCloseTo(19.9);
});

it('removes nothing of an unfinished group of pictures, however long it is', () => {
  const buffer = withKeyFrames(0);
  for (let pictureS = 1; pictureS < 600; pictureS += 1)
    expect(buffer.removableToS(pictureS, 0, 2)).toBeNull();
});

it('removes nothing where the removal is too short to be worth it', () => {
  expect(withKeyFrames(20, 20.5, 25).removableToS(26, 20, 0.5)).toBeNull();
  expect(new BackBuffer().removableToS(100, 0, 2)).toBeNull();
});

it('never removes the picture on the screen, wherever the key frames are and in any order', () => {
  const key = fc.integer({ min: 0, max: 600 }).map((tenths) => tenths / 10);
  fc.assert(
    fc.property(
      fc.array(fc.array(key, { maxLength: 4 })),
      fc.array(key, { maxLength: 20 }),
      (pieces, pictures) => {
        const buffer = new BackBuffer();
        for (const keyFramesS of pieces)
          buffer.add({ startS: 0, endS: 1, keyFramesS: keyFramesS.sort((a, b) => a - b) });
        const all = pieces.flat();
        for (const pictureS of pictures.sort((a, b) => a - b)) {
          const toS = buffer.removableToS(pictureS, 0, 1);
          if (toS === null) continue;
          // Chromium removes up to the next key frame, which has to be at or before the picture.
          expect(Math.min(...all.filter((atS) => atS >= toS))).toBeLessThanOrEqual(pictureS);
        }
      },
    ),
  );
});
