import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { PLAYLIST_FILE } from '../../electron/demo/live-playlist.ts';
import { LOW_LATENCY_SHAPE, PLAIN_SHAPE } from '../../electron/demo/stream-shape.ts';
import { CONFIG_VERSION, type Config, configSchema } from '../../shared/config/config.ts';
import { type Rig, startRig } from '../rig/rig.ts';
import { launchHoldfast, type RunningHoldfast } from './launch.ts';
import { chooseView, expectTiles } from './wall.ts';

/** The two stream shapes with which every fault is tried: plain HLS of 1 s, and LL-HLS of 333 ms. */
const SHAPES = { plain: PLAIN_SHAPE, ll: LOW_LATENCY_SHAPE } as const;
type ShapeName = keyof typeof SHAPES;

/** Number of tiles in a view for each shape. */
const TILES_PER_SHAPE = 2;
export const FAULT_WALL_TILES = TILES_PER_SHAPE * Object.keys(SHAPES).length;

/** Each view has cameras of its own, so its tiles know nothing of what happened in the other view. */
const VIEWS = ['First half', 'Second half'] as const;

/** A short stable time, so that tests do not wait. Milliseconds. */
const STABLE_MS = 1000;

type SiteRank = 'first' | 'second';
type RigFault = Parameters<Rig['setFault']>[1];

/**
 * One application over two rigs, whose cameras differ only in the shape of their streams: a fault hits plain and
 * low-latency tiles at the same moment. The first sites require a login and use TLS with certificates that the
 * application trusts.
 */
export class FaultWall implements AsyncDisposable {
  readonly holdfast: RunningHoldfast;
  private readonly rigs: readonly Rig[];
  private readonly folder: string;
  private view = 0;

  private constructor(holdfast: RunningHoldfast, rigs: readonly Rig[], folder: string) {
    this.holdfast = holdfast;
    this.rigs = rigs;
    this.folder = folder;
  }

  static async open(): Promise<FaultWall> {
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-fault-wall-'));
    const rigs: Rig[] = [];
    try {
      const names = Object.keys(SHAPES) as ShapeName[];
      for (const shape of names) rigs.push(await startShape(shape));
      const config = path.join(folder, 'holdfast.json');
      await writeFile(config, JSON.stringify(configOf(names, rigs)));
      const trusted = await Promise.all(
        rigs.map((rig) => readFile(rig.environment().NODE_EXTRA_CA_CERTS ?? '', 'utf8')),
      );
      const authorities = path.join(folder, 'trusted.pem');
      await writeFile(authorities, trusted.join(''));
      const holdfast = await launchHoldfast({
        args: ['--config', config],
        env: { NODE_EXTRA_CA_CERTS: authorities },
      });
      return new FaultWall(holdfast, rigs, folder);
    } catch (error) {
      await release(rigs, folder);
      throw error;
    }
  }

  get page(): Page {
    return this.holdfast.page;
  }

  /** Changes to the view whose tiles start again, and waits until they show the first sites, each with a standby. */
  async showFreshTiles(): Promise<void> {
    this.view = (this.view + 1) % VIEWS.length;
    const name = VIEWS[this.view] ?? VIEWS[0];
    await chooseView(this.page, name);
    await expect(this.page.getByRole('grid', { name })).toBeVisible();
    await expectTiles(this.page, FAULT_WALL_TILES, `${onSiteOf('first')}[data-redundancy="ok"]`, 60_000);
  }

  /** Puts the sites of that rank, for both stream shapes, under a fault. */
  async setFault(rank: SiteRank, fault: RigFault): Promise<void> {
    await Promise.all(this.rigs.map((rig) => rig.setFault(siteId(rig, rank), fault)));
  }

  /** For each stream shape, the view's first camera gets the first fault at the site of that rank, and so on. */
  async setCameraFaults(rank: SiteRank, faults: readonly RigFault[]): Promise<void> {
    const ofView = this.view * TILES_PER_SHAPE;
    for (const rig of this.rigs)
      for (const [index, fault] of faults.entries()) {
        const camera = rig.cameras[ofView + index];
        if (camera === undefined || index >= TILES_PER_SHAPE)
          throw new RangeError(`The view has ${TILES_PER_SHAPE} cameras of each shape, not ${faults.length}`);
        await rig.setFault(siteId(rig, rank), fault, { cameras: [camera.id] });
      }
  }

  async clear(rank: SiteRank): Promise<void> {
    await Promise.all(this.rigs.map((rig) => rig.clear(siteId(rig, rank))));
  }

  /** Runs the same schedule at the sites of that rank. Resolved after its last step. */
  async run(rank: SiteRank, schedule: (siteId: string) => Parameters<Rig['run']>[0]): Promise<void> {
    await Promise.all(this.rigs.map((rig) => rig.run(schedule(siteId(rig, rank)))));
  }

  async close(): Promise<void> {
    await this.holdfast.close();
    await release(this.rigs, this.folder);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Waits until every tile plays from its site of that rank. */
export async function expectAllOn(page: Page, rank: SiteRank, timeoutMs = 60_000): Promise<void> {
  await expectTiles(page, FAULT_WALL_TILES, onSiteOf(rank), timeoutMs);
}

const RANKS: readonly SiteRank[] = ['first', 'second'];

const onSiteOf = (rank: SiteRank): string =>
  `[data-phase="showing"][data-live="true"][data-rank="${RANKS.indexOf(rank)}"]`;

function siteId(rig: Rig, rank: SiteRank): string {
  const site = rig.sites[RANKS.indexOf(rank)];
  if (site === undefined) throw new RangeError(`The rig has no ${rank} site`);
  return site.id;
}

const startShape = (shape: ShapeName): Promise<Rig> =>
  startRig({
    sites: [
      {
        id: `${shape}-main`,
        name: `Main ${shape}`,
        tls: 'trusted',
        login: { type: 'bearer', token: 'from-the-rig' },
      },
      { id: `${shape}-backup`, name: `Backup ${shape}` },
    ],
    cameras: TILES_PER_SHAPE * VIEWS.length,
    stream: SHAPES[shape],
  });

function configOf(names: readonly ShapeName[], rigs: readonly Rig[]): Config {
  const configs = rigs.map((rig) => rig.config());
  // Each camera has its own path: a path in the site would also give it the streams of the other rig.
  const sites = configs.flatMap((config) => config.sites.map(({ mainPath: _, ...site }) => site));
  const cameras = rigs.map((rig, index) =>
    rig.cameras.map(({ id, number, name }) => ({
      id: `${names[index]}-${id}`,
      number: 100 * index + number,
      name: `${name} ${names[index]}`,
      streams: Object.fromEntries(rig.sites.map((site) => [site.id, { main: `${id}/${PLAYLIST_FILE}` }])),
      onFrozen: 'change-over' as const,
    })),
  );
  return configSchema.parse({
    version: CONFIG_VERSION,
    sites,
    cameras: cameras.flat(),
    views: VIEWS.map((name, index) => ({
      id: `half-${index + 1}`,
      name,
      columns: TILES_PER_SHAPE,
      rows: names.length,
      cells: cameras.flatMap((ofShape) =>
        ofShape.slice(index * TILES_PER_SHAPE, (index + 1) * TILES_PER_SHAPE).map(({ id }) => id),
      ),
    })),
    policies: { failback: { stableMs: STABLE_MS } },
  });
}

async function release(rigs: readonly Rig[], folder: string): Promise<void> {
  for (const rig of rigs) await rig.close();
  await rm(folder, { recursive: true, force: true });
}
