import type { DevToolsClient } from '../suite/devtools-client.ts';
import { openBareWall, openHoldfastWall, untilAllShow } from '../suite/measured-wall.ts';
import { rigForWall } from '../suite/rig-for-wall.ts';
import { IN_FLIGHT, type Latencies, type RequestFigures } from './engine-figures.ts';
import { latenciesOf } from './latencies.ts';
import type { RequestCounts } from './measure-gateway.ts';
import { type FileKind, newestSegment } from './site-file.ts';

/** How long the one tile may take to show a picture, ms. */
const START_TIMEOUT_MS = 30_000;

/**
 * Asks a site for one file by `fetch` in the real windows: from a plain page directly, and from Holdfast's through the
 * protocol handler and the gateway. Each window shows one tile.
 */
export async function measurePage(file: FileKind, counts: RequestCounts): Promise<RequestFigures> {
  const rig = await rigForWall({ tiles: 1, quality: 'main', policies: { hotStandbys: 'off' } });
  try {
    const [playlist = ''] = rig.playlists;
    const [site] = rig.rig.sites;
    if (site === undefined) throw new Error('the rig has no site');
    const bare = await openBareWall(rig.playlists);
    let direct: Fetched;
    try {
      await untilAllShow(bare, 1, START_TIMEOUT_MS);
      direct = await fetchOften(bare.page, playlist, file, counts);
    } finally {
      await bare.close();
    }
    const wall = await openHoldfastWall(rig.configFile, 1);
    try {
      await untilAllShow(wall, 1, START_TIMEOUT_MS);
      const path = playlist.slice(site.baseUrl.replace(/\/$/, '').length + 1);
      const through = await fetchOften(wall.page, `/sites/${site.id}/${path}`, file, counts);
      return { kind: 'requests', bytes: direct.bytes, direct: direct.latencies, gateway: through.latencies };
    } finally {
      await wall.close();
    }
  } finally {
    await rig.close();
  }
}

interface Fetched {
  readonly latencies: Latencies;
  readonly bytes: number;
}

/** @param playlist as the page asks for it */
async function fetchOften(
  page: DevToolsClient,
  playlist: string,
  file: FileKind,
  counts: RequestCounts,
): Promise<Fetched> {
  const text = await page.evaluate(
    async (address) => (await fetch(address, { cache: 'no-store' })).text(),
    playlist,
  );
  const address = file === 'playlist' ? playlist : playlist.replace(/[^/]*$/, newestSegment(text));
  const one = await fetchMany(page, address, counts.single, 1);
  const together = await fetchMany(page, address, counts.together, IN_FLIGHT);
  return {
    latencies: latenciesOf(one.timesMs, (counts.together / together.elapsedMs) * 1000),
    bytes: one.bytes,
  };
}

/** By the page's own clock. */
function fetchMany(
  page: DevToolsClient,
  address: string,
  count: number,
  inFlight: number,
): Promise<{ timesMs: number[]; elapsedMs: number; bytes: number }> {
  return page.evaluate(
    async ({ address, count, inFlight }) => {
      const timesMs: number[] = [];
      let bytes = 0;
      let left = count;
      const startedMs = performance.now();
      await Promise.all(
        Array.from({ length: inFlight }, async () => {
          while (left > 0) {
            left -= 1;
            const askedMs = performance.now();
            const response = await fetch(address, { cache: 'no-store' });
            if (!response.ok) throw new Error(`${address} was answered with ${response.status}`);
            bytes = (await response.arrayBuffer()).byteLength;
            timesMs.push(performance.now() - askedMs);
          }
        }),
      );
      return { timesMs, elapsedMs: performance.now() - startedMs, bytes };
    },
    { address, count, inFlight },
  );
}
