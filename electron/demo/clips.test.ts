import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ClipFolder } from './clip-folder.ts';
import { createLiveFiles } from './create-live-files.ts';
import { BLACK_CLIP_FILES, clipFileName, DEMO_CAMERAS, DEMO_SITES, subClipFileName } from './demo-wall.ts';
import { USUAL_CONDITION } from './live-files.ts';
import { EPOCH_MS } from './live-timeline.ts';
import { SITE_MARK_SHARE, SITE_MARKS } from './site-mark.ts';
import { LOW_LATENCY_SHAPE } from './stream-shape.ts';
import { CLIPS_DIRECTORY, clipBytes } from './testing/test-clips.ts';
import { runQuietly, testWithFfmpeg } from './testing/test-ffmpeg.ts';

/** Every fourth pixel of every fourth line of the clips, which are 640x360. */
const WIDTH = 160;
const HEIGHT = 90;
const FRAMES = 180;
const FRAME_BYTES = WIDTH * HEIGHT * 3;

const copies = DEMO_CAMERAS.flatMap((camera) =>
  DEMO_SITES.map((site) => ({ camera: camera.id, site: site.id, file: clipFileName(camera.id, site.id) })),
);

const special = [...DEMO_SITES.map((site) => subClipFileName(site.id)), ...Object.values(BLACK_CLIP_FILES)];
const folder = new ClipFolder(CLIPS_DIRECTORY);

test('every camera has a clip at every site; apart from the special clips there are no others', () => {
  expect(readdirSync(CLIPS_DIRECTORY).sort()).toEqual([...copies.map(({ file }) => file), ...special].sort());
});

test.each(special)('%s is small: it is packaged, but rarely shown', (file) => {
  expect(statSync(join(CLIPS_DIRECTORY, file)).size).toBeLessThan(150_000);
});

test('all clips together stay below 15 MB, the limit of the repository', () => {
  const sizes = copies.map(({ file }) => statSync(join(CLIPS_DIRECTORY, file)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(15_000_000);
});

test.each(copies)('$file can be served in parts, black, and in two qualities', async ({ camera, site }) => {
  const clips = await folder.streamClips(camera, site);
  const files = createLiveFiles({ clips, shape: { ...LOW_LATENCY_SHAPE, multivariant: true } });
  for (const quality of ['main', 'sub'])
    for (const picture of ['moving', 'frozen', 'black'] as const)
      expect(
        files.answer(`${quality}/0.0.m4s`, new URLSearchParams(), EPOCH_MS + 1000, {
          ...USUAL_CONDITION,
          picture,
        }),
      ).toMatchObject({ kind: 'file', type: 'video/mp4' });
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
