import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { RigCameraStream } from './rig/rig.ts';
import { type HostileCamera, HostileWall } from './support/hostile-wall.ts';
import {
  type Look,
  longestStillMs,
  startLooking,
  stopLooking,
  type TileLooks,
} from './support/screen-sampler.ts';
import { expectRedundancy, journalSince } from './support/wall.ts';
import { CORE_TAG } from './tiers.mjs';

/**
 * A hostile site beside a normal one: what it sends reaches no other site through this workstation, which has that
 * site's login. It costs the other site's tiles no picture, no change and no alarm, and the workstation little memory.
 */

/** Time for which players retry and watches go on. Milliseconds. */
const TRIED_MS = 15_000;
/** Time in which the buffers of a new wall and of its observers still grow. Milliseconds. */
const SETTLE_MS = 10_000;
const START_MS = 60_000;
/** Time limit for finding a hostile site out and leaving it. Milliseconds. */
const LEAVE_MS = 40_000;
/** From picture to picture of the demo's clips. Milliseconds. */
const FRAME_MS = 67;
/** A longer time without a new picture is a fault on any machine; the printed line says how long it was. Milliseconds. */
const LONGEST_STILL_MS = 1000;
/** Limit of the memory growth of main process and page each, MB (10^6 bytes). */
const MOST_GROWTH_MB = 150;

const ELSEWHERE = '/sites/backup/api/ptz?move=left';
const KEY = '#EXT-X-KEY:METHOD=AES-128,URI';
const TRANSPORT_STREAM = { container: 'mpegts' } as const;

type Oddity = NonNullable<RigCameraStream['oddities']>[number];

const hostile = (name: string, ...oddities: readonly Oddity[]): HostileCamera => ({
  name,
  stream: { oddities: [...oddities] },
});
const hostileTs = (name: string, ...oddities: readonly Oddity[]): HostileCamera => ({
  name,
  stream: { stream: TRANSPORT_STREAM, oddities: [...oddities] },
});

const lines = (name: string, ...further: readonly string[]): HostileCamera =>
  hostileTs(name, { kind: 'further-lines', lines: [...further] });
const flood = (name: string, kind: Extract<Oddity, { kind: 'playlist-flood' }>['flood']): HostileCamera =>
  hostile(name, { kind: 'playlist-flood', flood: kind });
const boxes = (name: string, kind: Extract<Oddity, { kind: 'mp4-flood' }>['flood']): HostileCamera =>
  hostile(name, { kind: 'mp4-flood', flood: kind });
const packets = (name: string, kind: Extract<Oddity, { kind: 'ts-flood' }>['flood']): HostileCamera =>
  hostileTs(name, { kind: 'ts-flood', flood: kind });
const sent = (
  name: string,
  of: 'playlists' | 'media',
  manner: Partial<Extract<Oddity, { kind: 'sent' }>>,
): HostileCamera =>
  hostileTs(name, {
    kind: 'sent',
    of,
    pieceBytes: 1,
    framing: 'length',
    everyMs: 0,
    interim: 0,
    ...manner,
  });

const AES = { kind: 'encrypted', method: 'AES-128', key: 'given' } as const;

/** Lines before the first segment, by what they try. */
const LEADING_ELSEWHERE: readonly HostileCamera[] = [
  lines('a key', `${KEY}="${ELSEWHERE}"`),
  lines('a key without quotes', `${KEY}=${ELSEWHERE}`),
  lines('a key with blanks', `#EXT-X-KEY : METHOD = AES-128 , URI = "${ELSEWHERE}"`),
  lines('a key by a variable', `#EXT-X-DEFINE:NAME="x",VALUE="${ELSEWHERE}"`, `${KEY}="{$x}"`),
  lines('a key with two addresses', `${KEY}="k",URI=${ELSEWHERE}`),
  lines('a way up', `${KEY}="../../../sites/backup/api/ptz"`),
  lines('an initialisation section', `#EXT-X-MAP:URI="${ELSEWHERE}"`),
  lines('a segment', `#EXTINF:1,\u2028${ELSEWHERE}`, ELSEWHERE),
  lines('a comment that ends within its line', `# \u2028${ELSEWHERE}\u2029${ELSEWHERE}`),
];

/**
 * By what the inputs are too much of. A wall has up to six cameras of one hostile site. Where their segments have 16 MB or more, six
 * are in one test alone: they measure how bytes come to the page, and the others what is made of them.
 */
const TOO_MUCH: Readonly<Record<string, readonly HostileCamera[]>> = {
  'lines of a playlist': [
    flood('a megabyte of one-letter lines', 'one-letter-lines'),
    flood('lines that are just not too many', 'some-lines'),
    flood('15 MB of comments', 'comments'),
    flood('8 MB of empty lines', 'empty-lines'),
    flood('a line of a megabyte', 'long-line'),
    flood('quotes that do not close', 'quotes-that-do-not-close'),
  ],
  'tags of a playlist': [
    flood('10 000 attributes', 'attributes'),
    flood('2900 parts', 'parts'),
    flood('9000 segments', 'segments'),
    flood('2900 keys', 'keys'),
    flood('2900 variables', 'variables'),
    flood('variables that double each other', 'doubled-variables'),
  ],
  'what a playlist leads to': [
    hostile('9000 variants', { kind: 'variants', count: 9000 }),
    hostile('a ring of playlists', { kind: 'ring', of: 'playlists' }),
    hostile('a ring of media', { kind: 'ring', of: 'media' }),
    hostile('a key of 50 MB', { kind: 'large-key' }),
    flood('2900 discontinuities', 'discontinuities'),
    sent('a playlist without an end', 'playlists', { pieceBytes: 20, everyMs: 100 }),
  ],
  'pieces of an answer': [
    sent('media in chunks of a byte', 'media', { framing: 'chunks' }),
    sent('media byte by byte', 'media', {}),
    sent('playlists in chunks of a byte', 'playlists', { framing: 'chunks' }),
    sent('10 000 interim answers', 'media', { pieceBytes: 65_536, interim: 10_000 }),
    hostile('headers of a megabyte', { kind: 'large-headers', of: 'media' }),
    hostile('headers of a megabyte at the playlist', { kind: 'large-headers', of: 'playlists' }),
  ],
  'what packed answers become': [
    hostile('a playlist that unpacks to 150 MB', { kind: 'packed-bombs', of: 'playlists' }),
    hostile('media that unpacks to 150 MB', { kind: 'packed-bombs', of: 'media' }),
  ],
  'boxes in a row': [
    hostile('two million boxes', { kind: 'many-boxes', count: 2_000_000 }),
    hostile('two million boxes under a key', { kind: 'many-boxes', count: 2_000_000 }, AES),
  ],
  'boxes in each other': [
    boxes('boxes behind another kind', 'boxes-behind-another-kind'),
    boxes('boxes a million deep', 'nested-a-million-deep'),
  ],
  'boxes that hold little': [
    boxes('boxes 19 000 deep', 'nested-deep'),
    boxes('3000 fragments', 'many-fragments'),
  ],
  'entries of media': [
    boxes('two million samples', 'two-million-samples'),
    boxes('900 000 samples', 'many-samples'),
    boxes('19 000 messages', 'many-messages'),
    boxes('an index of 65 535 entries', 'long-index'),
    boxes('9000 tracks', 'many-tracks'),
    boxes('a table of a million entries', 'large-tables'),
  ],
  'units of a transport stream': [
    packets('five million units', 'empty-units'),
    packets('700 000 captions', 'captions'),
  ],
  'tables of a transport stream': [
    packets('a million parameter sets', 'parameters'),
    packets('200 000 tables', 'association-tables'),
  ],
  'packets of a transport stream': [
    packets('12 million sections', 'short-sections'),
    packets('16 MB without a unit', 'no-units'),
  ],
  'bytes of media': [
    packets('16 MB a second', 'no-units'),
    packets('56 MB a second', 'no-units-at-length'),
    packets('another 56 MB a second', 'no-units-at-length'),
    boxes('58 MB a second', 'large-box'),
    boxes('another 58 MB a second', 'large-box'),
    boxes('a third 58 MB a second', 'large-box'),
  ],
  'pixels of a picture': [
    hostile('a sample entry of 16000x8000', { kind: 'large-pictures', by: 'entry' }),
    hostile('parameters of 16000x8000', { kind: 'large-pictures', by: 'parameters' }),
    hostile('16000x8000 that is cropped', { kind: 'large-pictures', by: 'cropped' }),
    hostile('16000x8000 in band', { kind: 'large-pictures', by: 'in-band' }),
    hostileTs('16000x8000 in a transport stream', { kind: 'large-pictures', by: 'parameters' }),
    hostileTs('the same under a key', { kind: 'large-pictures', by: 'cropped' }, AES),
  ],
};

test.describe.configure({ lock: '-exclusive-' });

test('what a site lists is never requested from another site', async () => {
  await using wall = await HostileWall.open(LEADING_ELSEWHERE);
  await bears(wall);
  const known = wall.cameras.map(({ id }) => id);
  for (const { requests } of await wall.well.stats())
    expect(Object.keys(requests).filter((camera) => !known.includes(camera))).toEqual([]);
});

for (const [what, cameras] of Object.entries(TOO_MUCH))
  test(`too many ${what} cost the other site's tiles nothing`, async () => {
    await using wall = await HostileWall.open(cameras);
    await bears(wall);
  });

test('a tile without any site to show says why', { tag: CORE_TAG }, async () => {
  const of = (kind: string): HostileCamera | undefined => TOO_MUCH[kind]?.[0];
  const ones = Object.keys(TOO_MUCH).flatMap((kind) => of(kind) ?? []);
  await using wall = await HostileWall.open(
    ones.slice(0, 6).map((camera) => ({ ...camera, backup: 'hostile' })),
  );
  await wall.turn();
  await expect.poll(() => blackWithoutWords(wall), { timeout: START_MS }).toEqual([]);
});

/**
 * The tile with nothing odd keeps its picture, without a change and without an alarm, and the memory of main process and page goes
 * back to about what it was. All other tiles have a picture in the end, or say why they have none.
 */
async function bears(wall: HostileWall): Promise<void> {
  const { page, cameras } = wall;
  await expectRedundancy(page, cameras.length, undefined, START_MS);
  await startLooking(page);
  await pause(SETTLE_MS);
  const calmStillMs = longestStillMs(looksAt(await stopLooking(page)), FRAME_MS);
  const before = await wall.settledMemory();
  const since = new Date().toISOString();
  await startLooking(page);
  const most = await wall.mostMemory(async () => {
    await wall.turn();
    await pause(TRIED_MS);
  });
  const stillMs = longestStillMs(looksAt(await stopLooking(page)), FRAME_MS);
  const after = await wall.settledMemory();
  const journal = await journalSince(page, since);
  const grown = { main: after.main - before.main, page: after.page - before.page };
  console.log(`    longest still picture, ms: ${Math.round(stillMs)}; before: ${Math.round(calmStillMs)}`);
  console.log(
    `    memory in MB, main and page: ${inMb(before)} before, at most ${inMb(most)}, ${inMb(after)} after`,
  );
  for (const { id, name } of cameras) {
    const told = journal.flatMap((entry) => (entry.camera === id && 'cause' in entry ? [entry.cause] : []));
    console.log(`    ${name}: ${told.join(', ') || 'nothing told'}`);
  }
  expect.soft(stillMs).toBeLessThan(LONGEST_STILL_MS);
  expect.soft(grown.main).toBeLessThan(MOST_GROWTH_MB);
  expect.soft(grown.page).toBeLessThan(MOST_GROWTH_MB);
  expect.soft(journal.filter(({ camera }) => camera === cameras[0]?.id)).toEqual([]);
  await expect.poll(() => blackWithoutWords(wall), { timeout: LEAVE_MS }).toEqual([]);
}

/** The samples of the tile with nothing odd. */
const looksAt = (tiles: readonly TileLooks[]): readonly Look[] =>
  tiles.find(({ tile }) => tile === 1)?.looks ?? [];

const inMb = ({ main, page }: { main: number; page: number }): string =>
  `${Math.round(main)} and ${Math.round(page)}`;

/** The names of the tiles that neither show a picture nor say why. */
async function blackWithoutWords({ page, cameras }: HostileWall): Promise<string[]> {
  const ids = await page.evaluate(() =>
    [...document.querySelectorAll('[data-tile]')]
      .filter((tile) => {
        const words = tile.querySelector('.tile-message .tile-wide, .tile-state-words')?.textContent ?? '';
        return tile.getAttribute('data-phase') !== 'showing' && words === '';
      })
      .map((tile) => tile.getAttribute('data-camera')),
  );
  return cameras.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
}
