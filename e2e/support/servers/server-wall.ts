import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PLAYLIST_FILE } from '../../../electron/demo/live-playlist.ts';
import { CONFIG_VERSION, type Config, configSchema } from '../../../shared/config/config.ts';
import { type Rig, startRig } from '../../rig/rig.ts';
import { launchHoldfast, type RunningHoldfast } from '../launch.ts';
import { NOTHING_ODD, type TrialCamera } from '../tile-trial.ts';
import { type FailingSite, failingSiteOf } from './failing-site.ts';
import type { RealServer } from './real-server.ts';
import { RealSite } from './real-site.ts';

/** A camera at two servers of one kind. */
export interface ServerCamera extends TrialCamera {
  readonly first: FailingSite;
  /** Both sites; empty for a camera of the rig. */
  readonly realSites: readonly RealSite[];
  readonly publisherGone: RegExp;
}

/** A short stable time, so that tests do not wait. Milliseconds. */
const STABLE_MS = 1000;
/** If a server reports nothing, the picture runs dry before the other site has one. Milliseconds. */
const LONGEST_GAP_MS = 1500;
/** LIVE means at most 5 s behind the live edge (rule 7); a segment of a second is available a second later. */
const OLDEST_MS = 5000 + 1000 + 500;
/** The colours of the two sites' marks, first site first. */
const MARKS = ['0x003cff', '0xff7800'] as const;

/**
 * One application over pairs of real servers, with a tile for each kind, and a tile over two sites of the rig beside
 * them.
 */
export class ServerWall implements AsyncDisposable {
  readonly cameras: readonly ServerCamera[];
  readonly holdfast: RunningHoldfast;
  private readonly held: AsyncDisposableStack;

  private constructor(
    cameras: readonly ServerCamera[],
    holdfast: RunningHoldfast,
    held: AsyncDisposableStack,
  ) {
    this.cameras = cameras;
    this.holdfast = holdfast;
    this.held = held;
  }

  /** @throws where a server does not start, with its output */
  static async open(servers: readonly RealServer[]): Promise<ServerWall> {
    await using held = new AsyncDisposableStack();
    const rig = held.use(await startRig({ sites: RIG_SITES.map((id) => ({ id, name: id })), cameras: 1 }));
    const cameras = [controlOf(rig)];
    const sites: SiteOfServer[] = rig.sites.map(({ id, baseUrl }) => ({ id, baseUrl, path: PLAYLIST_FILE }));
    const opened = await Promise.allSettled(
      servers.map((server) =>
        Promise.all(MARKS.map(async (mark) => held.use(await RealSite.open(server, mark)))),
      ),
    );
    for (const [index, server] of servers.entries()) {
      const pair = opened[index];
      if (pair?.status !== 'fulfilled') throw pair?.reason;
      const realSites = pair.value;
      const ids = [`server-${index}-first`, `server-${index}-second`] as const;
      for (const [rank, { baseUrl, playlist }] of realSites.entries())
        sites.push({ id: ids[rank] ?? '', baseUrl, path: playlist });
      const [first] = realSites;
      if (first === undefined) throw new Error(`${server.name} has no site`);
      const { name, publisherGone } = server;
      cameras.push({ ...USUAL, id: `server-${index}`, name, sites: ids, first, realSites, publisherGone });
    }
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-servers-'));
    held.defer(() => rm(folder, { recursive: true, force: true }));
    const file = path.join(folder, 'holdfast.json');
    await writeFile(file, JSON.stringify(configOf(cameras, sites, rig)));
    const holdfast = await launchHoldfast({ args: ['--config', file, '--window', '1280x800'] });
    held.defer(() => holdfast.close());
    return new ServerWall(cameras, holdfast, held.move());
  }

  close(): Promise<void> {
    return this.held.disposeAsync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

interface SiteOfServer {
  readonly id: string;
  readonly baseUrl: string;
  readonly path: string;
}

const RIG_SITES = ['rig-first', 'rig-second'] as const;

const USUAL = {
  // Only the rig's pictures have a readable age.
  oldestMs: null,
  longestGapMs: LONGEST_GAP_MS,
  standby: 'ok',
  phaseMs: 0,
} as const;

function controlOf(rig: Rig): ServerCamera {
  return {
    ...USUAL,
    oldestMs: OLDEST_MS,
    id: rig.cameras[0]?.id ?? '',
    name: NOTHING_ODD,
    sites: RIG_SITES,
    first: failingSiteOf(rig, RIG_SITES[0]),
    realSites: [],
    publisherGone: /^(stalled|too-slow)$/,
  };
}

function configOf(cameras: readonly ServerCamera[], sites: readonly SiteOfServer[], rig: Rig): Config {
  const pathAt = (siteId: string, cameraId: string): string => {
    const site = sites.find(({ id }) => id === siteId);
    return rig.sites.some(({ id }) => id === siteId) ? `${cameraId}/${site?.path}` : (site?.path ?? '');
  };
  return configSchema.parse({
    version: CONFIG_VERSION,
    sites: sites.map(({ id, baseUrl }) => ({ id, name: id, baseUrl })),
    cameras: cameras.map(({ id, name, sites: own }, index) => ({
      id,
      number: index + 1,
      name,
      streams: Object.fromEntries(own.map((siteId) => [siteId, { main: pathAt(siteId, id) }])),
    })),
    views: [
      {
        id: 'servers',
        name: 'Servers',
        columns: Math.ceil(Math.sqrt(cameras.length)),
        rows: Math.ceil(cameras.length / Math.ceil(Math.sqrt(cameras.length))),
        cells: cameras.map(({ id }) => id),
      },
    ],
    policies: { failback: { stableMs: STABLE_MS } },
  });
}
