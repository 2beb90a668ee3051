import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { launchHoldfast } from './support/launch.ts';
import { LivePackager } from './support/live-packager.ts';
import { expectNeverBlank, expectOneChangeOfMark } from './support/pictures.ts';
import { startLooking, stopLooking } from './support/screen-sampler.ts';
import { changesOfAllTiles, expectRedundancy, expectWallOn } from './support/wall.ts';

const FFMPEG = spawnSync('ffmpeg', ['-version']).status === 0;

test.describe('streams that ffmpeg encodes and packages', { lock: '-exclusive-' }, () => {
  // biome-ignore lint/suspicious/noSkippedTests: named and counted where ffmpeg is not installed
  test.skip(!FFMPEG, 'ffmpeg is not installed: apt-get install ffmpeg');

  for (const [killed, left] of [
    ['mpegts', 'fmp4'],
    ['fmp4', 'mpegts'],
  ] as const)
    test(`the tile goes from ${killed} to ${left} when the encoder of the first is killed`, async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-hls-'));
      const packagers: LivePackager[] = [];
      try {
        for (const [segments, mark] of [
          [killed, '0x003cff'],
          [left, '0xff7800'],
        ] as const) {
          const target = path.join(folder, segments);
          await mkdir(target);
          packagers.push(await LivePackager.start(target, segments, mark));
        }
        const [first, second] = packagers;
        if (first === undefined || second === undefined) throw new Error('two packagers were started');
        const file = path.join(folder, 'holdfast.json');
        await writeFile(file, JSON.stringify(configuration(first.baseUrl, second.baseUrl)));
        const { page, close } = await launchHoldfast({ args: ['--config', file] });
        try {
          await expectWallOn(page, 1, 'one', 40_000);
          await expectRedundancy(page, 1, 'one');
          const since = new Date().toISOString();
          await startLooking(page);
          await first.killEncoder();
          await expectWallOn(page, 1, 'two');
          const changes = await changesOfAllTiles(page, 1, since, ({ to }) => to === 'two/main');
          const looks = await stopLooking(page);
          console.log(
            `    ${killed} to ${left}: gap ${changes.get(1)?.gapMs} ms, jump ${changes.get(1)?.jumpMs} ms`,
          );
          expect(changes.get(1)).toMatchObject({ from: 'one/main', cause: 'stalled' });
          expectNeverBlank(looks, 1);
          expectOneChangeOfMark(looks, 'first', 'second');
        } finally {
          await close();
        }
      } finally {
        for (const packager of packagers) await packager.stop();
        await rm(folder, { recursive: true, force: true });
      }
    });
});

function configuration(firstUrl: string, secondUrl: string): unknown {
  return {
    version: 1,
    sites: [
      { id: 'one', name: 'Site one', baseUrl: firstUrl, mainPath: 'index.m3u8' },
      { id: 'two', name: 'Site two', baseUrl: secondUrl, mainPath: 'index.m3u8' },
    ],
    cameras: [{ id: 'test-picture', number: 1, name: 'Test picture' }],
    views: [{ id: 'one', name: 'One camera', columns: 1, rows: 1, cells: ['test-picture'] }],
  };
}
