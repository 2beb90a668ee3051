import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { launchHoldfast, type RunningHoldfast } from './support/launch.ts';
import { alarmButton, expectWallOn, journalSince, quietAlarms, setDemoFault } from './support/wall.ts';

/** Alarms stay until somebody has acknowledged them, and the journal has every entry. */

const TILES = 9;

test.describe.configure({ mode: 'serial', lock: '-exclusive-' });

let userDataDir: string;
let holdfast: RunningHoldfast;

/** Exports go to the user's folder for downloads: here one of the test's own. */
const launch = (): Promise<RunningHoldfast> =>
  launchHoldfast({ userDataDir, env: { HOME: userDataDir, XDG_CONFIG_HOME: userDataDir } });

test.beforeAll(async () => {
  userDataDir = await mkdtemp(path.join(tmpdir(), 'holdfast-alarms-e2e-'));
  holdfast = await launch();
  await expectWallOn(holdfast.page, TILES, 'main');
});

test.afterAll(async () => {
  await holdfast?.close();
  await rm(userDataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

const panel = (page: Page) => page.getByRole('dialog', { name: 'Alarms' });
const marks = (page: Page) => page.locator('.tile-alarm');

/** "9 lines in /home/anna/Downloads/….csv". */
const fileOf = (outcome: string): string => outcome.replace(/^\d+ lines? in /, '');

/** As Playwright has it when a person presses a key with nothing focused. */
const press = (page: Page, key: string): Promise<void> => page.locator('body').press(key);

test('all is quiet while all is well', async () => {
  const { page } = holdfast;
  await quietAlarms(page);
  await expect(alarmButton(page)).toHaveCount(0);
  await expect(marks(page)).toHaveCount(0);
  await press(page, 'a');
  await expect(panel(page).getByText('No alarms.')).toBeVisible();
  await press(page, 'a');
  await expect(panel(page)).toHaveCount(0);
});

test('a site that stops raises alarms, one line each, not one for every tile', async () => {
  const { page } = holdfast;
  await setDemoFault(page, 'main', 'stop');
  await expectWallOn(page, TILES, 'backup', 60_000);
  await expect(alarmButton(page)).toHaveText(`${2 * TILES} alarms`);
  await expect(marks(page)).toHaveCount(TILES);
  await alarmButton(page).click();
  const lines = panel(page).locator('.alarm-line');
  await expect(lines).toHaveCount(2);
  await expect(lines.filter({ hasText: `${TILES} cameras: changed over to Backup` })).toContainText(
    /Main (refused|dropped) the connection/,
  );
  await expect(lines.filter({ hasText: `${TILES} cameras: no redundancy` })).toHaveCount(1);
  await lines.filter({ hasText: 'changed over' }).getByRole('button', { expanded: false }).click();
  await expect(lines).toHaveCount(2 + TILES);
  await lines
    .filter({ hasText: /Camera \d+ Main gate/i })
    .locator('.alarm-words')
    .click();
  await expect(page.locator('[data-tile][aria-selected="true"]')).toHaveAttribute('data-camera', /gate/);
});

test('they stay when the pictures are back on the first site, and say so', async () => {
  const { page } = holdfast;
  await setDemoFault(page, 'main', 'none');
  await expectWallOn(page, TILES, 'main', 60_000);
  await expect(marks(page)).toHaveCount(TILES);
  await expect(marks(page).first()).toContainText(/changed over and back \d\d:\d\d:\d\d/);
  await expect(panel(page).locator('.alarm-line').filter({ hasText: 'back on Main' }).first()).toContainText(
    'changed over and back',
  );
});

test('they survive a reload of the window and a restart of the host', async () => {
  const since = new Date().toISOString();
  await holdfast.page.reload();
  await expectWallOn(holdfast.page, TILES, 'main', 60_000);
  await expect(alarmButton(holdfast.page)).toHaveText(`${2 * TILES} alarms`);
  await holdfast.close();
  holdfast = await launch();
  const { page } = holdfast;
  await expectWallOn(page, TILES, 'main', 60_000);
  await expect(alarmButton(page)).toHaveText(`${2 * TILES} alarms`);
  await expect(marks(page)).toHaveCount(TILES);
  const told = (await journalSince(page, since)).filter(({ kind }) => kind === 'alarm');
  expect(told, 'alarms of a window that only came again').toEqual([]);
});

test('a key acknowledges those of the selected tile, a button the rest, and all is quiet again', async () => {
  const { page } = holdfast;
  const since = new Date().toISOString();
  await page.locator('[data-tile="5"]').click();
  await page.locator('[data-tile="5"]').press('k');
  await expect(page.locator('[data-tile="5"] .tile-alarm')).toHaveCount(0);
  await expect(alarmButton(page)).toHaveText(`${2 * (TILES - 1)} alarms`);
  await press(page, 'a');
  await panel(page).getByRole('button', { name: 'Acknowledge all' }).click();
  await expect(panel(page).getByText('No alarms.')).toBeVisible();
  await expect(alarmButton(page)).toHaveCount(0);
  await expect(marks(page)).toHaveCount(0);
  await expect
    .poll(async () => (await journalSince(page, since)).filter(({ kind }) => kind === 'acknowledged').length)
    .toBe(2 * TILES);
  await press(page, 'a');
});

test('the journal finds by camera, site, kind and cause, and exports what it finds', async () => {
  const { page } = holdfast;
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('menuitem', { name: 'Journal' }).click();
  const journal = page.getByRole('dialog', { name: 'Journal' });
  const lines = journal.locator('.journal-line');
  const all = await journalSince(page, '');
  const failbacks = all.filter((entry) => entry.kind === 'change' && entry.cause === 'failback');
  const ofFirst = failbacks.filter(({ camera }) => camera === failbacks[0]?.camera);
  expect(ofFirst.length, 'failbacks of one camera').toBeGreaterThan(0);
  await journal.getByRole('combobox', { name: 'Kind' }).selectOption('Acknowledgements');
  await expect(lines).toHaveCount(all.filter(({ kind }) => kind === 'acknowledged').length);
  await journal.getByRole('combobox', { name: 'Kind' }).selectOption('Changes');
  await journal.getByRole('combobox', { name: 'Cause' }).selectOption('failback');
  await expect(lines).toHaveCount(failbacks.length);
  await journal.getByRole('combobox', { name: 'Camera' }).selectOption(ofFirst[0]?.camera ?? '');
  await expect(lines).toHaveCount(ofFirst.length);
  await journal.getByRole('button', { name: 'Export CSV' }).click();
  const outcome = journal.locator('.journal-export output');
  await expect(outcome).toContainText('.csv');
  const csv = await readFile(fileOf(await outcome.innerText()), 'utf8');
  expect(csv, 'what a spreadsheet takes for UTF-8').toMatch(/^\uFEFFtime,/);
  expect(csv.trimEnd().split('\r\n')).toHaveLength(1 + ofFirst.length);
  expect(csv).toContain(',failback,');
  await journal.getByRole('button', { name: 'Export JSON' }).click();
  await expect(outcome).toContainText('.json');
  const json = await readFile(fileOf(await outcome.innerText()), 'utf8');
  expect(JSON.parse(json)).toEqual(ofFirst);
});

test('a full disk is reported in the window, and costs neither an entry nor a picture', async () => {
  test.info().skip(process.platform !== 'linux', 'needs /dev/full, the kernel’s own full disk');
  const full = await mkdtemp(path.join(tmpdir(), 'holdfast-full-e2e-'));
  await mkdir(path.join(full, 'journal'));
  const file = path.join(full, 'journal', 'journal-00000001.jsonl');
  await symlink('/dev/full', file);
  const other = await launchHoldfast({ userDataDir: full });
  try {
    await expectWallOn(other.page, TILES, 'main');
    const notice = other.page.getByText('The journal cannot be written: the disk is full.');
    await expect(notice).toContainText(/\d+ lines? (is|are) kept in memory/);
    await expectWallOn(other.page, TILES);
    await rm(file);
    await expect(notice).toHaveCount(0);
    const written = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const starts = written.filter((line) => JSON.parse(line).cause === 'start');
    expect(starts, 'the first lines, from before it could be written').toHaveLength(TILES);
  } finally {
    await other.close();
    await rm(full, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
