import { expect, test } from '@playwright/test';
import { LOW_LATENCY_SHAPE, PLAIN_SHAPE } from '../electron/demo/stream-shape.ts';
import { startRig } from './rig/rig.ts';
import { launchHoldfast } from './support/launch.ts';
import { looksSoFar, startLooking } from './support/picture-sampler.ts';
import { diagnosticsOf, expectWallOn } from './support/wall.ts';

const TILES = 2;
/** A segment of 1 s is left out once it is missing a second time and the next ones are there, which comes to so long. */
const LONGEST_STILL_MS = 5000;

for (const [words, stream] of [
  ['plain HLS', PLAIN_SHAPE],
  ['LL-HLS', LOW_LATENCY_SHAPE],
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
    const missing = async (): Promise<number> =>
      (await diagnosticsOf(page)).tiles.filter(({ longestGapMs }) => (longestGapMs ?? 0) >= LONGEST_STILL_MS)
        .length;
    // Well after the segment has left the tiles: those that still ask for it would stand still by now.
    await page.waitForFunction(
      (fromMs) => performance.now() > fromMs + 9000,
      await page.evaluate(() => performance.now()),
    );
    expect(await missing(), 'tiles that stood still').toBe(0);
    for (const { tile, looks } of await looksSoFar(page, 2000))
      expect(
        looks.filter(({ fresh }) => fresh).length,
        `new pictures seen lately in tile ${tile}`,
      ).toBeGreaterThan(5);
    await expectWallOn(page, TILES, 'main');
    // The fault was met at all.
    const [{ requests } = { requests: {} }] = await rig.stats();
    expect(Object.keys(requests)).toHaveLength(TILES);
  });
}
