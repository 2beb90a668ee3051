import { expect } from '@playwright/test';
import type { Fault } from '../../electron/demo/faults.ts';
import type { Rig } from '../rig/rig.ts';
import type { FieldShape } from './field-shapes.ts';
import type { FieldCamera, FieldWall } from './field-wall.ts';
import { installStampReader, type WithStampReader } from './picture-age.ts';
import { type Outage, TileTrial, WORDS_MS } from './tile-trial.ts';
import { journalSince, POLL_MS } from './wall.ts';

/**
 * A window asks for a playlist of a session at most 4 times a second, whatever happens (renderer/playback/poll-limit.ts). On a busy
 * machine the polls of two seconds may arrive in one.
 */
export const MOST_POLLS_PER_S = 2 * 4;
/** A tile without a picture says why after the Reaction Time and 3 s (rule 11), and a look at it takes a while. Milliseconds. */
const WHY_DARK_MS = 1000 + 3000 + 1000;
/** No video is an alarm once it has lasted 1.5 s, and a look at the journal takes a while. Milliseconds. */
const DARK_ALARM_MS = 1500 + 1000;
/** Where a tile without a picture says why. */
const DARK_WORDS = '.tile-message .tile-wide';
/** What is buffered is seen first. Milliseconds. */
const HELD_MS = 30_000;
/** A watch and two players have a session each at a site, and those of before live on for up to half a minute. */
const MOST_OPEN_SESSIONS = 6;

/** What the tiles of a wall of odd streams go through. */
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

  /** Each camera raises exactly this one alarm within the given time; by now, if that is 0. */
  async alarms(expectedOf: (camera: FieldCamera<S>) => RegExp, withinMs: number): Promise<void> {
    const linesOf = async (): Promise<string[][]> => {
      const alarms = (await journalSince(this.page, '')).filter(({ kind }) => kind === 'alarm');
      return this.cameras.map(({ id }) =>
        alarms.filter(({ camera }) => camera === id).map((entry) => this.words(entry)),
      );
    };
    const isTold = async (): Promise<boolean> => (await linesOf()).every(({ length }) => length > 0);
    // Playwright takes 0 for no deadline.
    if (withinMs > 0)
      await expect
        .poll(isTold, { timeout: withinMs, intervals: [POLL_MS] })
        .toBe(true)
        .catch(() => {});
    const lines = await linesOf();
    for (const [index, camera] of this.cameras.entries())
      this.same(camera, 'alarms', lines[index] ?? [], [expect.stringMatching(expectedOf(camera))]);
  }

  /** The first site stops, and there is no other: the last picture is held, and it is said why. */
  async without(wordsOf: (camera: FieldCamera<S>) => string): Promise<void> {
    const when = 'nothing to show';
    await this.rig.setFault('main', 'stop');
    await this.expectTiles(when, () => '[data-phase="holding"][data-live="false"]', HELD_MS);
    await this.expectWords(when, '.tile-state-words', wordsOf);
  }

  /**
   * A window that was just opened and has nothing to show: it says why, soon, and there is an alarm. The first words may be
   * about one site only; the others' are there when words have to be.
   */
  async dark(wordsOf: (camera: FieldCamera<S>) => string): Promise<void> {
    const when = 'nothing to show from the start';
    await this.page.locator('[data-tile]').first().waitFor();
    const untilMs = Date.now() + WHY_DARK_MS + WORDS_MS;
    await this.expectSomeWords(when, DARK_WORDS, /^No picture yet: /, WHY_DARK_MS);
    await this.expectWords(when, DARK_WORDS, wordsOf, untilMs - Date.now());
    await this.alarms(() => /^no-video/, DARK_ALARM_MS);
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

  /** By camera, the size of the picture that is shown, as `640x360`. */
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

  /** These cameras' pictures, and no others, have another size than before. */
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

  /** No playlist was ever asked for more often than a server bears. */
  async requests(): Promise<void> {
    for (const { id, mostPollsPerS } of await this.rig.stats())
      this.atMost(
        `polls of a playlist at ${id}, a second`,
        (camera) => mostPollsPerS[camera.id] ?? 0,
        () => MOST_POLLS_PER_S,
      );
  }

  /** A site was left alone for this long on end, for each camera. */
  async rested(siteId: string, leastMs: number): Promise<void> {
    const site = (await this.rig.stats()).find(({ id }) => id === siteId);
    for (const camera of this.cameras) {
      const restMs = site?.longestRestMs[camera.id] ?? 0;
      if (restMs < leastMs)
        this.note(camera.name, `left ${siteId} alone for ${restMs} ms, at least ${leastMs}`);
    }
  }

  /** No server keeps more sessions than a tile has reason to have. */
  async sessions(): Promise<void> {
    for (const { id, sessions } of await this.rig.stats())
      this.atMost(
        `open sessions at ${id}`,
        (camera) => sessions[camera.id]?.open ?? 0,
        () => MOST_OPEN_SESSIONS,
      );
  }
}
