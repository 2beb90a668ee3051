import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { launchHoldfast } from './support/launch.ts';
import { LivePackager } from './support/live-packager.ts';
import { expectWallOn, journalSince } from './support/wall.ts';

const FFMPEG = spawnSync('ffmpeg', ['-version']).status === 0;

const MOVING = 'testsrc2=size=320x180:rate=15';
/** Always the first picture of the moving one. */
const FROZEN = `${MOVING},loop=loop=-1:size=1`;
const BLACK = 'color=black:size=320x180:rate=15';

/** Copies are compared when this machine can afford another player, ms. */
const LONGEST_LOOK_MS = 120_000;

/** A camera's pictures at its two sites. The black one is without the packager's mark. */
const CAMERAS = [
  { id: 'frozen-at-one', pictures: [FROZEN, MOVING] },
  { id: 'black-at-one', pictures: [BLACK, MOVING] },
  { id: 'still-scene', pictures: [FROZEN, FROZEN] },
] as const;

test.describe('pictures that pass every other check', () => {
  // biome-ignore lint/suspicious/noSkippedTests: named and counted where ffmpeg is not installed
  test.skip(!FFMPEG, 'ffmpeg is not installed: apt-get install ffmpeg');

  test.describe.configure({ lock: '-exclusive-', timeout: 300_000 });

  let folder: string;
  const packagers: LivePackager[] = [];
  let configFile: string;

  test.beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'holdfast-frozen-'));
    const sites = await Promise.all(
      CAMERAS.flatMap(({ id, pictures }) =>
        pictures.map(async (picture, index) => {
          const site = `${id}-${index + 1}`;
          const target = path.join(folder, site);
          await mkdir(target);
          const mark = picture === BLACK ? 'black' : '0x003cff';
          const packager = await LivePackager.start(target, 'fmp4', mark, picture);
          packagers.push(packager);
          return { id: site, name: `${id} ${index + 1}`, baseUrl: packager.baseUrl };
        }),
      ),
    );
    configFile = path.join(folder, 'holdfast.json');
    const streams = (camera: string) =>
      Object.fromEntries([1, 2].map((copy) => [`${camera}-${copy}`, { main: 'index.m3u8' }]));
    await writeFile(
      configFile,
      JSON.stringify({
        version: 1,
        sites,
        cameras: CAMERAS.map(({ id }, index) => ({ id, number: index + 1, name: id, streams: streams(id) })),
        views: [{ id: 'all', name: 'All', columns: 3, rows: 1, cells: CAMERAS.map(({ id }) => id) }],
        // So that another player is one that compares.
        policies: { hotStandbys: 'off' },
      }),
    );
  });

  test.afterAll(async () => {
    for (const packager of packagers) await packager.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('a frozen and a black picture are reported, and a still scene at both sites is not', async () => {
    const { page, close } = await launchHoldfast({ args: ['--config', configFile] });
    try {
      const since = new Date().toISOString();
      await expectWallOn(page, CAMERAS.length);
      const alarms = async (): Promise<string[]> =>
        (await journalSince(page, since)).flatMap((entry) =>
          entry.kind === 'alarm' && (entry.alarm === 'frozen' || entry.alarm === 'black')
            ? [`${entry.alarm} ${entry.stream}`]
            : [],
        );
      const told = ['black black-at-one-1/main', 'frozen frozen-at-one-1/main'];
      const stillScene = page.locator('[data-camera="still-scene"]');
      await Promise.all([
        expect.poll(async () => (await alarms()).sort(), { timeout: LONGEST_LOOK_MS }).toEqual(told),
        expect(stillScene.locator('video'), 'its copies are compared').toHaveCount(2, {
          timeout: LONGEST_LOOK_MS,
        }),
      ]);

      const frozen = page.locator('[data-camera="frozen-at-one"]');
      await expect(frozen).toHaveAttribute('data-live', 'false');
      const found = /frozen since \d\d:\d\d:\d\d, frozen-at-one 2’s copy moves$/;
      await expect(frozen.locator('.tile-state-words')).toHaveText(found);
      await expect(frozen.getByTitle('Frozen picture', { exact: true })).toHaveText('Frozen picture');
      await expect(frozen).toHaveAccessibleName(/frozen picture/);
      await expect(page.getByText('1 with a frozen picture')).toBeVisible();
      await frozen.getByRole('button', { name: /^Details of camera/ }).click();
      await expect(page.locator('.details-streams').getByText(found)).toBeVisible();
      await page.keyboard.press('Escape');

      // Its copies are compared to the end, without a result.
      await expect(stillScene.locator('video')).toHaveCount(1, { timeout: LONGEST_LOOK_MS });
      expect((await alarms()).sort()).toEqual(told);
      await expect(stillScene).toHaveAttribute('data-live', 'true');
    } finally {
      await close();
    }
  });
});
