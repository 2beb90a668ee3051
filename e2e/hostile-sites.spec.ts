import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { RigCameraStream } from './rig/rig.ts';
import type { FieldShape } from './support/field-shapes.ts';
import { FieldWall } from './support/field-wall.ts';
import { longestUnchangedMs, startLooking, stopLooking } from './support/picture-sampler.ts';
import { NOTHING_ODD } from './support/tile-trial.ts';
import { journalSince } from './support/wall.ts';

/** Sites whose playlists try to reach another site through this workstation, which has its login. */

/** For this long players retry and watches ask on. Milliseconds. */
const TRIED_MS = 10_000;
const START_MS = 40_000;
/** A picture comes each 67 ms; looks are some 100 ms apart, and more on a busy machine. Milliseconds. */
const LONGEST_STILL_MS = 1000;

const ELSEWHERE = '/sites/backup/api/ptz?move=left';
const KEY = '#EXT-X-KEY:METHOD=AES-128,URI';

/** Lines before the first segment, by what they try. */
const HOSTILE: Readonly<Record<string, readonly string[]>> = {
  'a key': [`${KEY}="${ELSEWHERE}"`],
  'a key without quotes': [`${KEY}=${ELSEWHERE}`],
  'a key with blanks': [`#EXT-X-KEY : METHOD = AES-128 , URI = "${ELSEWHERE}"`],
  'a key by a variable': [`#EXT-X-DEFINE:NAME="x",VALUE="${ELSEWHERE}"`, `${KEY}="{$x}"`],
  'a key with two addresses': [`${KEY}="k",URI=${ELSEWHERE}`],
  'a way up': [`${KEY}="../../../sites/backup/api/ptz"`],
  'an initialisation section': [`#EXT-X-MAP:URI="${ELSEWHERE}"`],
  'a segment': [`#EXTINF:1,\u2028${ELSEWHERE}`, ELSEWHERE],
  'a comment that ends within its line': [`# \u2028${ELSEWHERE}\u2029${ELSEWHERE}`],
};

const shape = (name: string, main: RigCameraStream): FieldShape => ({
  name,
  main,
  backup: {},
  oldestMs: null,
  longestGapMs: 0,
  standby: 'ok',
});

test.describe.configure({ lock: '-exclusive-' });

test('what a site lists is never asked of another site', async () => {
  const shapes = Object.entries(HOSTILE).map(([name, lines]) =>
    shape(name, {
      stream: { container: 'mpegts' },
      oddities: [{ kind: 'further-lines', lines: [...lines] }],
    }),
  );
  await using wall = await FieldWall.open([shape(NOTHING_ODD, {}), ...shapes]);
  await bears(wall);
  const backup = (await wall.rig.stats()).find(({ id }) => id === 'backup');
  expect(Object.keys(backup?.requests ?? {}).sort()).toEqual(wall.cameras.map(({ id }) => id).sort());
});

test('media that would take a reader seconds costs the other tiles nothing', async () => {
  await using wall = await FieldWall.open([
    shape(NOTHING_ODD, {}),
    shape('segments of millions of boxes', { oddities: [{ kind: 'many-boxes', count: 2_000_000 }] }),
  ]);
  await bears(wall);
});

/** Each tile gets a picture; the tile with nothing odd keeps its picture, without a change and without an alarm. */
async function bears({ page, cameras }: FieldWall<FieldShape>): Promise<void> {
  await expect(page.locator('[data-tile][data-phase="showing"]')).toHaveCount(cameras.length, {
    timeout: START_MS,
  });
  const since = new Date().toISOString();
  await startLooking(page);
  await pause(TRIED_MS);
  const looks = (await stopLooking(page)).find(({ tile }) => tile === 1)?.looks ?? [];
  const { unchangedMs } = longestUnchangedMs(looks);
  console.log(`    longest still picture, ms: ${Math.round(unchangedMs)}`);
  expect(unchangedMs).toBeLessThan(LONGEST_STILL_MS);
  const ofControl = (await journalSince(page, since)).filter(({ camera }) => camera === cameras[0]?.id);
  expect(ofControl).toEqual([]);
}
