import type { Fault } from '../../../electron/demo/faults.ts';
import { startRig } from '../../rig/rig.ts';
import type { OpenGapRig } from './gap-rig.ts';
import type { GapFault, NetworkKind, StreamKind } from './matrix.ts';

const SITES = ['main', 'backup'] as const;

/** Rate of the fault `too-slow`, bytes per second: a third of the 19 kB/s that the smallest clip needs for real time. */
const TOO_SLOW_BYTES_PER_S = 6000;

/** The rig's fault for each fault of this benchmark. */
export const RIG_FAULTS: Readonly<Record<GapFault, Fault>> = {
  refused: 'stop',
  hang: 'hang',
  silent: 'silent',
  'http-503': '503',
  freeze: 'freeze',
  'media-404': { kind: 'status', status: 404, of: 'media' },
  'media-corrupt': 'corrupt',
  'too-slow': { kind: 'slow', bytesPerS: TOO_SLOW_BYTES_PER_S },
  certificate: 'certificate-changed',
};

/** What differs between the shapes of the streams. */
export const RIG_STREAMS: Readonly<
  Record<StreamKind, { readonly segmentMs: 1000 | 2000; readonly partMs: 333 | null }>
> = {
  'plain-1s': { segmentMs: 1000, partMs: null },
  'plain-2s': { segmentMs: 2000, partMs: null },
  // A segment has three parts.
  'll-333ms': { segmentMs: 1000, partMs: 333 },
};

const NETWORKS: Readonly<Record<NetworkKind, { readonly delayMs: number; readonly jitterMs: number }>> = {
  none: { delayMs: 0, jitterMs: 0 },
  '150ms': { delayMs: 150, jitterMs: 0 },
  '150±100ms': { delayMs: 150, jitterMs: 100 },
};

/** The rig of the end-to-end tests, as the benchmark uses it: fMP4 with program date-times, in one quality. */
export const openRigForGap: OpenGapRig = async (setup, stableMs) => {
  const rig = await startRig({
    sites: SITES.map((id) => ({
      id,
      name: id,
      conditions: { ...NETWORKS[setup.network], bytesPerS: null, loss: 0 },
      ...(setup.transport === 'https' && { tls: 'pinned' as const }),
    })),
    cameras: setup.tiles,
    stream: {
      ...RIG_STREAMS[setup.stream],
      container: 'fmp4',
      programDateTimes: true,
      multivariant: false,
    },
  });
  const [failing] = rig.sites;
  if (failing === undefined) throw new Error('the rig has no site');
  return {
    siteId: failing.id,
    configFile: rig.configFile({ policies: { failback: { mode: 'automatic', stableMs } } }),
    playlists: rig.cameras.map(({ id }) => new URL(`${id}/index.m3u8`, `${failing.baseUrl}/`).href),
    setFault: (fault) => rig.setFault(failing.id, RIG_FAULTS[fault]),
    clear: () => rig.clear(failing.id),
    close: () => rig.close(),
  };
};
