import type { Site } from '../../../shared/config/config.ts';
import {
  EXPECTS_HEADER,
  type Expectation,
  REASON_HEADER,
  REASON_TEXT_HEADER,
  SITE_HEADER,
} from '../../../shared/gateway/gateway-contract.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../gateway.ts';
import { type Answer, type ServerCertificate, type TestPlace, TestSite } from './test-site.ts';

/** An answer of the gateway, read to its end. */
export interface ReadAnswer {
  readonly status: number;
  readonly reason: string | null;
  readonly words: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly text: string;
}

/** The loopback servers and gateways of one test. */
export class GatewayRig {
  private readonly cleanUps: (() => unknown)[] = [];

  async startSite(answer: Answer, certificate?: ServerCertificate, place?: TestPlace): Promise<TestSite> {
    const site = await TestSite.start(answer, certificate, place);
    this.cleanUps.push(() => site.close());
    return site;
  }

  /** Makes a gateway to the site `north`, which is below `/live/` of a server. */
  open(site: TestSite, changes: Partial<Site> = {}, options: Partial<GatewayOptions> = {}): Gateway {
    const gateway = createGateway({ ...options, sites: [north(site, changes)] });
    this.cleanUps.push(() => gateway.dispose());
    return gateway;
  }

  async end(): Promise<void> {
    for (const cleanUp of this.cleanUps.splice(0).reverse()) await cleanUp();
  }
}

export function north(site: TestSite, changes: Partial<Site> = {}): Site {
  return { id: 'north', name: 'North', baseUrl: `http://127.0.0.1:${site.port}/live/`, ...changes };
}

/**
 * Requests a path below `north`, or a whole path. The request is for a stream of that site, unless a header says
 * otherwise.
 */
export async function ask(
  gateway: Gateway,
  path: string,
  { expects, headers = {} }: { expects?: Expectation; headers?: Record<string, string> } = {},
): Promise<ReadAnswer> {
  const address = new URL(path, 'app://holdfast/sites/north/');
  const all = {
    [SITE_HEADER]: address.pathname.split('/')[2] ?? '',
    ...headers,
    ...(expects !== undefined && { [EXPECTS_HEADER]: expects }),
  };
  const response = await gateway.handle(new Request(address, { headers: all }));
  const bytes = Buffer.from(await response.arrayBuffer());
  return {
    status: response.status,
    reason: response.headers.get(REASON_HEADER),
    words: decodeURIComponent(response.headers.get(REASON_TEXT_HEADER) ?? ''),
    headers: Object.fromEntries(response.headers),
    bytes,
    text: bytes.toString(),
  };
}
