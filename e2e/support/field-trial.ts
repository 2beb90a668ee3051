import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@playwright/test';
import type { Fault } from '../../electron/demo/faults.ts';
import type { Rig } from '../rig/rig.ts';
import type { RigSiteStats } from '../rig/rig-protocol.ts';
import type { FieldShape } from './field-shapes.ts';
import type { FieldCamera, FieldWall } from './field-wall.ts';
import { type Outage, TileTrial } from './tile-trial.ts';
import { journalSince, POLL_MS } from './wall.ts';

/** A watch asks for a playlist at most 4 times a second. Each of two players asks twice at its start or return: at once, and for the next. */
export const MOST_POLLS_PER_S = 4 + 2 * 2;
/** A tile without a picture says why after the Reaction Time and 3 s (rule 11), and a look at it takes a while. Milliseconds. */
const WHY_DARK_MS = 1000 + 3000 + 1000;
/** What is buffered is seen first. Milliseconds. */
const HELD_MS = 30_000;
/** A watch and two players have a session each at a site, and those of before live on for up to half a minute. */
const MOST_OPEN_SESSIONS = 6;

/** What the tiles of a wall of odd streams go through. */
export class FieldTrial<S extends FieldShape> extends TileTrial<FieldCamera<S>> {
  readonly #rig: Rig;

  constructor({ page, cameras, rig }: FieldWall<S>) {
    super(page, cameras);
    this.#rig = rig;
  }

  /** The first site is under a fault for a while. */
  outage(fault: Fault, causesOf: (camera: FieldCamera<S>) => RegExp): Outage<FieldCamera<S>> {
    return {
      fail: () => this.#rig.setFault('main', fault),
      restore: () => this.#rig.clear('main'),
      causesOf,
    };
  }

  /** Each camera raises exactly this one alarm within the given time. */
  async alarms(expectedOf: (camera: FieldCamera<S>) => RegExp, withinMs: number): Promise<void> {
    const linesOf = async (): Promise<string[][]> => {
      const alarms = (await journalSince(this.page, '')).filter(({ kind }) => kind === 'alarm');
      return this.cameras.map(({ id }) =>
        alarms.filter(({ camera }) => camera === id).map((entry) => this.words(entry)),
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
    for (const [index, camera] of this.cameras.entries())
      this.same(camera, 'alarms', lines[index] ?? [], [expect.stringMatching(expectedOf(camera))]);
  }

  /** The first site stops, and there is no other: the last picture is held, and it is said why. */
  async without(wordsOf: (camera: FieldCamera<S>) => string): Promise<void> {
    const when = 'nothing to show';
    await this.#rig.setFault('main', 'stop');
    await this.expectTiles(when, () => '[data-phase="holding"][data-live="false"]', HELD_MS);
    await this.expectWords(when, '.tile-state-words', wordsOf);
  }

  /** A window that was just opened and has nothing to show: it says why, soon, and there is an alarm. */
  async dark(wordsOf: (camera: FieldCamera<S>) => string): Promise<void> {
    const when = 'nothing to show from the start';
    await this.page.locator('[data-tile]').first().waitFor();
    await pause(WHY_DARK_MS);
    await this.expectWords(when, '.tile-message .tile-wide', wordsOf);
    await this.alarms(() => /^no-video/, 0);
  }

  /** The details of every tile say this of the second site. */
  async details(wordsOf: (camera: FieldCamera<S>) => string): Promise<void> {
    for (const camera of this.cameras) {
      await this.page
        .locator(`[data-camera="${camera.id}"]`)
        .getByRole('button', { name: /^Details of camera/ })
        .click();
      const backup = this.page.locator('.details-streams li').filter({ hasText: 'Backup' });
      const words = (await backup.innerText()).replaceAll('\n', ' ');
      this.includes(camera, 'details', words, wordsOf(camera));
      await this.page.keyboard.press('Escape');
    }
  }

  /** No playlist was ever asked for more often than a tile has reason to. */
  async requests(): Promise<void> {
    for (const { id, mostPollsPerS } of await this.#rig.stats())
      this.atMost(
        `polls of a playlist at ${id}, a second`,
        (camera) => mostPollsPerS[camera.id] ?? 0,
        () => MOST_POLLS_PER_S,
      );
  }

  /** A site was asked for no more than this of each camera since then. */
  async requestsSince(before: readonly RigSiteStats[], siteId: string, most: number): Promise<void> {
    const countOf = (stats: readonly RigSiteStats[], camera: string): number =>
      Object.values(stats.find(({ id }) => id === siteId)?.requests[camera] ?? {}).reduce((a, b) => a + b, 0);
    const now = await this.#rig.stats();
    for (const camera of this.cameras) {
      const asked = countOf(now, camera.id) - countOf(before, camera.id);
      if (asked > most) this.note(camera.name, `asked ${siteId} ${asked} times, at most ${most}`);
    }
  }

  /** No server keeps more sessions than a tile has reason to have. */
  async sessions(): Promise<void> {
    for (const { id, sessions } of await this.#rig.stats())
      this.atMost(
        `open sessions at ${id}`,
        (camera) => sessions[camera.id]?.open ?? 0,
        () => MOST_OPEN_SESSIONS,
      );
  }
}
