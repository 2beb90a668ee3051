import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loopClip } from './clip-loop.ts';
import { clipFileName, DEMO_CAMERAS, DEMO_SITES } from './demo-wall.ts';
import { DEMO_TIMELINE } from './live-playlist.ts';
import { SITE_MARK_SHARE, SITE_MARKS } from './site-mark.ts';
import { CLIPS_DIRECTORY, clipBytes, committedClip } from './test-clips.ts';
import { runQuietly, testWithFfmpeg } from './test-ffmpeg.ts';

/** Every fourth pixel of every fourth line of the clips, which are 640x360. */
const WIDTH = 160;
const HEIGHT = 90;
const FRAMES = 180;
const FRAME_BYTES = WIDTH * HEIGHT * 3;

const copies = DEMO_CAMERAS.flatMap((camera) =>
  DEMO_SITES.map((site) => ({ camera: camera.id, site: site.id, file: clipFileName(camera.id, site.id) })),
);

test('every camera has a clip at every site, and there are no others', () => {
  expect(readdirSync(CLIPS_DIRECTORY).sort()).toEqual(copies.map(({ file }) => file).sort());
});

test('all clips together stay below the 15 MB that the repository may carry', () => {
  const sizes = copies.map(({ file }) => statSync(join(CLIPS_DIRECTORY, file)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(15_000_000);
});

test.each(copies)('$file can be served as live segments', ({ file }) => {
  expect(existsSync(join(CLIPS_DIRECTORY, file))).toBe(true);
  expect(loopClip(committedClip(file), DEMO_TIMELINE.segmentMs).segment(0).length).toBeGreaterThan(0);
});

describe('the pictures', () => {
  for (const { file, site } of copies)
    testWithFfmpeg(`of ${file} all differ from the one before and carry the mark of ${site}`, () => {
      const pictures = runQuietly(
        'ffmpeg',
        [
          '-i',
          '-',
          '-vf',
          `scale=${WIDTH}:${HEIGHT}:flags=neighbor`,
          '-f',
          'rawvideo',
          '-pix_fmt',
          'rgb24',
          '-',
        ],
        clipBytes(file),
      );
      expect(pictures.length).toBe(FRAMES * FRAME_BYTES);
      const corner = (frame: number, right: number, down: number) => {
        const at = frame * FRAME_BYTES + 3 * (down * WIDTH + right);
        return [...pictures.subarray(at, at + 3)];
      };
      for (let frame = 0; frame < FRAMES; frame++) {
        const picture = pictures.subarray(frame * FRAME_BYTES, (frame + 1) * FRAME_BYTES);
        const before = pictures
          .subarray(((frame + FRAMES - 1) % FRAMES) * FRAME_BYTES)
          .subarray(0, FRAME_BYTES);
        if (meanDifference(picture, before) < 0.05) expect.fail(`picture ${frame} is that before it`);
        for (const [x, y] of [
          [0.1, 0.1],
          [0.9, 0.1],
          [0.1, 0.9],
          [0.9, 0.9],
        ] as const) {
          const seen = corner(
            frame,
            Math.round(x * SITE_MARK_SHARE.width * WIDTH),
            Math.round(y * SITE_MARK_SHARE.height * HEIGHT),
          );
          const off = Math.max(...seen.map((value, i) => Math.abs(value - (SITE_MARKS[site].rgb[i] ?? 0))));
          if (off > 30) expect.fail(`the mark of picture ${frame} is ${seen}`);
        }
      }
    });
});

/** Mean difference of green, 0 to 255. */
function meanDifference(one: Buffer, other: Buffer): number {
  let sum = 0;
  let count = 0;
  for (let at = 1; at < FRAME_BYTES; at += 3) {
    sum += Math.abs((one[at] ?? 0) - (other[at] ?? 0));
    count++;
  }
  return sum / count;
}
