import { expect, test } from '@playwright/test';
import { LOW_LATENCY_SHAPE, PLAIN_SHAPE } from '../electron/demo/stream-shape.ts';
import { startRig } from './rig/rig.ts';
import { launchHoldfast } from './support/launch.ts';
import { LOOK_INTERVAL_MS, longestUnchangedMs, startLooking, stopLooking } from './support/screen-sampler.ts';
import { expectNewPictures, expectWallOn, journalSince } from './support/wall.ts';

const TILES = 2;
/**
 * Of 15 a second: a player that asks for a segment that never comes has none ahead of these. Whether it goes on itself or
 * the tile's next player does, after Reaction Time, is a matter of milliseconds.
 */
const WATCHED_PICTURES = 135;
const LONGEST_STILL_MS = 5000;

/** More than a player has ahead, and the time that it takes to have it again: 6 s at 15 a second. */
const PICTURES_AFTER_PART = 90;
/** From one picture to the next, and from one part to the next, ms. */
const PICTURE_MS = 1000 / 15;
const PART_MS = 1000 / 3;
const PARTS_PER_SEGMENT = 3;

test.describe.configure({ lock: '-exclusive-' });

for (const { words, stream } of [
  { words: 'plain HLS', stream: PLAIN_SHAPE },
  { words: 'LL-HLS', stream: LOW_LATENCY_SHAPE },
] as const) {
  test(`one segment of ${words} that is listed and missing does not end the picture of an only site`, async () => {
    await using held = new AsyncDisposableStack();
    const rig = held.use(await startRig({ sites: [{ id: 'main', name: 'Main' }], cameras: TILES, stream }));
    const holdfast = await launchHoldfast({ args: ['--config', rig.configFile()] });
    held.defer(() => holdfast.close());
    const { page } = holdfast;
    await expectWallOn(page, TILES, 'main', 60_000);
    await startLooking(page);
    await rig.setFault('main', 'segment-lost');
    await expectNewPictures(page, WATCHED_PICTURES);
    for (const { tile, looks } of await stopLooking(page)) {
      const { unchangedMs } = longestUnchangedMs(looks);
      expect(unchangedMs, `longest still picture of tile ${tile}, ms`).toBeLessThan(LONGEST_STILL_MS);
    }
    await expectWallOn(page, TILES, 'main');
  });
}

test('a part that is listed and missing costs no more than what cannot be decoded without it', async () => {
  await using held = new AsyncDisposableStack();
  const rig = held.use(
    await startRig({
      sites: [{ id: 'main', name: 'Main' }],
      cameras: TILES,
      stream: LOW_LATENCY_SHAPE,
    }),
  );
  const [struck] = rig.cameras;
  if (struck === undefined) throw new Error('The rig has no camera.');
  const holdfast = await launchHoldfast({ args: ['--config', rig.configFile()] });
  held.defer(() => holdfast.close());
  const { page } = holdfast;
  await expectWallOn(page, TILES, 'main', 60_000);
  await expectNewPictures(page);
  const since = new Date().toISOString();
  for (const { words, parts, whole } of [
    { words: 'one part', parts: [1], whole: 'there' },
    { words: 'a part and its segment', parts: [1], whole: 'lost' },
    { words: 'the last part', parts: [2], whole: 'there' },
    { words: 'several parts', parts: [1, 2], whole: 'lost' },
    { words: 'the first part, with its key frame', parts: [0], whole: 'lost' },
  ] as const)
    await test.step(words, async () => {
      await startLooking(page);
      await rig.setFault('main', { kind: 'parts-lost', parts: [...parts], whole }, { cameras: [struck.id] });
      await expectNewPictures(page, PICTURES_AFTER_PART);
      // The segment's only key frame is in its first part.
      const missingMs = (PARTS_PER_SEGMENT - parts[0]) * PART_MS;
      for (const { tile, looks } of await stopLooking(page)) {
        const { unchangedMs } = longestUnchangedMs(looks);
        console.log(`${words}: tile ${tile} stood still for ${Math.round(unchangedMs)} ms`);
        expect(unchangedMs, `longest still picture of tile ${tile}, ms`).toBeLessThan(
          missingMs + 2 * PICTURE_MS + 2 * LOOK_INTERVAL_MS,
        );
      }
      await rig.clear('main');
    });
  await expectWallOn(page, TILES, 'main');
  const changes = (await journalSince(page, since)).filter(({ kind }) => kind === 'change');
  expect(changes, 'changes in the journal').toEqual([]);
});
