import { expect } from '@playwright/test';
import type { Fault } from '../../electron/demo/faults.ts';
import type { Rig } from '../rig/rig.ts';
import type { FieldShape } from './field-shapes.ts';
import type { FieldCamera, FieldWall } from './field-wall.ts';
import { installStampReader, type WithStampReader } from './picture-age.ts';
import { type Outage, TileTrial, WORDS_MS } from './tile-trial.ts';
import { journalSince, POLL_MS } from './wall.ts';

/**
 * A window requests a session's playlist at most 4 times a second (renderer/playback/poll-limit.ts). On a busy machine
 * the polls of two seconds may arrive in one second.
 */
export const MOST_POLLS_PER_S = 2 * 4;
/**
 * A tile without a picture says why after the Reaction Time and 3 s (rule 11); the check itself takes a while.
 * Milliseconds.
 */
const WHY_DARK_MS = 1000 + 3000 + 1000;
/** No video is an alarm once it has lasted 1.5 s; reading the journal takes a while. Milliseconds. */
const DARK_ALARM_MS = 1500 + 1000;
/** Where a tile without a picture shows the reason. */
const DARK_WORDS = '.tile-message .tile-wide';
/** The buffered pictures are shown first. Milliseconds. */
const HELD_MS = 30_000;
/** A watch and two players have one session each at a site, and earlier sessions exist for up to half a minute. */
const MOST_OPEN_SESSIONS = 6;

/** The checks of a wall of unusual streams. */
export class FieldTrial<S extends FieldShape> extends TileTrial<FieldCamera<S>> {
  private readonly rig: Rig;

  constructor({ page, cameras, rig }: FieldWall<S>) {
    super(page, cameras);
    this.rig = rig;
  }

  /** The first site is under a fault for a while. */
  outage(fault: Fault, causesOf: (camera: FieldCamera<S>) => RegExp): Outage<FieldCamera<S>> {
    return {
      fail: () => this.rig.setFault('main', fault),
      restore: () => this.rig.clear('main'),
      causesOf,
    };
  }

  /** Each camera raises exactly this one alarm within the given time; with 0, it must be there already. */
  async alarms(expectedOf: (camera: FieldCamera<S>) => RegExp, withinMs: number): Promise<void> {
    const linesOf = async (): Promise<string[][]> => {
      const alarms = (await journalSince(this.page, '')).filter(({ kind }) => kind === 'alarm');
      return this.cameras.map(({ id }) =>
        alarms.filter(({ camera }) => camera === id).map((entry) => this.words(entry)),
      );
    };
    const isReported = async (): Promise<boolean> => (await linesOf()).every(({ length }) => length > 0);
    // Playwright takes 0 for no time limit.
    if (withinMs > 0)
      await expect
        .poll(isReported, { timeout: withinMs, intervals: [POLL_MS] })
        .toBe(true)
        .catch(() => {});
    const lines = await linesOf();
    for (const [index, camera] of this.cameras.entries())
      this.same(camera, 'alarms', lines[index] ?? [], [expect.stringMatching(expectedOf(camera))]);
  }

  /** The first site stops, and there is no other: the last picture is held, and the tile says why. */
  async without(wordsOf: (camera: FieldCamera<S>) => string): Promise<void> {
    const when = 'nothing to show';
    await this.rig.setFault('main', 'stop');
    await this.expectTiles(when, () => '[data-phase="holding"][data-live="false"]', HELD_MS);
    await this.expectWords(when, '.tile-state-words', wordsOf);
  }

  /**
   * A window that was just opened has nothing to show: each tile soon says why, and there is an alarm. The first
   * message may be about one site only; the message about all sites comes in time.
   */
  async dark(wordsOf: (camera: FieldCamera<S>) => string): Promise<void> {
    const when = 'nothing to show from the start';
    await this.page.locator('[data-tile]').first().waitFor();
    const untilMs = Date.now() + WHY_DARK_MS + WORDS_MS;
    await this.expectSomeWords(when, DARK_WORDS, /^No picture yet: /, WHY_DARK_MS);
    await this.expectWords(when, DARK_WORDS, wordsOf, untilMs - Date.now());
    await this.alarms(() => /^no-video/, DARK_ALARM_MS);
  }

  /** The details of every tile contain this message about the other site. */
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

  /** The size of the shown picture by camera, as `640x360`. */
  async pictureSizes(): Promise<ReadonlyMap<string, string>> {
    await installStampReader(this.page);
    const sizes = await this.page.evaluate(() => {
      const { stampReader } = window as unknown as WithStampReader;
      return [...document.querySelectorAll('[data-tile]')].map((tile): [string, string] => {
        const { videoWidth = 0, videoHeight = 0 } = stampReader.topmost(tile) ?? {};
        return [tile.getAttribute('data-camera') ?? '', `${videoWidth}x${videoHeight}`];
      });
    });
    return new Map(sizes);
  }

  /** The pictures of these cameras, and of no others, have another size than before. */
  async resized(
    before: ReadonlyMap<string, string>,
    isExpected: (camera: FieldCamera<S>) => boolean,
  ): Promise<void> {
    const now = await this.pictureSizes();
    for (const camera of this.cameras) {
      const [was, is] = [before.get(camera.id), now.get(camera.id)];
      if ((was !== is) !== isExpected(camera))
        this.note(camera.name, `pictures of ${was}, and then of ${is}`);
    }
  }

  /** No playlist was ever requested more often than the limit. */
  async requests(): Promise<void> {
    for (const { id, mostPollsPerS } of await this.rig.stats())
      this.atMost(
        `polls of a playlist at ${id}, a second`,
        (camera) => mostPollsPerS[camera.id] ?? 0,
        () => MOST_POLLS_PER_S,
      );
  }

  /** The site got no request for this long without interruption, for each camera. */
  async rested(siteId: string, leastMs: number): Promise<void> {
    const site = (await this.rig.stats()).find(({ id }) => id === siteId);
    for (const camera of this.cameras) {
      const restMs = site?.longestRestMs[camera.id] ?? 0;
      if (restMs < leastMs)
        this.note(camera.name, `left ${siteId} alone for ${restMs} ms, at least ${leastMs}`);
    }
  }

  /** No server has more sessions than a tile needs. */
  async sessions(): Promise<void> {
    for (const { id, sessions } of await this.rig.stats())
      this.atMost(
        `open sessions at ${id}`,
        (camera) => sessions[camera.id]?.open ?? 0,
        () => MOST_OPEN_SESSIONS,
      );
  }
}
