import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import type { JournalEntry } from '../../../shared/journal/journal-entry.ts';
import { missingForSiteNetworks } from '../../support/site-networks.ts';
import { startWatchingTiles, stopWatchingTiles } from '../../support/tile-watch.ts';
import { diagnosticsOf, journalSince } from '../../support/wall.ts';
import { type Link, openWallBehindLink } from '../../support/wall-behind-link.ts';
import { LINK_TILES, type LinkCase, NEEDED_KBIT_PER_S } from './link-cases.ts';
import type { LinkFigures } from './link-figures.ts';

const DELAYED = { delayMs: 150, jitterMs: 100 };
/** Time from the start of the window to the watch, ms. In it the wall shows its first pictures and finds its quality. */
const SETTLE_MS = 30_000;

/** Watches a wall behind one link, while its sites work. */
export async function measureLink(what: LinkCase, watchMs: number): Promise<LinkFigures> {
  const missing = missingForSiteNetworks();
  if (what.kind === 'thin' && missing !== null) throw new Error(`a thin link cannot be made: ${missing}`);
  await using wall = await openWallBehindLink(LINK_TILES, linkOf(what));
  return await watch(wall.holdfast.page, watchMs);
}

function linkOf(what: LinkCase): Link {
  return what.kind === 'thin'
    ? { kind: 'thin', kbitPerS: Math.round(what.carried * NEEDED_KBIT_PER_S) }
    : { kind: 'conditions', conditions: { ...DELAYED, loss: what.lost } };
}

async function watch(page: Page, watchMs: number): Promise<LinkFigures> {
  const launched = new Date().toISOString();
  await pause(SETTLE_MS);
  const since = new Date().toISOString();
  const before = (await diagnosticsOf(page)).loaded;
  const startedMs = performance.now();
  await startWatchingTiles(page);
  await pause(watchMs);
  const moments = [...(await stopWatchingTiles(page)).values()].flat();
  const after = (await diagnosticsOf(page)).loaded;
  const entries = await journalSince(page, launched);
  const watched = entries.filter(({ time }) => time >= since);
  const changes = watched.filter((entry) => entry.kind === 'change');
  const siteOf = (stream: string): string => stream.replace(/\/.*/, '');
  const isOfSite = ({ from, to }: (typeof changes)[number]): boolean =>
    from !== null && siteOf(from) !== siteOf(to);
  return {
    watchedMs: performance.now() - startedMs,
    liveShare: moments.filter(({ live }) => live).length / moments.length,
    siteChanges: changes
      .filter(isOfSite)
      .map(({ tile, from, to, cause }) => `tile ${tile} from ${from} to ${to} (${cause})`),
    qualityChanges: changes.filter((change) => change.from !== null && !isOfSite(change)).length,
    // The alarm about a thin link is raised before the watch begins.
    alarms: entries.flatMap(alarmWords),
    loaded: {
      shown: after.shown - before.shown,
      standby: after.standby - before.standby,
      probe: after.probe - before.probe,
    },
  };
}

function alarmWords(entry: JournalEntry): string[] {
  if (entry.kind !== 'alarm') return [];
  const where = entry.tile === null ? '' : `, tile ${entry.tile}`;
  return [`${entry.alarm}${where}${entry.cause === null ? '' : ` (${entry.cause})`}`];
}
