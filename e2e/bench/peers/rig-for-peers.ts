import { PLAYLIST_FILE } from '../../../electron/demo/live-playlist.ts';
import { startRig } from '../../rig/rig.ts';
import { RIG_FAULTS, RIG_STREAMS } from '../gap/rig-for-gap.ts';
import type { PeerRow } from './peer-cases.ts';

const SITES = ['main', 'backup'] as const;

/** Two sites with the same cameras, of which the first can be made to fail. */
export interface PeerRig {
  /** For Holdfast, with all its defaults. */
  readonly configFile: string;
  /** Address of each tile's media playlist at the first and the other site. */
  readonly playlists: readonly { readonly first: string; readonly second: string }[];
  /** SHA-256 of the first site's certificate, 64 hex digits; `null` without TLS. */
  readonly certificate: string | null;
  /** @returns when the first site's fault came into force, ms since 1970 */
  setFault(): Promise<number>;
  /** @returns when the first site was whole again, ms since 1970 */
  clear(): Promise<number>;
  close(): Promise<void>;
}

/** The rig of the gap suite's streams, except that the sites' timelines need not agree. */
export async function openPeerRig({ stream, tiles, timeline, fault }: PeerRow): Promise<PeerRig> {
  const usesTls = fault === 'certificate';
  const [main, backup] = SITES;
  const rig = await startRig({
    sites: [
      { id: main, name: main, ...(usesTls && { tls: 'pinned' as const }) },
      // Only the first one's certificate is at fault, and pages can be told to trust one.
      { id: backup, name: backup },
    ],
    cameras: tiles,
    stream: { ...RIG_STREAMS[stream], container: 'fmp4', programDateTimes: true, multivariant: false },
  });
  try {
    // Sequence numbers and media times begin anew with a restart, and only at this site.
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
