import type { BegunMedia, PlaylistAnswer } from '../../../shared/gateway/gateway-exchange.ts';
import type { DevToolsClient } from '../suite/devtools-client.ts';
import { openBareWall, openHoldfastWall, untilAllShow } from '../suite/measured-wall.ts';
import { rigForWall } from '../suite/rig-for-wall.ts';
import { IN_FLIGHT, type Latencies, type RequestFigures } from './engine-figures.ts';
import { latenciesOf } from './latencies.ts';
import type { RequestCounts } from './measure-gateway.ts';
import { type FileKind, newestSegment } from './site-file.ts';

/** How long the only tile may take to show a picture, ms. */
const START_TIMEOUT_MS = 30_000;

/** How a page requests a file: by `fetch`, or from Holdfast's gateway over the bridge. */
type Way = 'fetch' | 'gateway.playlist' | 'gateway.media';

/**
 * Requests one file from a site in the real windows. A plain page requests it directly by `fetch`. Holdfast's page requests it
 * as its players do: from the gateway, over the bridge. Each window shows one tile.
 */
export async function measurePage(file: FileKind, counts: RequestCounts): Promise<RequestFigures> {
  const rig = await rigForWall({ tiles: 1, quality: 'main', policies: { hotStandbys: 'off' } });
  try {
    const [playlist = ''] = rig.playlists;
    const [site] = rig.rig.sites;
    if (site === undefined) throw new Error('the rig has no site');
    const bare = await openBareWall(rig.playlists);
    let direct: Asked;
    try {
      await untilAllShow(bare, 1, START_TIMEOUT_MS);
      direct = await askOften(bare.page, await addressOf(playlist, file), 'fetch', counts);
    } finally {
      await bare.close();
    }
    const wall = await openHoldfastWall(rig.configFile, 1);
    try {
      await untilAllShow(wall, 1, START_TIMEOUT_MS);
      const path = (await addressOf(playlist, file)).slice(site.baseUrl.replace(/\/$/, '').length + 1);
      const way = file === 'playlist' ? 'gateway.playlist' : 'gateway.media';
      const through = await askOften(wall.page, `/sites/${site.id}/${path}`, way, counts);
      return { kind: 'requests', bytes: direct.bytes, direct: direct.latencies, gateway: through.latencies };
    } finally {
      await wall.close();
    }
  } finally {
    await rig.close();
  }
}

interface Asked {
  readonly latencies: Latencies;
  readonly bytes: number;
}

/** Address of the playlist itself, or of its newest segment. */
async function addressOf(playlist: string, file: FileKind): Promise<string> {
  if (file === 'playlist') return playlist;
  return playlist.replace(/[^/]*$/, newestSegment(await (await fetch(playlist)).text()));
}

/** @param address as the page requests it */
async function askOften(
  page: DevToolsClient,
  address: string,
  way: Way,
  counts: RequestCounts,
): Promise<Asked> {
  const one = await askMany(page, address, way, counts.single, 1);
  const together = await askMany(page, address, way, counts.together, IN_FLIGHT);
  return {
    latencies: latenciesOf(one.timesMs, (counts.together / together.elapsedMs) * 1000),
    bytes: one.bytes,
  };
}

/** Times are by the page's clock. */
function askMany(
  page: DevToolsClient,
  address: string,
  way: Way,
  count: number,
  inFlight: number,
): Promise<{ timesMs: number[]; elapsedMs: number; bytes: number }> {
  return page.evaluate(
    async ({ address, way, count, inFlight }) => {
      const byFetch = async (): Promise<number> => {
        const response = await fetch(address, { cache: 'no-store' });
        if (!response.ok) throw new Error(`${address} was answered with ${response.status}`);
        return (await response.arrayBuffer()).byteLength;
      };
      const overBridge = async (): Promise<number> => {
        const [, , site] = address.split('/');
        const request = { site, pathname: address, requestId: 'bench', deadlineMs: 10_000 };
        const more = way === 'gateway.media' && { firstByteMs: 10_000, range: null, expects: 'media' };
        const answer = (await window.holdfast?.request(way, { ...request, ...more })) as
          | PlaylistAnswer
          | BegunMedia;
        if (answer.kind === 'failed') throw new Error(`${address} was answered with ${answer.status}`);
        return answer.kind === 'text' ? answer.text.length : answer.bytes.byteLength;
      };
      const timesMs: number[] = [];
      let bytes = 0;
      let left = count;
      const startedMs = performance.now();
      await Promise.all(
        Array.from({ length: inFlight }, async () => {
          while (left > 0) {
            left -= 1;
            const askedMs = performance.now();
            bytes = await (way === 'fetch' ? byFetch() : overBridge());
            timesMs.push(performance.now() - askedMs);
          }
        }),
      );
      return { timesMs, elapsedMs: performance.now() - startedMs, bytes };
    },
    { address, way, count, inFlight },
  );
}
