import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { type Look, looksSoFar, startLooking, stopLooking } from '../../support/screen-sampler.ts';
import { openDrivenWall } from '../suite/driven-wall.ts';
import type { Extent } from '../suite/extent.ts';
import { windowSize } from '../suite/measured-wall.ts';
import { type OpenWindow, openPlainWindow } from '../suite/plain-window.ts';
import { blanksOf, type Side, steadyFromMs } from './judge-looks.ts';
import { bundlePages, bundleScreenMeter, type PageScripts, PageServer } from './page-server.ts';
import type { ScreenMeter } from './pages/screen-meter.ts';
import { GIVE_UP_MS, type PeerCase, waitsForReturn } from './peer-cases.ts';
import type { PeerFigures, PeerTileFigures } from './peer-figures.ts';
import { openPeerRig, type PeerRig } from './rig-for-peers.ts';

/** How long all tiles may take to be steady on the first site, ms. */
const START_TIMEOUT_MS = 45_000;
/** How long all tiles are steady before the fault, ms. In this time all players have filled their buffers. */
const QUIET_MS = 2000;
/** Shortest time that a recovery has to last, ms. */
const SETTLED_MS = 1500;
/**
 * Time for which the gap is watched after the recovery, ms. When a player then moves its playhead, this belongs to the
 * gap.
 */
const AFTERMATH_MS = 1000;
/** Longest wait for the return, ms: longer than the penalties of all players, and than Holdfast's stable time and spread. */
export const RETURN_WAIT_MS = 90_000;
const POLL_MS = 400;

/** The scripts of the pages and the meter. They are bundled once for all measurements. */
let scripts: Promise<{ readonly pages: PageScripts; readonly meter: string }> | null = null;

async function bundleAll(): Promise<{ readonly pages: PageScripts; readonly meter: string }> {
  return { pages: await bundlePages(), meter: await bundleScreenMeter() };
}

/** Shows a wall with one contender, makes the first site fail, and watches the screen. */
export async function measurePeer(what: PeerCase, extent: Extent): Promise<PeerFigures> {
  scripts ??= bundleAll();
  const { pages, meter } = await scripts;
  const rig = await openPeerRig(what);
  try {
    const server = await PageServer.open(pages);
    try {
      const window = await openContender(what, rig, server);
      try {
        await startWatching(window.page, what, meter);
        return await runFault(window.page, rig, what, extent);
      } finally {
        await window.close();
      }
    } finally {
      server.close();
    }
  } finally {
    await rig.close();
  }
}

async function openContender(
  { contender, tiles }: PeerCase,
  rig: PeerRig,
  server: PageServer,
): Promise<Pick<OpenWindow, 'page' | 'close'>> {
  if (contender.kind === 'holdfast') {
    const { running, close } = await openDrivenWall(rig.configFile, tiles);
    return { page: running.page, close };
  }
  const { peer, tuning } = contender;
  return openPlainWindow({
    url: server.address(peer, tuning, rig.playlists),
    size: windowSize(tiles),
    connectionsToAHost: tuning === 'tuned' ? 'unlimited' : 'six',
    certificates: rig.certificate === null ? 'any' : { sha256: rig.certificate },
  });
}

/** @throws where the wall does not become steady on the first site */
async function startWatching(page: Page, { tiles, contender }: PeerCase, meter: string): Promise<void> {
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  await page.waitForFunction((count) => document.querySelectorAll('[data-tile]').length === count, tiles, {
    timeout: START_TIMEOUT_MS,
  });
  await page.evaluate(meter);
  await startLooking(page);
  const steady = await untilSteady(page, tiles, 'first', QUIET_MS, deadlineMs - performance.now());
  if (steady === 'timed-out')
    throw new Error(`the wall was not steady on the first site after ${START_TIMEOUT_MS / 1000} s`);
  if (contender.kind === 'peer') return;
  // With redundancy, Holdfast knows a stream to change over to. Without it, the run would measure the start of Holdfast.
  await page.waitForFunction(
    (count) => document.querySelectorAll('[data-tile][data-redundancy="ok"]').length === count,
    tiles,
    { timeout: Math.max(1, deadlineMs - performance.now()) },
  );
}

async function runFault(page: Page, rig: PeerRig, what: PeerCase, extent: Extent): Promise<PeerFigures> {
  const giveUpMs = GIVE_UP_MS[extent];
  // The rig's times are of this machine's clock, the times of looks and frames are of the page's clock.
  const pageOffsetMs = await page.evaluate(() => performance.now() - Date.now());
  const faultAtMs = (await rig.setFault()) + pageOffsetMs;
  await untilSteady(page, what.tiles, 'second', SETTLED_MS, giveUpMs + SETTLED_MS);
  await pause(AFTERMATH_MS);
  const during = await looksSoFar(page);
  const recoveriesMs = during.map(({ looks }) => steadyFromMs(since(looks, faultAtMs), 'second', SETTLED_MS));
  const gapsMs = await longestGaps(
    page,
    recoveriesMs.map((atMs) => [faultAtMs, (atMs ?? faultAtMs) + AFTERMATH_MS]),
  );

  const clearedAtMs = (await rig.clear()) + pageOffsetMs;
  const returns = waitsForReturn(what, extent) ? 'waited-for' : 'not-waited-for';
  if (returns === 'waited-for') await untilSteady(page, what.tiles, 'first', SETTLED_MS, RETURN_WAIT_MS);
  const whole = await stopLooking(page);

  const tiles = during.map(({ tile, looks }, index): PeerTileFigures => {
    const recoveredAtMs = recoveriesMs[index] ?? null;
    const blanks = blanksOf(since(looks, faultAtMs));
    const after = whole.find((found) => found.tile === tile)?.looks ?? [];
    const returnedAtMs =
      returns === 'waited-for' ? steadyFromMs(since(after, clearedAtMs), 'first', SETTLED_MS) : null;
    const gapMs = gapsMs[index] ?? null;
    return {
      tile,
      recoveredMs: recoveredAtMs === null ? null : Math.round(recoveredAtMs - faultAtMs),
      gapMs: recoveredAtMs === null || gapMs === null ? null : Math.round(gapMs),
      blankLooks: blanks.looks,
      blankMs: Math.round(blanks.longestMs),
      returnedMs: returnedAtMs === null ? null : Math.round(returnedAtMs - clearedAtMs),
    };
  });
  return { tiles, giveUpMs, returns };
}

async function untilSteady(
  page: Page,
  tiles: number,
  side: Side,
  lastingMs: number,
  timeoutMs: number,
): Promise<'steady' | 'timed-out'> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    // One second more than `lastingMs`, because the first look of a span may show an older picture.
    const recent = await looksSoFar(page, lastingMs + 1000);
    const steady = recent.filter(({ looks }) => steadyFromMs(looks, side, lastingMs) !== null);
    if (steady.length === tiles) return 'steady';
    if (performance.now() > deadlineMs) return 'timed-out';
    await pause(POLL_MS);
  }
}

function longestGaps(page: Page, spans: [number, number][]): Promise<(number | null)[]> {
  return page.evaluate((asked) => {
    const { screenMeter } = window as unknown as { screenMeter: ScreenMeter };
    return screenMeter.longestGaps(asked);
  }, spans);
}

function since(looks: readonly Look[], fromMs: number): Look[] {
  return looks.filter(({ atMs }) => atMs >= fromMs);
}
