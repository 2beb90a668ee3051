import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NetworkConditions } from '../../../electron/demo/network-conditions.ts';
import type { Config } from '../../../shared/config/config.ts';
import { type Rig, startRig } from '../../rig/rig.ts';
import type { RigConfigOptions } from '../../rig/rig-config.ts';

/** Picture rate of every stream of the rig. */
export const STREAM_FRAMES_PER_S = 15;

/** The sites of a wall, in order of priority. */
export const WALL_SITES = ['main', 'backup'] as const;
export type WallSite = (typeof WALL_SITES)[number];

export interface WallRigOptions {
  readonly tiles: number;
  /** `main`: 640x360, `sub`: 320x180. */
  readonly quality: 'main' | 'sub';
  readonly policies?: RigConfigOptions['policies'];
  /** Number of walls, by default 1. Each is a view with `tiles` cameras of its own. */
  readonly views?: number;
  /** Network conditions of both sites; by default a perfect network. */
  readonly conditions?: NetworkConditions;
}

/** Two sites of plain HLS in 1 s segments, and Holdfast's configuration for them. */
export interface WallRig {
  readonly rig: Rig;
  readonly configFile: string;
  /** Addresses of the playlists at the first site, one for each tile of the first view. */
  readonly playlists: readonly string[];
  /** Rewrites {@link configFile} with this site, or with none, in maintenance. */
  setMaintenance(site: WallSite | null): void;
  close(): Promise<void>;
}

export async function rigForWall(options: WallRigOptions): Promise<WallRig> {
  const { tiles, quality, policies, views = 1, conditions } = options;
  const rig = await startRig({
    sites: WALL_SITES.map((id) => ({ id, name: id, ...(conditions && { conditions }) })),
    cameras: tiles * views,
    stream: { multivariant: true },
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-wall-'));
  const configFile = path.join(folder, 'holdfast.json');
  const [first] = rig.sites;
  if (first === undefined) throw new Error('the rig has no site');
  const playlistOf = (camera: string): string => `${camera}/${quality}/index.m3u8`;
  const columns = Math.ceil(Math.sqrt(tiles));
  const viewsOf = ({ cameras }: Config): Config['views'] =>
    Array.from({ length: views }, (_, index) => ({
      id: `wall-${index + 1}`,
      name: wallName(index + 1),
      columns,
      rows: Math.ceil(tiles / columns),
      cells: cameras.slice(index * tiles, (index + 1) * tiles).map(({ id }) => id),
    }));
  const write = (maintenance: WallSite | null): void => {
    const config = rig.config({ ...(policies && { policies }) });
    const sites: Config['sites'] = config.sites.map((site) => ({
      ...site,
      mainPath: playlistOf('{camera}'),
      ...(site.id === maintenance && { maintenance: true }),
    }));
    writeFileSync(configFile, `${JSON.stringify({ ...config, sites, views: viewsOf(config) }, null, 2)}\n`);
  };
  write(null);
  return {
    rig,
    configFile,
    playlists: rig.cameras.slice(0, tiles).map(({ id }) => new URL(playlistOf(id), `${first.baseUrl}/`).href),
    setMaintenance: write,
    close: async () => {
      await rig.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The name of a view in the window. @param number counted from 1 */
export function wallName(number: number): string {
  return `Wall ${number}`;
}
