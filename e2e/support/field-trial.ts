import { setTimeout as pause } from 'node:timers/promises';
import { expect, type Page } from '@playwright/test';
import type { Fault } from '../../electron/demo/faults.ts';
import type { JournalEntry } from '../../shared/journal-entry.ts';
import type { RigSiteStats } from '../rig/rig-protocol.ts';
import { type FieldShape, NOTHING_ODD } from './field-shapes.ts';
import type { FieldCamera, FieldWall } from './field-wall.ts';
import { longestUnchangedMs, startLooking, stopLooking } from './picture-sampler.ts';
import { oldestWhileLiveMs, startWatchingTiles, stopWatchingTiles, type TileMoment } from './tile-watch.ts';
import { expectNewPictures, journalSince, POLL_MS } from './wall.ts';

/** How long a start may take on a busy machine. Milliseconds. */
const START_MS = 40_000;
/** A failback's spread is 5 s, and before it come the stable time and a player's start. Milliseconds. */
const RETURN_MS = 40_000;
/** A picture comes each 67 ms; looks are some 100 ms apart, and more on a busy machine. Milliseconds. */
const LONGEST_STILL_MS = 1000;
/** After a standstill a player begins anew. Milliseconds. */
const RESUME_MS = 15_000;
/** So often a watch asks for a playlist at most, a second; a player that starts asks for it too, and the next one with it. */
const MOST_POLLS_PER_S = 4 + 2;
/** A tile without a picture says why after the Reaction Time and 3 s (rule 11), and a look at it takes a while. Milliseconds. */
const WHY_DARK_MS = 1000 + 3000 + 1000;
/** A watch and two players have a session each at a site, and those of before live on for up to half a minute. */
const MOST_OPEN_SESSIONS = 6;

const shown = (rank: number): string => `[data-phase="showing"][data-live="true"][data-rank="${rank}"]`;
/** The first site, with a standby where there is one. */
const ready = ({ standby }: FieldShape): string => `${shown(0)}[data-redundancy="${standby}"]`;

/**
 * What the tiles of a wall of odd streams go through. Nothing ends it: all that is not as it should be is noted in words, so
 * that one shape's trouble does not hide another's.
 */
export class FieldTrial<S extends FieldShape> {
  readonly problems: string[] = [];
  readonly #wall: FieldWall<S>;

  constructor(wall: FieldWall<S>) {
    this.#wall = wall;
  }

  /** Every tile shows the first site, with a standby where it has one. */
  async begin(): Promise<void> {
    await this.#expectTiles('at the start', ready, START_MS);
  }

  /** Each camera has told this one alarm, and no other line of an alarm, in so long at most. */
  async alarms(expectedOf: (shape: S) => RegExp, withinMs: number): Promise<void> {
    const linesOf = async (): Promise<string[][]> => {
      const alarms = (await journalSince(this.#page, '')).filter(({ kind }) => kind === 'alarm');
      return this.#cameras.map(({ id }) =>
        alarms.filter(({ camera }) => camera === id).map((entry) => this.#words(entry)),
      );
    };
    await expect
      .poll(async () => (await linesOf()).every(({ length }) => length > 0), {
        timeout: withinMs,
        intervals: [POLL_MS],
      })
      .toBe(true)
      .catch(() => {});
    const lines = await linesOf();
    for (const [index, camera] of this.#cameras.entries())
      this.#same(camera, 'alarms', lines[index] ?? [], [expect.stringMatching(expectedOf(camera.shape))]);
  }

  /** Nothing is told, and every picture moves and is as young as its tile says. */
  async peace(durationMs: number): Promise<void> {
    await this.calm('in peace', () => pause(durationMs), LONGEST_STILL_MS);
  }

  /**
   * Nothing is told, and LIVE is true, while `act` runs and until there are new pictures.
   * @param longestStillMs without it the pictures may stand still, if they do not say LIVE
   */
  async calm(when: string, act: () => Promise<void>, longestStillMs?: number): Promise<void> {
    const since = new Date().toISOString();
    await startWatchingTiles(this.#page);
    await startLooking(this.#page);
    await act();
    if (longestStillMs === undefined) {
      await expectNewPictures(this.#page).catch(() => this.#note(when, 'some tile gives no new pictures'));
      await this.#expectTiles(`${when}, after it`, ready, RESUME_MS);
    }
    const looks = await stopLooking(this.#page);
    const moments = await stopWatchingTiles(this.#page);
    // The same stream by a new player is no change of site.
    for (const entry of await journalSince(this.#page, since))
      if (entry.kind !== 'change' || entry.cause !== 'renewed') this.#tell(when, entry);
    const seenOf = ({ id }: FieldCamera<S>): readonly TileMoment[] => moments.get(id) ?? [];
    this.#atMost(
      `${when}: age of a LIVE picture, ms`,
      (camera) => oldestWhileLiveMs(seenOf(camera)) ?? 0,
      ({ oldestMs }) => oldestMs,
    );
    if (longestStillMs === undefined) return;
    this.#atMost(
      `${when}: longest still picture, ms`,
      (camera) => {
        const tile = this.#cameras.indexOf(camera) + 1;
        return longestUnchangedMs(looks.find((one) => one.tile === tile)?.looks ?? []).unchangedMs;
      },
      () => longestStillMs,
    );
    this.#atMost(
      `${when}: moments without LIVE`,
      (camera) => seenOf(camera).filter(({ live }) => !live).length,
      () => 0,
    );
  }

  /** The first site fails, and the second takes over; then the first is well again, and returned to. */
  async overAndBack(when: string, fault: Fault, causesOf: (shape: S) => RegExp): Promise<void> {
    const since = new Date().toISOString();
    await this.#wall.rig.setFault('main', fault);
    await this.#expectTiles(when, () => shown(1), RETURN_MS);
    await this.#judgeChanges(`${when}: over`, since, 'backup', causesOf);
    const sinceBack = new Date().toISOString();
    await this.#wall.rig.clear('main');
    await this.#expectTiles(`after ${when}`, ready, RETURN_MS);
    await this.#judgeChanges(`${when}: back`, sinceBack, 'main', () => /^failback$/);
  }

  /** The first site stops, and there is no other: the last picture is held, and it is said why. */
  async without(wordsOf: (shape: S) => string): Promise<void> {
    const when = 'nothing to show';
    await this.#wall.rig.setFault('main', 'stop');
    await this.#expectTiles(when, () => '[data-phase="holding"][data-live="false"]', RETURN_MS);
    await this.#expectWords(when, '.tile-state-words', wordsOf);
  }

  /** A window that was just opened and has nothing to show: it says why, soon, and there is an alarm. */
  async dark(wordsOf: (shape: S) => string): Promise<void> {
    const when = 'nothing to show from the start';
    await this.#page.locator('[data-tile]').first().waitFor();
    await pause(WHY_DARK_MS);
    await this.#expectWords(when, '.tile-message .tile-wide', wordsOf);
    await this.alarms(() => /^no-video/, 0);
  }

  /** The details of every tile say this of the second site. */
  async details(wordsOf: (shape: S) => string): Promise<void> {
    for (const camera of this.#cameras) {
      await this.#page
        .locator(`[data-camera="${camera.id}"]`)
        .getByRole('button', { name: /^Details of camera/ })
        .click();
      const backup = this.#page.locator('.details-streams li').filter({ hasText: 'Backup' });
      const words = (await backup.innerText()).replaceAll('\n', ' ');
      this.#includes(camera, 'details', words, wordsOf(camera.shape));
      await this.#page.keyboard.press('Escape');
    }
  }

  /** No playlist was ever asked for more often than a tile has reason to. */
  async requests(): Promise<void> {
    for (const { id, mostPollsPerS } of await this.#wall.rig.stats())
      this.#atMost(
        `polls of a playlist at ${id}, a second`,
        (camera) => mostPollsPerS[camera.id] ?? 0,
        () => MOST_POLLS_PER_S,
      );
  }

  /** A site was asked for no more than this of each camera since then. */
  async requestsSince(before: readonly RigSiteStats[], siteId: string, most: number): Promise<void> {
    const countOf = (stats: readonly RigSiteStats[], camera: string): number =>
      Object.values(stats.find(({ id }) => id === siteId)?.requests[camera] ?? {}).reduce((a, b) => a + b, 0);
    const now = await this.#wall.rig.stats();
    for (const camera of this.#cameras) {
      const asked = countOf(now, camera.id) - countOf(before, camera.id);
      if (asked > most) this.#note(camera.shape.name, `asked ${siteId} ${asked} times, at most ${most}`);
    }
  }

  /** No server keeps more sessions than a tile has reason to have. */
  async sessions(): Promise<void> {
    for (const { id, sessions } of await this.#wall.rig.stats())
      this.#atMost(
        `open sessions at ${id}`,
        (camera) => sessions[camera.id]?.open ?? 0,
        () => MOST_OPEN_SESSIONS,
      );
  }

  get #page(): Page {
    return this.#wall.page;
  }

  get #cameras(): readonly FieldCamera<S>[] {
    return this.#wall.cameras;
  }

  async #judgeChanges(
    when: string,
    since: string,
    site: 'main' | 'backup',
    causesOf: (shape: S) => RegExp,
  ): Promise<void> {
    const entries = await journalSince(this.#page, since);
    const changes = entries.filter((entry) => entry.kind === 'change');
    for (const camera of this.#cameras) {
      const own = changes.filter((change) => change.camera === camera.id);
      const words = own.map(({ to, cause }) => `to ${to.replace(/\/.*/, '')}, ${cause}`);
      const { source } = causesOf(camera.shape);
      const expected = expect.stringMatching(new RegExp(`^to ${site}, (${source.replace(/^\^|\$$/g, '')})$`));
      this.#same(camera, when, words, [expected]);
    }
    this.#atMost(
      `${when}: gap, ms`,
      ({ id }) =>
        Math.max(0, ...changes.filter(({ camera }) => camera === id).map(({ gapMs }) => gapMs ?? 0)),
      ({ longestGapMs }) => longestGapMs,
    );
  }

  async #expectTiles(when: string, selectorOf: (shape: S) => string, timeoutMs: number): Promise<void> {
    for (const name of await this.#wall.until(selectorOf, timeoutMs))
      this.problems.push(`${name}: ${when}: not as expected in ${timeoutMs / 1000} s`);
  }

  async #expectWords(when: string, selector: string, wordsOf: (shape: S) => string): Promise<void> {
    for (const camera of this.#cameras) {
      const place = this.#page.locator(`[data-camera="${camera.id}"] ${selector}`);
      const words = (await place.allTextContents()).join(' ');
      this.#includes(camera, `${when}: words`, words, wordsOf(camera.shape));
    }
  }

  #same(camera: FieldCamera<S>, what: string, found: readonly string[], expected: readonly unknown[]): void {
    try {
      expect(found).toEqual(expected);
    } catch {
      this.problems.push(`${camera.shape.name}: ${what}: ${found.join('; ') || 'nothing'}`);
    }
  }

  #includes(camera: FieldCamera<S>, what: string, found: string, expected: string): void {
    if (!found.includes(expected))
      this.problems.push(`${camera.shape.name}: ${what}: "${found}" instead of "${expected}"`);
  }

  /** No tile has more of something than its shape allows, or than twice what this machine does to a tile with nothing odd. */
  #atMost(what: string, foundOf: (camera: FieldCamera<S>) => number, mostOf: (shape: S) => number): void {
    const control = this.#cameras.find(({ shape }) => shape.name === NOTHING_ODD);
    const byMachine = control === undefined ? 0 : 2 * foundOf(control);
    const values = this.#cameras.map(foundOf);
    console.log(`    ${what}: ${values.map(Math.round).join(' ')}`);
    for (const [index, camera] of this.#cameras.entries()) {
      const value = values[index] ?? 0;
      const most = Math.max(mostOf(camera.shape), byMachine);
      if (value > most)
        this.problems.push(`${camera.shape.name}: ${what}: ${Math.round(value)}, at most ${most}`);
    }
  }

  #note(when: string, words: string): void {
    this.problems.push(`${when}: ${words}`);
  }

  #tell(when: string, entry: JournalEntry): void {
    const name = this.#cameras.find(({ id }) => id === entry.camera)?.shape.name ?? 'the window';
    this.problems.push(`${name}: ${when}: ${this.#words(entry)}`);
  }

  /** A journal's line in a few words. */
  #words(entry: JournalEntry): string {
    switch (entry.kind) {
      case 'change':
        return `${entry.from} to ${entry.to}, ${entry.cause}`;
      case 'alarm':
        return `${entry.alarm}${entry.cause === null ? '' : ` ${entry.cause}`}`;
      case 'acknowledged':
        return `${entry.alarm} acknowledged`;
    }
  }
}
