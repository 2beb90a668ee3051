import { expect, test } from '@playwright/test';
import { flapping } from './rig/schedule.ts';
import { expectAllOn, FAULT_WALL_TILES, FaultWall } from './support/fault-wall.ts';
import { expectNeverBlank } from './support/pictures.ts';
import { siteOfMark, startLooking, stopLooking, type TileLooks } from './support/screen-sampler.ts';
import {
  type Change,
  changesOfAllTiles,
  expectNewPictures,
  expectRedundancy,
  journalSince,
  OVERLOAD,
} from './support/wall.ts';
import { CORE_TAG } from './tiers.mjs';

/**
 * Every fault of the fault table, set at the first site of one running application: two tiles of plain HLS and two of
 * LL-HLS at the same time. Partial outages, the pulled cable and faults of the workstation have files of their own.
 */

/**
 * The same for the other site, which works all the time. If its process gets no processor time for more than 1.5 target
 * durations, its playlist does stop moving.
 */
const STARVED = new RegExp(`${OVERLOAD.source}|^stalled$`);
/** Copies are compared when this machine can afford another player, ms. */
const LONGEST_LOOK_MS = 120_000;
/** A picture that was found at fault is checked again a minute later, or two where that check was cut short, ms. */
const LONGEST_LOOK_AGAIN_MS = 180_000;
/** How long the flapping site flaps, ms. */
const FLAPPING_MS = 15_000;
/** One before the first damping, which lasts longer than the flapping, and the final one (rule 9). */
const MOST_FAILBACKS = 2;

let wall: FaultWall;
/** When the page was loaded, ms since 1970: the same for every fault, because no fault needs a reload. */
let loadedAtMs: number;

const timeOfLoad = (): Promise<number> => wall.page.evaluate(() => performance.timeOrigin);

// The causes are the fault's own only where the machine can play the wall.
test.describe.configure({ lock: '-exclusive-', timeout: 240_000 });

test.afterEach(async () => expect(await timeOfLoad(), 'the page was loaded anew').toBe(loadedAtMs));

test.beforeAll(async () => {
  wall = await FaultWall.open();
  // If this fails, all other tests fail too.
  await expectAllOn(wall.page, 'first', 180_000);
  loadedAtMs = await timeOfLoad();
});

test.afterAll(async () => wall?.close());

type Fault = Parameters<FaultWall['setFault']>[1];
type Cause = Change['cause'];

interface Row {
  /** The row of the fault table. */
  readonly number: number;
  /** What happens to the first site. */
  readonly words: string;
  readonly fault: Fault;
  /** All possible causes: milliseconds decide which one comes first. */
  readonly causes: RegExp;
  /** The gateway's message about the certificate, which the journal contains. */
  readonly said?: string;
}

/** Damaged media is found by its reader, or else by the missing picture. */
const DAMAGED = /^(decode|not-media|too-slow|picture-stall)$/;

const LOST: readonly Row[] = [
  { number: 1, words: 'is stopped', fault: 'stop', causes: /^(refused|reset)$/ },
  { number: 1, words: 'cuts its answers', fault: 'reset', causes: /^reset$/ },
  { number: 2, words: 'accepts and never answers', fault: 'hang', causes: /^(timeout|too-slow|stalled)$/ },
  { number: 2, words: 'falls silent', fault: 'silent', causes: /^(timeout|too-slow|stalled)$/ },
  {
    number: 3,
    words: 'answers 500 to everything',
    fault: { kind: 'status', status: 500, of: 'everything' },
    causes: /^http-500$/,
  },
  {
    number: 3,
    words: 'answers 503 instead of playlists',
    fault: { kind: 'status', status: 503, of: 'playlists' },
    causes: /^http-503$/,
  },
  {
    number: 3,
    words: 'answers 404 instead of playlists',
    fault: { kind: 'status', status: 404, of: 'playlists' },
    causes: /^http-404$/,
  },
  {
    number: 3,
    words: 'answers 404 instead of segments',
    fault: { kind: 'status', status: 404, of: 'media' },
    causes: /^http-404$/,
  },
  {
    number: 4,
    words: 'takes its login for expired',
    fault: { kind: 'login-expired', status: 401 },
    causes: /^http-401$/,
  },
  {
    number: 4,
    words: 'forbids what it allowed',
    fault: { kind: 'login-expired', status: 403 },
    causes: /^http-403$/,
  },
  // With blocking reload, a playlist that does not move is a request without an answer.
  { number: 5, words: 'lists nothing new', fault: 'freeze', causes: /^(stalled|too-slow|timeout)$/ },
  { number: 6, words: 'sends half segments', fault: 'truncated', causes: DAMAGED },
  { number: 6, words: 'sends corrupt segments', fault: 'corrupt', causes: DAMAGED },
  { number: 6, words: 'sends no video', fault: 'not-media', causes: DAMAGED },
  {
    number: 7,
    words: 'is too slow for real time',
    fault: { kind: 'slow', bytesPerS: 4000 },
    causes: /^(too-slow|timeout|picture-stall)$/,
  },
  {
    number: 14,
    words: 'shows another certificate',
    fault: 'certificate-changed',
    causes: /^(reset|tls-untrusted)$/,
    said: 'is signed by nobody but itself',
  },
  {
    number: 14,
    words: 'shows an expired certificate',
    fault: 'certificate-expired',
    causes: /^(reset|tls-expired)$/,
    said: 'has expired',
  },
];

test('fault 11: a first site that comes and goes is shown again only once it stays', async () => {
  const { page } = wall;
  await wall.showFreshTiles();
  const since = new Date().toISOString();
  await startLooking(page);
  await wall.run('first', (siteId) =>
    flapping({
      siteId,
      fault: '503',
      fromMs: 0,
      toMs: FLAPPING_MS,
      down: { minMs: 1000, maxMs: 3000 },
      up: { minMs: 1000, maxMs: 3000 },
      seed: 11,
    }),
  );
  await expectAllOn(page, 'first');
  await expectPlaysOn();
  expectNeverBlank(await stopLooking(page), FAULT_WALL_TILES);
  const entries = await journalSince(page, since);
  for (let tile = 1; tile <= FAULT_WALL_TILES; tile += 1) {
    const failbacks = entries.filter(
      (entry) => entry.kind === 'change' && entry.tile === tile && entry.cause === 'failback',
    );
    expect(failbacks.length, `failbacks of tile ${tile}`).toBeLessThanOrEqual(MOST_FAILBACKS);
  }
});

for (const row of LOST) {
  const { number, words, fault, causes, said } = row;
  // Of each kind of fault the first one.
  const tag = LOST.find((other) => other.number === number) === row ? CORE_TAG : [];
  test(`fault ${number}: pictures go on when the first site ${words}, and return by themselves`, {
    tag,
  }, async () => {
    const { left, returned } = await expectPicturesThereAndBack(fault);
    expectReasons('why tiles left', left.map(causeOf), causes, OVERLOAD);
    expectReasons('why tiles returned', returned.map(causeOf), /^failback$/, STARVED);
    if (said !== undefined) await expectToldInJournal(left, said);
  });
}

test('fault 8: cameras that may change over do so when their picture freezes or goes black, and return', async () => {
  test.setTimeout(LONGEST_LOOK_MS + LONGEST_LOOK_AGAIN_MS + 60_000);
  const { page } = wall;
  await wall.showFreshTiles();
  const since = new Date().toISOString();
  await wall.setCameraFaults('first', ['picture-frozen', 'picture-black']);
  await expectAllOn(page, 'second', LONGEST_LOOK_MS);
  const changes = await changesOfAllTiles(page, FAULT_WALL_TILES, since, isTo('backup'));
  const causes = [1, 2, 3, 4].map((tile) => changes.get(tile)?.cause);
  expect(causes).toEqual(['frozen', 'black', 'frozen', 'black']);
  await wall.clear('first');
  await expectAllOn(page, 'first', LONGEST_LOOK_AGAIN_MS);
});

for (const { words, fault } of [
  { words: 'restarts with a lower media sequence', fault: 'restart' },
  { words: 'goes on with another resolution', fault: 'other-encoding' },
] as const) {
  test(`fault 9: every tile plays the first site again after it ${words}, and again after the next such change`, async () => {
    const { page } = wall;
    await wall.showFreshTiles();
    await startLooking(page);
    await wall.setFault('first', fault);
    await expectPlaysOn();
    await wall.clear('first');
    await expectPlaysOn();
    expectNeverBlank(await stopLooking(page), FAULT_WALL_TILES);
  });
}

for (const { words, fault } of [
  { words: 'clock jumps by an hour', fault: { kind: 'clock-jump', byMs: 3_600_000 } },
  { words: 'clock falls back by an hour', fault: { kind: 'clock-jump', byMs: -3_600_000 } },
  { words: 'date-times end', fault: 'no-date-times' },
] as const) {
  test(`fault 10: nothing changes when the first site’s ${words}, nor when that ends`, async () => {
    await wall.showFreshTiles();
    const since = new Date().toISOString();
    await wall.setFault('first', fault);
    await expectPlaysOn();
    await wall.clear('first');
    await expectPlaysOn();
    const entries = await journalSince(wall.page, since);
    const changes = entries.filter((entry) => entry.kind === 'change' && !OVERLOAD.test(entry.cause));
    expect(changes).toEqual([]);
  });
}

for (const [back, later] of [
  ['first', 'second'],
  ['second', 'first'],
] as const) {
  test(`fault 13: with both sites gone the last pictures stay, and go on when the ${back} is back before the ${later}`, async () => {
    const { page } = wall;
    await wall.showFreshTiles();
    await startLooking(page);
    await Promise.all([wall.setFault('first', 'stop'), wall.setFault('second', 'stop')]);
    const held = page.locator('[data-tile][data-phase="holding"][data-live="false"]');
    await expect(held).toHaveCount(FAULT_WALL_TILES, { timeout: 30_000 });
    await expect(held.getByText(/00:00:\d\d ago/)).toHaveCount(FAULT_WALL_TILES);
    await wall.clear(back);
    await expectAllOn(page, back);
    await wall.clear(later);
    await expectAllOn(page, 'first');
    await expectRedundancy(page, FAULT_WALL_TILES);
    expectNeverBlank(await stopLooking(page), FAULT_WALL_TILES);
  });
}

/** The fault begins and ends under new tiles. Returns how each of them left the first site, and how it returned. */
async function expectPicturesThereAndBack(
  fault: Fault,
): Promise<{ readonly left: readonly Change[]; readonly returned: readonly Change[] }> {
  const { page } = wall;
  // On a busy machine a tile may have left before the fault, and then makes no change because of it.
  const freshSince = new Date().toISOString();
  await wall.showFreshTiles();
  await startLooking(page);
  await wall.setFault('first', fault);
  await expectAllOn(page, 'second');
  const left = await changesTo('backup', freshSince);
  const clearedSince = new Date().toISOString();
  await wall.clear('first');
  await expectAllOn(page, 'first');
  // Before the journal is read: a tile that gets too little of its stream may leave it again.
  const looks = await stopLooking(page);
  const returned = await changesTo('main', clearedSince);
  expectNeverBlank(looks, FAULT_WALL_TILES);
  expectThereAndBack(looks);
  return { left, returned };
}

/** The changes of each tile to that site, from the journal entries at or after `since`; in the order of the tiles. */
async function changesTo(to: 'main' | 'backup', since: string): Promise<readonly Change[]> {
  const changes = await changesOfAllTiles(wall.page, FAULT_WALL_TILES, since, isTo(to));
  return [...changes].sort(([one], [other]) => one - other).map(([, change]) => change);
}

const causeOf = ({ cause }: Change): Cause => cause;

/**
 * At least one tile gives the expected cause. Others may have got too little of their stream at that moment, as on a
 * busy machine, and give that cause instead: something was late, never refused. Low-latency streams are the first, with
 * a second of media buffered.
 * @param busy the causes that others may give
 */
function expectReasons(what: string, given: readonly Cause[], expected: RegExp, busy: RegExp): void {
  const told = `${what}: ${given.join(', ')}`;
  const others = given.filter((cause) => !expected.test(cause));
  expect(others.length, told).toBeLessThan(given.length);
  for (const cause of others) expect(cause, told).toMatch(busy);
}

/** The gateway's message is in the entries of the changes, and one click away in the journal's window. */
async function expectToldInJournal(changes: readonly Change[], said: string): Promise<void> {
  const told = expect.stringMatching(`^the certificate of Main (plain|ll) ${said}`);
  expect(changes.map(({ words }) => words)).toContainEqual(told);
  const { page } = wall;
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('menuitem', { name: 'Journal' }).click();
  const journal = page.getByRole('dialog', { name: 'Journal' });
  await journal.getByRole('searchbox').fill(`certificate ${said}`);
  const line = journal.locator('.journal-line').first();
  const detail = line.getByRole('paragraph');
  // Open where the filter has found only that entry.
  await expect(detail).toHaveText(new RegExp(`^The certificate of Main (plain|ll) ${said}`));
  for (const times of [0, 1]) {
    await line.locator('summary').click();
    await expect(detail).toHaveCount(times);
  }
  await journal.getByRole('button', { name: 'Close the journal' }).click();
}

/** Every tile shows more new pictures than were buffered, and is then on the first site. */
async function expectPlaysOn(): Promise<void> {
  await expectNewPictures(wall.page);
  await expectAllOn(wall.page, 'first');
}

const isTo =
  (site: 'main' | 'backup') =>
  ({ to }: Change): boolean =>
    to.endsWith(`-${site}/main`);

/** The sites' marks in the pixels show that every tile began and ended on the first site, and moved on both. */
function expectThereAndBack(looks: readonly TileLooks[]): void {
  for (const { tile, looks: seen } of looks) {
    const marks = seen.map(({ mark }) => siteOfMark(mark));
    expect(marks, `marks seen in tile ${tile}`).not.toContain(null);
    expect(marks[0], `first mark seen in tile ${tile}`).toBe('first');
    expect(marks.at(-1), `last mark seen in tile ${tile}`).toBe('first');
    const away = seen.filter(({ fresh }, index) => fresh && marks[index] === 'second');
    expect(away.length, `new pictures of the second site in tile ${tile}`).toBeGreaterThan(3);
  }
}
