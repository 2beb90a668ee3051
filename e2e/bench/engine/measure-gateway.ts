import http from 'node:http';
import { createGateway } from '../../../electron/host/gateway.ts';
import { SITE_HEADER } from '../../../shared/gateway/gateway-contract.ts';
import { rigForWall } from '../suite/rig-for-wall.ts';
import { IN_FLIGHT, type RequestFigures } from './engine-figures.ts';
import { latenciesOf } from './latencies.ts';
import { type FileKind, newestSegment } from './site-file.ts';

export interface RequestCounts {
  /** Number of requests one at a time, for each way. */
  readonly single: number;
  /** Number of requests with {@link IN_FLIGHT} of them under way, for each way. */
  readonly together: number;
}

/**
 * Age after which the address of the newest segment is looked up again, ms. A site serves a segment only for some seconds
 * after it left the playlist.
 */
const ADDRESS_AGE_MS = 1000;

/** Requests a file and reads the whole answer. @returns its length, bytes */
type Ask = (file: string) => Promise<number>;

/**
 * Requests one file from a site repeatedly, in turn directly and through the gateway's function in this process.
 * @throws for an answer that is not 200
 */
export async function measureGateway(file: FileKind, counts: RequestCounts): Promise<RequestFigures> {
  const rig = await rigForWall({ tiles: 1, quality: 'main' });
  const gateway = createGateway({ sites: rig.rig.config().sites });
  const agent = new http.Agent({ keepAlive: true });
  try {
    const [playlist = ''] = rig.playlists;
    const [site] = rig.rig.sites;
    if (site === undefined) throw new Error('the rig has no site');
    const pathOf = (address: string): string => address.slice(site.baseUrl.replace(/\/$/, '').length + 1);
    const direct: Ask = async (address) => (await getDirectly(address, agent)).length;
    const through: Ask = async (address) => {
      const response = await gateway.handle(
        new Request(`http://holdfast/sites/${site.id}/${pathOf(address)}`, {
          headers: { [SITE_HEADER]: site.id },
        }),
      );
      if (response.status !== 200) throw new Error(`the gateway answered ${response.status} for ${address}`);
      return (await response.arrayBuffer()).byteLength;
    };
    const current = keptFor(ADDRESS_AGE_MS, async () =>
      file === 'playlist'
        ? playlist
        : new URL(newestSegment((await getDirectly(playlist, agent)).toString()), playlist).href,
    );

    const times: { direct: number[]; gateway: number[] } = { direct: [], gateway: [] };
    let bytes = 0;
    for (let index = 0; index < counts.single; index += 1) {
      const address = await current();
      times.direct.push(await timeOf(() => direct(address)));
      times.gateway.push(
        await timeOf(async () => {
          bytes = await through(address);
        }),
      );
    }
    const directPerS = await ratePerS(direct, current, counts.together);
    const gatewayPerS = await ratePerS(through, current, counts.together);
    return {
      kind: 'requests',
      bytes,
      direct: latenciesOf(times.direct, directPerS),
      gateway: latenciesOf(times.gateway, gatewayPerS),
    };
  } finally {
    agent.destroy();
    gateway.dispose();
    await rig.close();
  }
}

async function ratePerS(ask: Ask, current: () => Promise<string>, requests: number): Promise<number> {
  let left = requests;
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left > 0) {
        left -= 1;
        await ask(await current());
      }
    }),
  );
  return (requests / (performance.now() - startedMs)) * 1000;
}

/** Calls `ask` again only when its last answer is older than `ageMs`. All callers until then share that answer. */
function keptFor(ageMs: number, ask: () => Promise<string>): () => Promise<string> {
  let answer = ask();
  let askedMs = performance.now();
  return () => {
    if (performance.now() - askedMs > ageMs) {
      answer = ask();
      askedMs = performance.now();
    }
    return answer;
  };
}

async function timeOf(action: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await action();
  return performance.now() - startedMs;
}

function getDirectly(address: string, agent: http.Agent): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const request = http.get(address, { agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks));
        else reject(new Error(`the site answered ${response.statusCode} for ${address}`));
      });
    });
    request.once('error', reject);
  });
}
