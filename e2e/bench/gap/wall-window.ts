import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import type { BridgeTransport } from '../../../shared/bridge.ts';
import type { Diagnostics } from '../../../shared/diagnostics.ts';
import { BRIDGE_PATH } from '../../../shared/http-bridge-contract.ts';
import { journalEntrySchema } from '../../../shared/journal/journal-entry.ts';
import { launchHoldfast } from '../../support/launch.ts';
import { launchChromiumShell } from '../../support/launch-chromium.ts';
import { takeDiagnostics } from '../../support/read-diagnostics.ts';
import { untilPlayersRest } from '../suite/players-rest.ts';
import type { ShellKind } from '../suite/shell-versions.ts';
import type { Change } from './judge-round.ts';
import type { TileCount } from './matrix.ts';

/** Size of the window's content, CSS pixels. Tiles are 320x180 or larger, but never larger than the streams' 640x360. */
const WINDOW_SIZE: Readonly<Record<TileCount, string>> = {
  1: '660x460',
  4: '980x640',
  9: '1280x800',
  16: '1280x800',
};
/** Longest time until a wall is whole, ms: every tile is live from the first site and has redundancy. */
const READY_TIMEOUT_MS = 45_000;
/** Time between two checks of a condition that is waited for, ms. */
const POLL_MS = 150;
/** Number of journal entries that are read: more than the tiles of a wall write in a round, even if they flap. */
const JOURNAL_LIMIT = 1000;

/** Holdfast's window with one wall, as the benchmark uses it. */
export class WallWindow {
  private readonly page: Page;
  private readonly closeWindow: () => Promise<void>;
  private readonly tiles: TileCount;
  private readonly siteId: string;

  private constructor(page: Page, close: () => Promise<void>, tiles: TileCount, siteId: string) {
    this.page = page;
    this.closeWindow = close;
    this.tiles = tiles;
    this.siteId = siteId;
  }

  /** Opens the window. The wall may not be whole yet. */
  static async open(
    shell: ShellKind,
    configFile: string,
    tiles: TileCount,
    siteId: string,
  ): Promise<WallWindow> {
    const args = ['--config', configFile, '--window', WINDOW_SIZE[tiles]];
    const { page, close } =
      shell === 'electron' ? await launchHoldfast({ args }) : await launchChromiumShell(args);
    return new WallWindow(page, close, tiles, siteId);
  }

  /** Loads the page again, which forgets what the tiles learned about the sites. */
  async reload(): Promise<void> {
    await this.page.reload();
  }

  /**
   * Waits until every tile is live from the first site, and has redundancy.
   * @throws where it takes too long, with the states of the tiles
   */
  async untilWhole(): Promise<void> {
    const whole = `[data-tile][data-phase="showing"][data-live="true"][data-redundancy="ok"][data-site="${this.siteId}"]`;
    const deadlineMs = performance.now() + READY_TIMEOUT_MS;
    while ((await this.page.locator(whole).count()) !== this.tiles) {
      if (performance.now() > deadlineMs)
        throw new Error(`the wall was not whole after ${READY_TIMEOUT_MS / 1000} s: ${await this.states()}`);
      await pause(POLL_MS);
    }
  }

  /** Waits until no hot standby has started or ended for some seconds: the host has allotted all that it can. */
  async untilStandbysRest(): Promise<void> {
    await untilPlayersRest(async () =>
      (await this.diagnostics()).tiles.reduce((total, { players }) => total + players, 0),
    );
  }

  /** Changes that were decided at `sinceMs` (ms since 1970) or later, in their order. */
  async changesSince(sinceMs: number): Promise<Change[]> {
    const answer = await this.page.evaluate(
      async ({ limit, route }) => {
        const { holdfast } = window as unknown as { holdfast?: BridgeTransport };
        if (holdfast !== undefined) return holdfast.request('journal.recent', { limit });
        const response = await fetch(`${route}journal.recent`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ limit }),
        });
        const reply: { value?: unknown } = await response.json();
        return reply.value;
      },
      { limit: JOURNAL_LIMIT, route: BRIDGE_PATH },
    );
    return journalEntrySchema
      .array()
      .parse(answer)
      .filter((entry) => entry.kind === 'change')
      .filter(({ time }) => Date.parse(time) >= sinceMs)
      .sort((a, b) => a.time.localeCompare(b.time));
  }

  /**
   * Waits until the changes since `sinceMs` (ms since 1970) fulfil a condition.
   * @returns whether they did in time
   */
  async untilChanges(
    sinceMs: number,
    timeoutMs: number,
    fulfil: (changes: readonly Change[]) => boolean,
  ): Promise<'fulfilled' | 'timed-out'> {
    const deadlineMs = performance.now() + timeoutMs;
    while (!fulfil(await this.changesSince(sinceMs))) {
      if (performance.now() > deadlineMs) return 'timed-out';
      await pause(POLL_MS);
    }
    return 'fulfilled';
  }

  diagnostics(): Promise<Diagnostics> {
    return takeDiagnostics(this.page);
  }

  async close(): Promise<void> {
    await this.closeWindow();
  }

  private states(): Promise<string> {
    return this.page.locator('[data-tile]').evaluateAll((tiles) =>
      tiles
        .map((tile) => {
          const { tile: number, phase, site, live, redundancy } = (tile as HTMLElement).dataset;
          return `tile ${number} ${phase} ${site} live=${live} redundancy=${redundancy}`;
        })
        .join('; '),
    );
  }
}
