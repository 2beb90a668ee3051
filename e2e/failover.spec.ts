import { expect, type Page, test } from '@playwright/test';
import type { DemoFault } from '../shared/demo.ts';
import { launchHoldfast, type RunningHoldfast } from './support/launch.ts';
import { expectNeverBlank, expectOneChangeOfMark, isBlank } from './support/pictures.ts';
import { longestUnchangedMs, startLooking, stopLooking, type TileLooks } from './support/screen-sampler.ts';
import { type ScreenPatch, ScreenWatch } from './support/screen-watch.ts';
import {
  type Change,
  changesOfAllTiles,
  expectRedundancy,
  expectWallOn,
  setDemoFault,
} from './support/wall.ts';
import { CORE_TAG } from './tiers.mjs';

const TILES = 9;
/** A frame of the demo's cameras, ms. */
const FRAME_MS = 1000 / 15;
/** The demo's stable time, ms (electron/demo/demo-config.ts). */
const STABLE_MS = 10_000;

test.describe.configure({ mode: 'serial', lock: '-exclusive-' });

let holdfast: RunningHoldfast;

test.beforeAll(async () => {
  holdfast = await launchHoldfast();
  await expectWallOn(holdfast.page, TILES, 'main');
});

test.afterAll(async () => holdfast?.close());

interface Watched {
  readonly changes: ReadonlyMap<number, Change>;
  readonly looks: readonly TileLooks[];
  readonly patches: readonly ScreenPatch[];
}

/** Does something to the wall, and samples its pixels until all tiles have changed over for one of `causes`. */
async function watchChange(
  page: Page,
  action: () => Promise<void>,
  target: string,
  causes: RegExp,
): Promise<Watched> {
  const since = new Date().toISOString();
  const screen = new ScreenWatch(holdfast.app, page);
  await startLooking(page);
  await action();
  await expectWallOn(page, TILES, target, 60_000);
  const changes = await changesOfAllTiles(page, TILES, since, ({ to }) => to.startsWith(`${target}/`));
  const patches = await screen.stop();
  const looks = await stopLooking(page);
  for (const [tile, { cause }] of changes) expect(cause, `why tile ${tile} changed`).toMatch(causes);
  return { changes, looks, patches };
}

function expectNoBlank({ looks, patches }: Watched): void {
  expectNeverBlank(looks, TILES);
  expect(patches.length).toBeGreaterThan(TILES);
  expect(patches.filter(isBlank), 'blank tiles in screenshots').toEqual([]);
}

/** The sampler is independent of the gap meter, and must not have seen an older picture than the meter reports. */
function expectGapsToHold({ looks, changes }: Watched): void {
  for (const { tile, looks: seen } of looks) {
    const gapMs = changes.get(tile)?.gapMs ?? 0;
    const { unchangedMs, lookIntervalMs } = longestUnchangedMs(seen);
    expect(
      unchangedMs,
      `tile ${tile}: oldest picture seen, the journal says ${gapMs} ms, looks were up to ${lookIntervalMs} ms apart`,
    ).toBeLessThanOrEqual(gapMs + FRAME_MS + 2 * lookIntervalMs);
  }
}

function report(what: string, { changes }: Watched): void {
  const gaps = [...changes.values()].map(({ gapMs }) => gapMs ?? 0).sort((a, b) => a - b);
  const jumps = [...changes.values()].map(({ jumpMs }) => jumpMs).filter((jump) => jump !== null);
  const median = gaps[Math.floor(gaps.length / 2)];
  console.log(`    ${what}: gaps ${gaps.join(' ')} ms (median ${median}); jumps ${jumps.join(' ')} ms`);
}

test('the gap meter reports a picture frozen on purpose within one frame interval', {
  tag: CORE_TAG,
}, async () => {
  const { page } = holdfast;
  // Without a standby, the tile cannot leave the frozen picture.
  await setDemoFault(page, 'backup', 'stop');
  const tile = page.locator('[data-tile="5"]');
  await expect(tile).toHaveAttribute('data-redundancy', 'none');
  const frozenMs = await tile.evaluate(async (element) => {
    const [video] = element.querySelectorAll('video');
    if (video === undefined) throw new Error('the tile has no video');
    const framesMs: number[] = [];
    const watch = (): void => {
      video.requestVideoFrameCallback((_now, { presentationTime }) => {
        framesMs.push(presentationTime);
        watch();
      });
    };
    watch();
    const frames = async (count: number): Promise<void> => {
      const until = framesMs.length + count;
      while (framesMs.length < until) await new Promise((resolve) => requestAnimationFrame(resolve));
    };
    await frames(5);
    // Otherwise the player would continue with its next segment.
    video.play = () => Promise.resolve();
    video.pause();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await HTMLVideoElement.prototype.play.call(video);
    await frames(5);
    return Math.max(...framesMs.slice(1).map((atMs, index) => atMs - (framesMs[index] ?? atMs)));
  });
  expect(frozenMs).toBeGreaterThan(1100);
  await expect
    .poll(async () => Math.abs(Number(await tile.getAttribute('data-longest-gap-ms')) - frozenMs))
    .toBeLessThanOrEqual(FRAME_MS);
  await setDemoFault(page, 'backup', 'none');
  await expectRedundancy(page, TILES, 'main');
});

/** The falling buffer may show a silent stop before the live edge does, whose move is due later. */
const FAULTS: readonly (readonly [DemoFault, string, RegExp])[] = [
  ['stop', 'stops', /^(refused|reset)$/],
  ['hang', 'hangs', /^(timeout|too-slow)$/],
  ['503', 'answers 503', /^http-503$/],
  ['freeze', 'serves a frozen playlist', /^(stalled|too-slow)$/],
];

for (const [fault, words, causes] of FAULTS) {
  test(`all nine tiles go on when the first site ${words}, and return once it is validated`, async () => {
    const { page } = holdfast;
    // New tiles: tiles that had to leave the site repeatedly would wait longer and longer for it (rule 9).
    await page.reload();
    await expectWallOn(page, TILES, 'main');
    const lost = await watchChange(page, () => setDemoFault(page, 'main', fault), 'backup', causes);
    report(`${fault}`, lost);
    expectNoBlank(lost);
    expectOneChangeOfMark(lost.looks, 'first', 'second');
    expectGapsToHold(lost);

    const restoredAtMs = Date.now();
    const back = await watchChange(page, () => setDemoFault(page, 'main', 'none'), 'main', /^failback$/);
    report(`${fault}, failback`, back);
    expectNoBlank(back);
    expectOneChangeOfMark(back.looks, 'second', 'first');
    expectGapsToHold(back);
    for (const change of back.changes.values())
      expect(Date.parse(change.time) - restoredAtMs, 'validated before it returned').toBeGreaterThanOrEqual(
        STABLE_MS,
      );
  });
}

test('with both sites stopped every tile holds its last picture with its age, and goes on when one is back', async () => {
  const { page } = holdfast;
  await startLooking(page);
  await setDemoFault(page, 'main', 'stop');
  await setDemoFault(page, 'backup', 'stop');
  const held = page.locator('[data-tile][data-phase="holding"][data-live="false"]');
  await expect(held).toHaveCount(TILES, { timeout: 30_000 });
  await expect(held.getByText(/last picture 00:00:\d\d ago/)).toHaveCount(TILES);
  await expect(held.getByText(/^No video: Main .*Backup /)).toHaveCount(TILES);
  await expect(page.getByText(`All ${TILES} without video`)).toBeVisible();
  await setDemoFault(page, 'backup', 'none');
  await expectWallOn(page, TILES, 'backup', 60_000);
  expectNeverBlank(await stopLooking(page), TILES);
  await setDemoFault(page, 'main', 'none');
  await expectWallOn(page, TILES, 'main', 60_000);
});
