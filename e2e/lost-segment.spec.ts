import { expect, test } from '@playwright/test';
import { LOW_LATENCY_SHAPE, PLAIN_SHAPE } from '../electron/demo/stream-shape.ts';
import { startRig } from './rig/rig.ts';
import { launchHoldfast } from './support/launch.ts';
import { longestUnchangedMs, startLooking, stopLooking } from './support/picture-sampler.ts';
import { expectNewPictures, expectWallOn } from './support/wall.ts';

const TILES = 2;
/**
 * Of 15 a second: a player that asks for a segment that never comes has none ahead of these. Whether it goes on itself or
 * the tile's next player does, after Reaction Time, is a matter of milliseconds.
 */
const WATCHED_PICTURES = 135;
const LONGEST_STILL_MS = 5000;

test.describe.configure({ lock: '-exclusive-' });

for (const { words, stream } of [
  { words: 'plain HLS', stream: PLAIN_SHAPE },
  { words: 'LL-HLS', stream: LOW_LATENCY_SHAPE },
] as const) {
  test(`one segment of ${words} that is listed and never there does not end the picture of an only site`, async () => {
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
