import type { OutgoingHttpHeaders } from 'node:http';
import tls from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../shared/clock.ts';
import type { Site } from '../../shared/config/config.ts';
import {
  CONNECT_HEADER,
  DEADLINE_HEADER,
  DEFAULT_DEADLINE_MS,
  DOUBT_HEADER,
  EXPECTATIONS,
  EXPECTS_HEADER,
  type Expectation,
  MAX_DEADLINE_MS,
  REQUEST_ID_HEADER,
  SITE_HEADER,
} from '../../shared/gateway/gateway-contract.ts';
import { answerForPage, headersForPage } from './gateway/answer-for-page.ts';
import { Exchange } from './gateway/exchange.ts';
import { GatewayFailure, toGatewayFailure } from './gateway/failures.ts';
import { failureResponse, plainStatus } from './gateway/gateway-response.ts';
import { ListReader } from './gateway/list-reader.ts';
import { outsideWords, reasonOutside, SiteBases, type SiteTarget } from './gateway/site-bases.ts';
import {
  askSite,
  discard,
  isRefusal,
  type LoginSource,
  type SiteAccess,
  type SiteAnswer,
  type SiteProgress,
} from './gateway/site-client.ts';
import { SiteConnections } from './gateway/site-connections.ts';
import { SiteCookies } from './gateway/site-cookies.ts';
import {
  hiddenTokenOf,
  type SecretEnvironment,
  type SiteLogin,
  siteLogin,
} from './gateway/site-credentials.ts';
import { SiteSession } from './gateway/site-session.ts';
import { computerTrust } from './gateway/site-trust.ts';
import { createSystemLookup, type Lookup } from './gateway/system-lookup.ts';
import { isSamePlace } from './site-place.ts';
import { systemClock } from './system-clock.ts';

/** The page's request headers that are passed on to a site. All others stay here. */
const FORWARDED_HEADERS = [
  'accept',
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
] as const;

export interface GatewayOptions {
  readonly sites: readonly Site[];
  readonly clock?: Clock;
  readonly lookup?: Lookup;
  /** Where the values of `{ "env": … }` secrets are found; `process.env` by default. */
  readonly environment?: SecretEnvironment;
  /** Certificates (PEM) of authorities that are trusted instead of the computer's own. */
  readonly authorities?: readonly string[];
}

export interface SiteStats {
  /** All connections, including idle ones and those that are being made. */
  readonly openSockets: number;
  /** Requests whose last byte the page does not have yet. */
  readonly openRequests: number;
  /** Bytes received since the site's connections were set up. */
  readonly receivedBytes: number;
}

export interface Gateway {
  /**
   * Answers a request for `/sites/<siteId>/<path>`, made for a stream of that site, on any origin. Never rejects: a
   * failure is a status with a reason (`shared/gateway/gateway-contract.ts`) or, after the answer has begun, an error
   * of its body.
   */
  handle(request: Request): Promise<Response>;
  /** Ends every request with that id, before or after its answer has begun. */
  cancel(requestId: string): void;
  /** Uses the changed list of sites. Requests to a site that was removed or has moved are cancelled. */
  update(sites: readonly Site[]): void;
  /** By site id. */
  stats(): Record<string, SiteStats>;
  /** Cancels everything and closes every connection; afterwards all requests are answered `cancelled`. */
  dispose(): void;
}

interface SiteEntry {
  readonly site: Site;
  /** By origin: one pool for the base address, and one for each other origin of the further addresses. */
  readonly pools: ReadonlyMap<string, SiteConnections>;
  readonly access: SiteAccess;
  /** `null` for a site without `session` credentials. */
  readonly session: SiteSession | null;
  readonly lists: ListReader;
  readonly exchanges: Set<Exchange>;
}

interface AdmittedRequest {
  readonly entry: SiteEntry;
  readonly target: SiteTarget;
  readonly method: 'GET' | 'HEAD';
  readonly expects: Expectation | null;
  readonly login: SiteLogin;
  /** The stream is lost: the site's name is looked up again. */
  readonly isDoubted: boolean;
  readonly progress: SiteProgress;
}

/** The only way by which pages reach the sites. */
export function createGateway(options: GatewayOptions): Gateway {
  const { clock = systemClock, lookup = createSystemLookup({ clock }), environment = process.env } = options;
  let entries = new Map<string, SiteEntry>();
  let disposed = false;
  let trust: tls.SecureContext | null = null;

  const trusted = (): tls.SecureContext => {
    trust ??=
      options.authorities === undefined
        ? computerTrust()
        : tls.createSecureContext({ ca: [...options.authorities] });
    return trust;
  };

  const nameOf = (site: Site): string => entries.get(site.id)?.site.name ?? site.name;

  const open = (site: Site): SiteEntry => {
    const bases = new SiteBases(site);
    const pools = new Map<string, SiteConnections>();
    for (const { origin } of [bases.main, ...bases.further])
      if (!pools.has(origin)) pools.set(origin, openPool(site, origin, origin === bases.main.origin));
    const lists = new ListReader(bases, clock);
    return { site, pools, ...openLogin(site, bases, pools), lists, exchanges: new Set() };
  };

  /**
   * The pin is for the base address's certificate. A further address has a certificate of its own, signed by an
   * authority.
   */
  const openPool = (site: Site, origin: string, isMain: boolean): SiteConnections =>
    new SiteConnections({
      siteName: () => (isMain ? nameOf(site) : `${nameOf(site)} at ${new URL(origin).host}`),
      baseUrl: origin,
      tlsPin: isMain ? site.tlsPin : undefined,
      trust: trusted,
      lookup,
      clock,
    });

  /** What is replaced with the credentials: the cookies, and the token of a session. */
  const openLogin = (
    site: Site,
    bases: SiteBases,
    pools: ReadonlyMap<string, SiteConnections>,
  ): Pick<SiteEntry, 'access' | 'session'> => {
    const connectionsTo: SiteAccess['connectionsTo'] = ({ origin }) => {
      const pool = pools.get(origin);
      if (pool === undefined) throw new Error(`there are no connections to ${origin}`);
      return pool;
    };
    const loginCookies = new SiteCookies();
    const otherCookies = new SiteCookies();
    const cookiesOf: SiteAccess['cookiesOf'] = ({ takesLogin }) => (takesLogin ? loginCookies : otherCookies);
    const access = { bases, cookiesOf, connectionsTo };
    const { credentials } = site;
    const session =
      credentials?.type === 'session'
        ? new SiteSession({ credentials, siteName: () => nameOf(site), access, clock })
        : null;
    return { access, session };
  };

  const close = ({ site, pools, lists, exchanges }: SiteEntry): void => {
    for (const exchange of [...exchanges])
      exchange.abort(new GatewayFailure('cancelled', `the connections to ${site.name} were closed`));
    lists.dispose();
    for (const pool of pools.values()) pool.dispose();
  };

  const update = (sites: readonly Site[]): void => {
    const before = entries;
    entries = new Map();
    for (const site of sites) {
      const old = before.get(site.id);
      if (old === undefined || !isSamePlace(old.site, site)) entries.set(site.id, open(site));
      else {
        const login = sameCredentials(old.site, site) ? {} : openLogin(site, old.access.bases, old.pools);
        entries.set(site.id, { ...old, site, ...login });
        before.delete(site.id);
      }
    }
    for (const gone of before.values()) close(gone);
  };

  const admit = (request: Request): AdmittedRequest => {
    if (disposed) throw new GatewayFailure('cancelled', 'Holdfast is closing');
    const { pathname, search } = new URL(request.url);
    const [, siteId = '', path = ''] = /^\/sites\/([^/]*)\/?(.*)$/.exec(pathname) ?? [];
    const asking = decodeSiteId(request.headers.get(SITE_HEADER) ?? '');
    if (asking !== decodeSiteId(siteId))
      throw new GatewayFailure(
        'not-allowed',
        `a playlist of ${entries.get(asking)?.site.name ?? 'no known site'} points to another site`,
      );
    const entry = entries.get(asking);
    if (entry === undefined)
      throw new GatewayFailure('unknown-site', `there is no site "${asking}" in the configuration`);
    const { site, access } = entry;
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new GatewayFailure('not-allowed', `${request.method} is not allowed: sites are only read`);
    const outside = reasonOutside(path, search);
    if (outside !== null)
      throw new GatewayFailure(
        'not-allowed',
        `a playlist of ${site.name} points to ${outsideWords(outside)}`,
      );
    const target = access.bases.target(path, search);
    if (target === null)
      throw new GatewayFailure('not-allowed', `the path leaves the base address of ${site.name}`);
    const header = request.headers.get(EXPECTS_HEADER);
    return {
      entry,
      target,
      method: request.method,
      expects: EXPECTATIONS.find((known) => known === header) ?? null,
      login: siteLogin(site.credentials, site.name, environment),
      isDoubted: request.headers.has(DOUBT_HEADER),
      progress: { connections: null, status: null, connectMs: 0 },
    };
  };

  const begin = ({ entry, progress }: AdmittedRequest, request: Request): Exchange => {
    const { access, exchanges } = entry;
    const deadlineMs = grantedDeadlineMs(request.headers.get(DEADLINE_HEADER));
    const exchange: Exchange = new Exchange({
      requestId: request.headers.get(REQUEST_ID_HEADER),
      deadlineMs,
      clock,
      onDeadline: () => lateness(access.connectionsTo(access.bases.main), progress, deadlineMs),
      onEnd: () => exchanges.delete(exchange),
    });
    exchanges.add(exchange);
    const onAbort = (): void =>
      exchange.abort(new GatewayFailure('cancelled', 'the window gave the request up'));
    if (request.signal.aborted) onAbort();
    else request.signal.addEventListener('abort', onAbort, { once: true });
    return exchange;
  };

  update(options.sites);
  return {
    handle: async (request) => {
      let admitted: AdmittedRequest | null = null;
      let exchange: Exchange | null = null;
      try {
        admitted = admit(request);
        exchange = begin(admitted, request);
        exchange.signal.throwIfAborted();
        const response = await answerRequest(admitted, request, exchange);
        const { connectMs } = admitted.progress;
        if (connectMs > 0) response.headers.set(CONNECT_HEADER, String(Math.ceil(connectMs)));
        return response;
      } catch (error) {
        const aborted = exchange?.signal.aborted === true;
        const siteName = admitted?.progress.connections?.name ?? admitted?.entry.site.name ?? '';
        const failure = toGatewayFailure(aborted ? exchange?.signal.reason : error, siteName);
        exchange?.abort(failure);
        // A site that refused a token has answered, however long the next login takes.
        const status = admitted?.progress.status ?? 0;
        return failure.reason === 'timeout' && isRefusal(status)
          ? plainStatus(status)
          : failureResponse(failure);
      }
    },
    cancel: (requestId) => {
      for (const { exchanges } of entries.values())
        for (const exchange of [...exchanges])
          if (exchange.requestId === requestId)
            exchange.abort(new GatewayFailure('cancelled', 'the window cancelled the request'));
    },
    update,
    stats: () =>
      Object.fromEntries(
        [...entries].map(([siteId, { pools, exchanges }]) => [
          siteId,
          {
            openSockets: sum([...pools.values()].map(({ openSockets }) => openSockets)),
            openRequests: exchanges.size,
            receivedBytes: sum([...pools.values()].map(({ receivedBytes }) => receivedBytes)),
          },
        ]),
      ),
    dispose: () => {
      disposed = true;
      update([]);
    },
  };
}

function sameCredentials(a: Site, b: Site): boolean {
  return isDeepStrictEqual(a.credentials, b.credentials);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function decodeSiteId(siteId: string): string {
  try {
    return decodeURIComponent(siteId);
  } catch {
    return siteId;
  }
}

function grantedDeadlineMs(header: string | null): number {
  const askedMs = header !== null && /^\d+$/.test(header) ? Number(header) : DEFAULT_DEADLINE_MS;
  return Math.min(Math.max(askedMs, 1), MAX_DEADLINE_MS);
}

/**
 * The failure at the deadline: it says how far the request had come.
 * @param main where the login is sent for which the request waits
 */
function lateness(
  main: SiteConnections,
  { connections, status }: SiteProgress,
  deadlineMs: number,
): GatewayFailure {
  const inTime = `within ${(deadlineMs / 1000).toFixed(1)} s`;
  const { name, addresses } = connections ?? main;
  if (addresses.waiting)
    return new GatewayFailure('dns', `the host name of ${name} was not looked up ${inTime}`);
  if (connections === null)
    return new GatewayFailure('timeout', `the login at ${name} was not answered ${inTime}`);
  return new GatewayFailure(
    'timeout',
    status === null ? `${name} did not answer ${inTime}` : `${name} answered, but not in full ${inTime}`,
  );
}

async function answerRequest(
  admitted: AdmittedRequest,
  request: Request,
  exchange: Exchange,
): Promise<Response> {
  const { target, method, expects, isDoubted, progress } = admitted;
  const { access, lists } = admitted.entry;
  const { signal } = exchange;
  const headers: OutgoingHttpHeaders = {};
  for (const name of FORWARDED_HEADERS) {
    const value = request.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  const answer = await askWithLogin(admitted, signal, (login) =>
    askSite({ access, target, login, method, headers, isDoubted, signal, progress }),
  );
  const siteName = access.connectionsTo(answer.target.base).name;
  const status = answer.response.statusCode ?? 0;
  if (status < 200 || status > 599)
    throw new GatewayFailure('not-media', `${siteName} answered with the impossible status ${status}`);
  if (status !== 200 && status !== 206) {
    discard(answer.response, () => exchange.end());
    return plainStatus(status);
  }
  return method === 'HEAD'
    ? headersForPage(answer, siteName, exchange)
    : answerForPage({ lists, asked: target, expects, answer, siteName, exchange });
}

function askWithLogin(
  { entry: { session }, target, login }: AdmittedRequest,
  signal: AbortSignal,
  ask: (login: LoginSource) => Promise<SiteAnswer>,
): Promise<SiteAnswer> {
  if (login.kind === 'session') {
    if (session === null) throw new Error('the credentials ask for a session, and the site has none');
    return session.ask({ password: login.password, target: target.url, signal }, ask);
  }
  return ask({
    login: async () => {
      if (login.kind === 'unusable') throw new GatewayFailure('no-login', login.problem);
      return login;
    },
    token: () => hiddenTokenOf(login),
  });
}
