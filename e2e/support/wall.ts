import { expect, type Locator, type Page } from '@playwright/test';
import type { BridgeTransport } from '../../shared/bridge.ts';
import type { DemoFault } from '../../shared/demo.ts';
import type { Diagnostics } from '../../shared/diagnostics.ts';
import { type JournalEntry, journalEntrySchema } from '../../shared/journal/journal-entry.ts';
import type { PageContext } from './page-context.ts';

/**
 * Playwright's own poll interval grows up to a second, and most of a suite of changes and returns would be such waits.
 */
export const POLL_MS = 100;

/** Correct causes of a tile that gets too little from a site, or on a machine that is too busy to play it. */
export const OVERLOAD = /^(too-slow|timeout|picture-stall)$/;

/** More pictures than a tile has buffered: 5 s at 15 a second. */
const FRAMES_ON_THE_WAY = 75;

export type Change = Extract<JournalEntry, { kind: 'change' }>;

/** Presses the demo bar's button as a person would. */
export async function setDemoFault(page: Page, siteId: string, fault: DemoFault): Promise<void> {
  await page.locator(`[data-demo-site="${siteId}"] button[data-fault="${fault}"]`).click();
}

/** Chooses another view as a person would. */
export async function chooseView(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Choose another' }).click();
  await page.getByRole('menuitemradio', { name }).click();
}

/** Waits until every tile plays, from `siteId` if it is given. */
export async function expectWallOn(
  page: Page,
  tiles: number,
  siteId?: string,
  timeout = 60_000,
): Promise<void> {
  await expectTiles(page, tiles, playing(siteId), timeout);
}

/** The same, with a standby in every tile at the same moment: then a fault may begin. */
export async function expectRedundancy(
  page: Page,
  tiles: number,
  siteId?: string,
  timeout = 60_000,
): Promise<void> {
  await expectTiles(page, tiles, `${playing(siteId)}[data-redundancy="ok"]`, timeout);
}

function playing(siteId?: string): string {
  const site = siteId === undefined ? '' : `[data-site="${siteId}"]`;
  return `[data-phase="showing"][data-live="true"]${site}`;
}

/**
 * Waits until this number of tiles match the selector.
 * @param timeout ms
 */
export async function expectTiles(
  page: Page,
  tiles: number,
  selector: string,
  timeout: number,
): Promise<void> {
  const matching = page.locator(`[data-tile]${selector}`);
  await expect(async () => {
    expect(await matching.count(), `tiles with ${selector}`).toBe(tiles);
  }).toPass({ timeout, intervals: [POLL_MS] });
}

/**
 * Acknowledges the alarms of a busy start, until none needs attention. An alarm that comes and goes stays listed as
 * acknowledged for minutes.
 */
export async function quietAlarms(page: Page): Promise<void> {
  const panel = page.getByRole('dialog', { name: 'Alarms' });
  // What Playwright sends when a person presses a key with nothing focused.
  const toggle = (): Promise<void> => page.locator('body').press('a');
  await expect(async () => {
    await toggle();
    const all = panel.getByRole('button', { name: 'Acknowledge all', exact: true });
    if (await all.isVisible()) await all.click();
    await toggle();
    await expect(alarmButton(page).filter({ hasText: 'alarm' })).toHaveCount(0, { timeout: 2000 });
  }).toPass({ timeout: 60_000 });
}

/** "9 alarms", or acknowledged ones that continue; absent without either. */
export function alarmButton(page: Page): Locator {
  return page.getByRole('button', { name: /^\d+ (alarms?|acknowledged)$/ });
}

/** The present measurements of the tiles, in the order of their cells. */
export function diagnosticsOf(page: Page): Promise<Diagnostics> {
  return page.evaluate(() =>
    (window as unknown as { holdfastDiagnostics(): Diagnostics }).holdfastDiagnostics(),
  );
}

/** Waits until every tile has shown this number of new pictures; by default, more than were buffered. */
export async function expectNewPictures(page: Page, pictures = FRAMES_ON_THE_WAY + 1): Promise<void> {
  const framesOfTiles = async (): Promise<number[]> =>
    (await diagnosticsOf(page)).tiles.map(({ frames }) => frames);
  const before = await framesOfTiles();
  await expect
    .poll(
      async () => {
        const now = await framesOfTiles();
        return Math.min(...now.map((frames, index) => frames - (before[index] ?? 0)));
      },
      { message: 'new pictures of every tile', timeout: 60_000, intervals: [POLL_MS] },
    )
    .toBeGreaterThanOrEqual(pictures);
}

/** Journal entries at or after `sinceIso`, oldest first. */
export async function journalSince(page: PageContext, sinceIso: string): Promise<JournalEntry[]> {
  const answer = await page.evaluate(async () => {
    const { holdfast } = window as unknown as { holdfast: BridgeTransport };
    return holdfast.request('journal.recent', { limit: 1000 });
  });
  return journalEntrySchema
    .array()
    .parse(answer)
    .filter(({ time }) => time >= sinceIso)
    .reverse();
}

/** Waits until the journal has a `wanted` change of every tile, and returns the latest for each tile. */
export async function changesOfAllTiles(
  page: Page,
  tiles: number,
  sinceIso: string,
  wanted: (change: Change) => boolean,
): Promise<Map<number, Change>> {
  let found = new Map<number, Change>();
  await expect
    .poll(
      async () => {
        const entries = await journalSince(page, sinceIso);
        const changes = entries.filter((entry): entry is Change => entry.kind === 'change' && wanted(entry));
        found = new Map(changes.map((change) => [change.tile, change]));
        return found.size;
      },
      { message: 'tiles with that change in the journal', timeout: 20_000, intervals: [POLL_MS] },
    )
    .toBe(tiles);
  return found;
}
