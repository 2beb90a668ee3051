import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { PERFECT_NETWORK } from '../../../electron/demo/network-conditions.ts';
import type { JournalEntry } from '../../../shared/journal-entry.ts';
import { startRig } from '../../rig/rig.ts';
import { launchHoldfast } from '../../support/launch.ts';
import { missingForSiteNetworks, SiteNetwork } from '../../support/site-networks.ts';
import { startWatchingTiles, stopWatchingTiles } from '../../support/tile-watch.ts';
import { diagnosticsOf, journalSince } from '../../support/wall.ts';
import { LINK_TILES, type LinkCase, NEEDED_KBIT_PER_S } from './link-cases.ts';
import type { LinkFigures } from './link-figures.ts';

const SITES = ['main', 'backup'] as const;
const DELAYED = { ...PERFECT_NETWORK, delayMs: 150, jitterMs: 100 };
/** From the start of the window on: first pictures, and a wall that finds its quality. Milliseconds. */
const SETTLE_MS = 30_000;

/** Watches a wall whose sites are well, behind one link. */
export async function measureLink(what: LinkCase, watchMs: number): Promise<LinkFigures> {
  await using held = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-link-'));
  held.defer(() => rm(folder, { recursive: true, force: true }));
  const missing = missingForSiteNetworks();
  if (what.kind === 'thin' && missing !== null) throw new Error(`a thin link cannot be made: ${missing}`);
  const network = what.kind === 'thin' ? held.use(await SiteNetwork.open(0)) : null;
  const rig = held.use(
    await startRig({
      sites: SITES.map((id) => ({
        id,
        name: id,
        clips: id,
        ...(network !== null && { address: network.address }),
        ...(what.kind === 'loss' && { conditions: { ...DELAYED, loss: what.lost } }),
      })),
      cameras: LINK_TILES,
      stream: { multivariant: true, segmentMs: 2000 },
      ...(network !== null && { networkNamespace: network.namespace }),
    }),
  );
  const config = rig.config();
  const paths = { mainPath: '{camera}/main/index.m3u8', subPath: '{camera}/sub/index.m3u8' };
  const file = path.join(folder, 'holdfast.json');
  const sites = config.sites.map((site) => ({ ...site, ...paths }));
  await writeFile(file, JSON.stringify({ ...config, sites }));
  if (what.kind === 'thin') await network?.limit(Math.round(what.carried * NEEDED_KBIT_PER_S));
  const holdfast = await launchHoldfast({ args: ['--config', file] });
  held.defer(() => holdfast.close());
  return watch(holdfast.page, watchMs);
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
    // The one that says that the link is thin comes before the wall is watched.
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
