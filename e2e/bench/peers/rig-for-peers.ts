import { PLAYLIST_FILE } from '../../../electron/demo/live-playlist.ts';
import { startRig } from '../../rig/rig.ts';
import { RIG_FAULTS, RIG_STREAMS } from '../gap/rig-for-gap.ts';
import type { PeerRow } from './peer-cases.ts';

const SITES = ['main', 'backup'] as const;

/** Two sites with the same cameras. The first site can be made to fail. */
export interface PeerRig {
  /** A configuration file for Holdfast, with all defaults. */
  readonly configFile: string;
  /** Addresses of each tile's media playlist at the first and at the second site. */
  readonly playlists: readonly { readonly first: string; readonly second: string }[];
  /** SHA-256 of the first site's certificate, 64 hex digits; `null` without TLS. */
  readonly certificate: string | null;
  /** @returns when the first site's fault took effect, ms since 1970 */
  setFault(): Promise<number>;
  /** @returns when the first site's fault ended, ms since 1970 */
  clear(): Promise<number>;
  close(): Promise<void>;
}

/** A rig with the streams of the gap suite. The timelines of its sites may differ. */
export async function openPeerRig({ stream, tiles, timeline, fault }: PeerRow): Promise<PeerRig> {
  const usesTls = fault === 'certificate';
  const [main, backup] = SITES;
  const rig = await startRig({
    sites: [
      { id: main, name: main, ...(usesTls && { tls: 'pinned' as const }) },
      // Only the first site's certificate is at fault, and the window of the pages can trust only one certificate.
      { id: backup, name: backup },
    ],
    cameras: tiles,
    stream: { ...RIG_STREAMS[stream], container: 'fmp4', programDateTimes: true, multivariant: false },
  });
  try {
    // After a restart, sequence numbers and media times begin again, and only at this site.
    if (timeline === 'unrelated') await rig.setFault(backup, 'restart');
    const [first, second] = rig.sites;
    if (first === undefined || second === undefined) throw new Error('the rig lacks a site');
    const addressAt = ({ baseUrl }: { readonly baseUrl: string }, camera: string): string =>
      new URL(`${camera}/${PLAYLIST_FILE}`, `${baseUrl}/`).href;
    return {
      configFile: rig.configFile(),
      playlists: rig.cameras.map(({ id }) => ({
        first: addressAt(first, id),
        second: addressAt(second, id),
      })),
      certificate: rig.config().sites[0]?.tlsPin ?? null,
      setFault: () => rig.setFault(main, RIG_FAULTS[fault]),
      clear: () => rig.clear(main),
      close: () => rig.close(),
    };
  } catch (error) {
    await rig.close();
    throw error;
  }
}
