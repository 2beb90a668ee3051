import http from 'node:http';
import { createGateway } from '../../../electron/host/gateway.ts';
import { rigForWall } from '../suite/rig-for-wall.ts';
import { IN_FLIGHT, type RequestFigures } from './engine-figures.ts';
import { latenciesOf } from './latencies.ts';
import { type FileKind, newestSegment } from './site-file.ts';

export interface RequestCounts {
  /** One after the other, of each way. */
  readonly single: number;
  /** With {@link IN_FLIGHT} under way. */
  readonly together: number;
}

/** A segment is served for some seconds after it left the playlist; within so many requests it is asked for anew. */
const REQUESTS_A_SEGMENT = 200;

/** One whole answer. @returns its length in bytes */
type Ask = (file: string) => Promise<number>;

/**
 * Asks a site for one file again and again, directly and through the gateway's function in this process, in turns.
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
        new Request(`http://holdfast/sites/${site.id}/${pathOf(address)}`),
      );
      if (response.status !== 200) throw new Error(`the gateway answered ${response.status} for ${address}`);
      return (await response.arrayBuffer()).byteLength;
    };
    const current = async (): Promise<string> =>
      file === 'playlist'
        ? playlist
        : new URL(newestSegment((await getDirectly(playlist, agent)).toString()), playlist).href;

    const times: { direct: number[]; gateway: number[] } = { direct: [], gateway: [] };
    let bytes = 0;
    let address = await current();
    for (let index = 0; index < counts.single; index += 1) {
      if (index % REQUESTS_A_SEGMENT === 0) address = await current();
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
      for (let address = await current(), own = 1; left > 0; own += 1) {
        left -= 1;
        if (own % REQUESTS_A_SEGMENT === 0) address = await current();
        await ask(address);
      }
    }),
  );
  return (requests / (performance.now() - startedMs)) * 1000;
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
