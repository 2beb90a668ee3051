import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { expect, type Page, test } from '@playwright/test';
import type { DemoLatency } from '../shared/demo.ts';
import { launchHoldfast, type RunningHoldfast } from './support/launch.ts';
import { pictureAgeMs } from './support/picture-age.ts';
import { changesOfAllTiles, expectWallOn, setDemoFault } from './support/wall.ts';

const TILES = 9;

test.describe.configure({ mode: 'serial', lock: '-exclusive-' });

let holdfast: RunningHoldfast;
test.beforeAll(async () => {
  holdfast = await launchHoldfast();
  await expectWallOn(holdfast.page, TILES, 'main');
});
test.afterAll(async () => holdfast?.close());

/** Presses the demo bar's button, and waits until every tile has followed. */
async function choose(page: Page, latency: DemoLatency): Promise<void> {
  const since = new Date().toISOString();
  const button = page.locator(`button[data-latency="${latency}"]`);
  await button.click();
  const changes = await changesOfAllTiles(page, TILES, since, ({ to }) => to.startsWith('main/'));
  expect([...changes.values()].map(({ cause }) => cause)).toEqual(Array(TILES).fill('priority-changed'));
  for (const { gapMs } of changes.values()) expect(gapMs).not.toBeNull();
  await expectWallOn(page, TILES, 'main');
  await expect(button).toHaveAttribute('data-state', 'on');
}

/** In the middle of all tiles, ms. */
async function wallAgeMs(page: Page): Promise<number> {
  const ages = await Promise.all(Array.from({ length: TILES }, (_, index) => pictureAgeMs(page, index + 1)));
  return ages.toSorted((one, other) => one - other)[Math.floor(TILES / 2)] ?? Number.NaN;
}

test('the bar’s switch brings the whole wall to low latency: its pictures are about a second old', async () => {
  const { page } = holdfast;
  const plainMs = await wallAgeMs(page);
  await choose(page, 'low');
  // The delay of a busy start is reduced by a twentieth of a second each second.
  await expect.poll(() => wallAgeMs(page), { timeout: 60_000 }).toBeLessThan(1500);
  const lowMs = await wallAgeMs(page);
  test.info().annotations.push({
    type: 'picture age',
    description: `plain ${Math.round(plainMs)} ms, low latency ${Math.round(lowMs)} ms`,
  });
  expect(lowMs).toBeLessThan(plainMs);
});

test('with low latency the pictures go on at the other site when one stops', async () => {
  const { page } = holdfast;
  await setDemoFault(page, 'main', 'stop');
  await expectWallOn(page, TILES, 'backup');
  await setDemoFault(page, 'main', 'none');
  // On a busy machine a low-latency tile may leave its site once more, and is damped then (rule 9).
  await expectWallOn(page, TILES, 'main', 150_000);
});

test('a workstation without processor time gives up low latency, says so, and shows what it can', async () => {
  const { page } = holdfast;
  const busy = Array.from({ length: 2 * availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  try {
    const tile = page.locator('[data-tile="1"]');
    await tile.hover();
    await tile.getByRole('button', { name: /^Details of camera/ }).click();
    await expect(page.getByText('no processor time for low latency')).toBeVisible({ timeout: 60_000 });
  } finally {
    for (const child of busy) child.kill('SIGKILL');
  }
  await page.keyboard.press('Escape');
  await expectWallOn(page, TILES, 'main', 150_000);
  // Whole segments of 1 s and a cushion of two; with their parts the pictures were a second old.
  await expect.poll(() => wallAgeMs(page), { timeout: 60_000 }).toBeGreaterThan(2000);
  await expectWallOn(page, TILES, 'main');
});

test('the bar’s switch brings the wall back to plain HLS', async () => {
  await choose(holdfast.page, 'plain');
});
