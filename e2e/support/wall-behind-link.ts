import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type NetworkConditions, PERFECT_NETWORK } from '../../electron/demo/network-conditions.ts';
import { startRig } from '../rig/rig.ts';
import { launchHoldfast, type RunningHoldfast } from './launch.ts';
import { SiteNetwork } from './site-networks.ts';

const SITES = ['main', 'backup'] as const;

/** The link between a window and its two sites. */
export type Link =
  /**
   * One cable for both sites with this bandwidth (1000 bits a second); requires what `missingForSiteNetworks` checks.
   */
  | { readonly kind: 'thin'; readonly kbitPerS: number }
  | { readonly kind: 'conditions'; readonly conditions: Partial<NetworkConditions> };

export interface WallBehindLink extends AsyncDisposable {
  readonly holdfast: RunningHoldfast;
}

/** Opens a wall of cameras in 2 s segments, each with a main stream and a sub-stream at both sites, which work. */
export async function openWallBehindLink(tiles: number, link: Link): Promise<WallBehindLink> {
  await using held = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-link-'));
  held.defer(() => rm(folder, { recursive: true, force: true }));
  const network = link.kind === 'thin' ? held.use(await SiteNetwork.open(0)) : null;
  const conditions = link.kind === 'thin' ? {} : { conditions: { ...PERFECT_NETWORK, ...link.conditions } };
  const rig = held.use(
    await startRig({
      sites: SITES.map((id) => ({
        id,
        name: id,
        clips: id,
        ...(network !== null && { address: network.address }),
        ...conditions,
      })),
      cameras: tiles,
      stream: { multivariant: true, segmentMs: 2000 },
      ...(network !== null && { networkNamespace: network.namespace }),
    }),
  );
  const config = rig.config();
  const paths = { mainPath: '{camera}/main/index.m3u8', subPath: '{camera}/sub/index.m3u8' };
  const file = path.join(folder, 'holdfast.json');
  const sites = config.sites.map((site) => ({ ...site, ...paths }));
  await writeFile(file, JSON.stringify({ ...config, sites }));
  if (link.kind === 'thin') await network?.limit(link.kbitPerS);
  const holdfast = await launchHoldfast({ args: ['--config', file] });
  held.defer(() => holdfast.close());
  const all = held.move();
  return { holdfast, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
