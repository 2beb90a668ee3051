import { setTimeout as pause } from 'node:timers/promises';
import { expect, type Page } from '@playwright/test';
import type { JournalEntry } from '../../shared/journal/journal-entry.ts';
import { longestUnchangedMs, startLooking, stopLooking } from './screen-sampler.ts';
import { oldestWhileLiveMs, startWatchingTiles, stopWatchingTiles, type TileMoment } from './tile-watch.ts';
import { expectNewPictures, journalSince, POLL_MS } from './wall.ts';

/** A tile's camera with two sites. */
export interface TrialCamera {
  readonly id: string;
  readonly name: string;
  /** Time into the clip at which it began (the rig's cameras), ms. */
  readonly phaseMs: number;
  /** In order of priority. */
  readonly sites: readonly [first: string, second: string];
  /** Age limit of a picture called LIVE, ms; `null` where its age cannot be read. */
  readonly oldestMs: number | null;
  /** Longest time without a new picture around a change of site, ms. */
  readonly longestGapMs: number;
  /** Whether the other site can take over. */
  readonly standby: 'ok' | 'none';
}

export interface Outage<C extends TrialCamera> {
  /** Makes the first site fail, for all cameras. */
  fail(): Promise<unknown>;
  restore(): Promise<unknown>;
  /** The expected causes of leaving it. */
  causesOf(camera: C): RegExp;
}

/** The name of a camera without anything unusual: it shows the effect of this machine on all tiles. */
export const NOTHING_ODD = 'nothing odd';

/** Time limit of a start on a busy machine. Milliseconds. */
const START_MS = 40_000;
/** Time limit of a failback: its spread is 5 s, after the stable time and a player's start. Milliseconds. */
const RETURN_MS = 40_000;
/**
 * Longest time without a new picture. Pictures come every 67 ms and samples every 100 ms or so, more rarely on a busy
 * machine. Milliseconds.
 */
const LONGEST_STILL_MS = 1000;
/** Longest time without a new picture that is excused when this machine affects all tiles. Milliseconds. */
const MOST_STILL_BY_MACHINE_MS = 1500;
/** Time limit for new pictures after a standstill, when players start again. Milliseconds. */
const RESUME_MS = 15_000;

/** Time limit for complete messages: sites fail one after the other, and messages are drawn together. Milliseconds. */
export const WORDS_MS = 5000;
/** Time limit for a journal entry, which is written when the pictures around a change are counted. Milliseconds. */
const ENTRY_MS = 10_000;

/** The site in a stream's id. */
const siteOf = (stream: string): string => stream.replace(/\/.*/, '');
const shown = (rank: number): string => `[data-phase="showing"][data-live="true"][data-rank="${rank}"]`;
/** The first site, with a standby if there is one. */
const ready = ({ standby }: TrialCamera): string => `${shown(0)}[data-redundancy="${standby}"]`;

/**
 * The checks of a wall's tiles. No failed check ends the trial: each becomes a problem in words, so that one camera's
 * problem does not hide another's.
 */
export class TileTrial<C extends TrialCamera> {
  readonly problems: string[] = [];
  protected readonly page: Page;
  protected readonly cameras: readonly C[];

  /** @param cameras in the order of their tiles */
  constructor(page: Page, cameras: readonly C[]) {
    this.page = page;
    this.cameras = cameras;
  }

  /** Every tile shows the first site, with a standby if it has one. */
  async begin(): Promise<void> {
    await this.expectTiles('at the start', ready, START_MS);
  }

  /** No alarm is raised, every picture moves, and its age fits what the tile says. */
  async peace(durationMs: number): Promise<void> {
    await this.calm('in peace', () => pause(durationMs), LONGEST_STILL_MS);
  }

  /**
   * While `act` runs, and until new pictures come, the journal gets no entry and LIVE is true.
   * @param longestStillMs without it the pictures may stop, if the tiles do not say LIVE
   */
  async calm(when: string, act: () => Promise<void>, longestStillMs?: number): Promise<void> {
    const since = new Date().toISOString();
    await startWatchingTiles(this.page);
    await startLooking(this.page);
    await act();
    if (longestStillMs === undefined) {
      await expectNewPictures(this.page).catch(() => this.note(when, 'some tile gives no new pictures'));
      await this.expectTiles(`${when}, after it`, ready, RESUME_MS);
    }
    const looks = await stopLooking(this.page);
    const moments = await stopWatchingTiles(this.page);
    // A new player for the same stream is no change of site.
    for (const entry of await journalSince(this.page, since))
      if (entry.kind !== 'change' || entry.cause !== 'renewed') this.tell(when, entry);
    const seenOf = ({ id }: C): readonly TileMoment[] => moments.get(id) ?? [];
    this.atMost(
      `${when}: age of a LIVE picture, ms`,
      (camera) => oldestWhileLiveMs(seenOf(camera), camera.phaseMs),
      ({ oldestMs }) => oldestMs,
    );
    if (longestStillMs === undefined) return;
    this.atMost(
      `${when}: longest still picture, ms`,
      (camera) => {
        const tile = this.cameras.indexOf(camera) + 1;
        return longestUnchangedMs(looks.find((one) => one.tile === tile)?.looks ?? []).unchangedMs;
      },
      () => longestStillMs,
      MOST_STILL_BY_MACHINE_MS,
    );
    this.atMost(
      `${when}: moments without LIVE`,
      (camera) => seenOf(camera).filter(({ live }) => !live).length,
      () => 0,
    );
  }

  /**
   * The first site fails for a moment; a tile may leave it or not. No picture is missing for long, and in the end each
   * tile shows the first site with a standby.
   */
  async survives(when: string, act: () => Promise<void>): Promise<void> {
    const since = new Date().toISOString();
    await act();
    await this.expectTiles(`after ${when}`, ready, RETURN_MS);
    const entries = await journalSince(this.page, since);
    for (const entry of entries)
      if (entry.kind === 'alarm' && /^no-video/.test(entry.alarm)) this.tell(when, entry);
    this.judgeGaps(when, entries);
  }

  /** The first site fails, and the other takes over; then the first recovers, and tiles return to it. */
  async overAndBack(when: string, { fail, restore, causesOf }: Outage<C>): Promise<void> {
    const since = new Date().toISOString();
    await fail();
    await this.expectTiles(when, () => shown(1), RETURN_MS);
    await this.judgeChanges(`${when}: over`, since, 1, causesOf);
    const sinceBack = new Date().toISOString();
    await restore();
    await this.expectTiles(`after ${when}`, ready, RETURN_MS);
    await this.judgeChanges(`${when}: back`, sinceBack, 0, () => /^failback$/);
  }

  private async judgeChanges(
    when: string,
    since: string,
    rank: 0 | 1,
    causesOf: (camera: C) => RegExp,
  ): Promise<void> {
    const entries = await this.journalWithChanges(since, rank);
    const changes = entries.filter((entry) => entry.kind === 'change');
    for (const camera of this.cameras) {
      const own = changes.filter((change) => change.camera === camera.id);
      const words = own.map(({ to, cause }) => `to ${siteOf(to)}, ${cause}`);
      const { source } = causesOf(camera);
      const expected = expect.stringMatching(
        new RegExp(`^to ${camera.sites[rank]}, (${source.replace(/^\^|\$$/g, '')})$`),
      );
      this.same(camera, when, words, [expected]);
    }
    this.judgeGaps(when, entries);
  }

  /** The journal entry of a change comes some time after the change, once its gap is known. */
  private async journalWithChanges(since: string, rank: 0 | 1): Promise<JournalEntry[]> {
    let entries: JournalEntry[] = [];
    const isReported = ({ id, sites }: C): boolean =>
      entries.some(
        (entry) => entry.camera === id && entry.kind === 'change' && siteOf(entry.to) === sites[rank],
      );
    await expect
      .poll(
        async () => {
          entries = await journalSince(this.page, since);
          return this.cameras.every(isReported);
        },
        { timeout: ENTRY_MS, intervals: [POLL_MS] },
      )
      .toBe(true)
      .catch(() => {});
    return entries;
  }

  private judgeGaps(when: string, entries: readonly JournalEntry[]): void {
    const changes = entries.filter((entry) => entry.kind === 'change');
    const gapOf = ({ id }: C): number =>
      Math.max(0, ...changes.filter(({ camera }) => camera === id).map(({ gapMs }) => gapMs ?? 0));
    this.atMost(`${when}: gap, ms`, gapOf, ({ longestGapMs }) => longestGapMs);
  }

  /**
   * Waits until every tile matches its selector, at most until the time limit.
   * @returns the names of tiles that do not match
   */
  private async until(selectorOf: (camera: C) => string, timeoutMs: number): Promise<readonly string[]> {
    let missing: readonly string[] = [];
    await expect
      .poll(
        async () => {
          missing = await this.missing(selectorOf);
          return missing;
        },
        { timeout: timeoutMs, intervals: [POLL_MS] },
      )
      .toEqual([])
      .catch(() => {});
    return missing;
  }

  private async missing(selectorOf: (camera: C) => string): Promise<string[]> {
    const tiles = this.cameras.map((camera) => ({
      name: camera.name,
      selector: `[data-camera="${camera.id}"]${selectorOf(camera)}`,
    }));
    return this.page.evaluate(
      (wanted) =>
        wanted.filter(({ selector }) => document.querySelector(selector) === null).map(({ name }) => name),
      tiles,
    );
  }

  protected async expectTiles(
    when: string,
    selectorOf: (camera: C) => string,
    timeoutMs: number,
  ): Promise<void> {
    for (const name of await this.until(selectorOf, timeoutMs))
      this.note(name, `${when}: not as expected in ${timeoutMs / 1000} s: ${await this.detailsOf(name)}`);
  }

  /** What the tile says about itself and about its streams. */
  private async detailsOf(name: string): Promise<string> {
    const id = this.cameras.find((camera) => camera.name === name)?.id;
    const tile = this.page.locator(`[data-camera="${id}"]`);
    const { phase, live, rank, redundancy } = await tile.evaluate((element: HTMLElement) => ({
      ...element.dataset,
    }));
    await tile.getByRole('button', { name: /^Details of camera/ }).click();
    const streams = await this.page.locator('.details-streams li').allInnerTexts();
    await this.page.keyboard.press('Escape');
    const lines = streams.map((line) => line.replaceAll('\n', ' '));
    return [`${phase}, live ${live}, rank ${rank}, redundancy ${redundancy}`, ...lines].join('; ');
  }

  /** Waits until every tile shows a message of this kind at this place, at most until the time limit. */
  protected async expectSomeWords(
    when: string,
    selector: string,
    kind: RegExp,
    timeoutMs: number,
  ): Promise<void> {
    let silent: readonly string[] = [];
    const look = async (): Promise<readonly string[]> => {
      const words = await Promise.all(this.cameras.map((camera) => this.wordsAt(camera, selector)));
      silent = this.cameras.filter((_, index) => !kind.test(words[index] ?? '')).map(({ name }) => name);
      return silent;
    };
    const awaited = expect.poll(look, { timeout: timeoutMs, intervals: [POLL_MS] });
    await awaited.toEqual([]).catch(() => {});
    for (const name of silent) this.problems.push(`${name}: ${when}: no word in ${timeoutMs / 1000} s`);
  }

  private async wordsAt({ id }: C, selector: string): Promise<string> {
    return (await this.page.locator(`[data-camera="${id}"] ${selector}`).allTextContents()).join(' ');
  }

  protected async expectWords(
    when: string,
    selector: string,
    wordsOf: (camera: C) => string,
    withinMs = WORDS_MS,
  ): Promise<void> {
    const untilMs = Date.now() + withinMs;
    for (const camera of this.cameras) {
      const words = (): Promise<string> => this.wordsAt(camera, selector);
      const timeout = Math.max(POLL_MS, untilMs - Date.now());
      const awaited = expect.poll(words, { timeout, intervals: [POLL_MS] });
      await awaited.toContain(wordsOf(camera)).catch(() => {});
      this.includes(camera, `${when}: words`, await words(), wordsOf(camera));
    }
  }

  protected same(camera: C, what: string, found: readonly string[], expected: readonly unknown[]): void {
    try {
      expect(found).toEqual(expected);
    } catch {
      this.problems.push(`${camera.name}: ${what}: ${found.join('; ') || 'nothing'}`);
    }
  }

  protected includes(camera: C, what: string, found: string, expected: string): void {
    if (!found.includes(expected))
      this.problems.push(`${camera.name}: ${what}: "${found}" instead of "${expected}"`);
  }

  /**
   * No tile has more of something than its limit.
   * @param foundOf `null` where it could not be measured, which is a problem if there is a limit
   * @param mostOf the tile's limit; `null` without one
   * @param mostByMachine limit up to which the others may have twice the amount of the normal tile
   */
  protected atMost(
    what: string,
    foundOf: (camera: C) => number | null,
    mostOf: (camera: C) => number | null,
    mostByMachine = 0,
  ): void {
    const control = this.cameras.find(({ name }) => name === NOTHING_ODD);
    const byMachine = Math.min(mostByMachine, 2 * ((control && foundOf(control)) ?? 0));
    const found = this.cameras.map((camera) => ({ camera, value: foundOf(camera) }));
    console.log(
      `    ${what}: ${found.map(({ value }) => (value === null ? '-' : Math.round(value))).join(' ')}`,
    );
    for (const { camera, value } of found) {
      const own = mostOf(camera);
      if (own === null) continue;
      const most = camera === control ? own : Math.max(own, byMachine);
      if (value === null) this.problems.push(`${camera.name}: ${what}: could not be told`);
      else if (value > most)
        this.problems.push(`${camera.name}: ${what}: ${Math.round(value)}, at most ${most}`);
    }
  }

  protected note(when: string, words: string): void {
    this.problems.push(`${when}: ${words}`);
  }

  private tell(when: string, entry: JournalEntry): void {
    const name = this.cameras.find(({ id }) => id === entry.camera)?.name ?? 'the window';
    this.problems.push(`${name}: ${when}: ${this.words(entry)}`);
  }

  /** A journal entry in a few words. */
  protected words(entry: JournalEntry): string {
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
