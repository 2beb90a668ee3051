import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import tls from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import type { Site } from '../../shared/config.ts';
import {
  DEADLINE_HEADER,
  DEFAULT_DEADLINE_MS,
  MAX_DEADLINE_MS,
  MAX_PLAYLIST_BYTES,
  MAX_SEGMENT_BYTES,
  REQUEST_ID_HEADER,
} from '../../shared/gateway-contract.ts';
import { type Clock, systemClock } from './clock.ts';
import { Exchange } from './gateway/exchange.ts';
import { GatewayFailure, toGatewayFailure } from './gateway/gateway-failure.ts';
import { failureResponse, safeHeaders } from './gateway/gateway-response.ts';
import { mediaKind, PLAYLIST_TYPE, SNIFF_BYTES } from './gateway/media-type.ts';
import { rewritePlaylist } from './gateway/playlist-rewrite.ts';
import { refusedAddress, SiteBase } from './gateway/site-base.ts';
import { SiteBody, tooLarge } from './gateway/site-body.ts';
import { askSite, discard, type SiteAnswer } from './gateway/site-client.ts';
import { SiteConnections } from './gateway/site-connections.ts';
import {
  type RequestLogin,
  type SecretEnvironment,
  type SiteLogin,
  siteLogin,
} from './gateway/site-credentials.ts';
import { SiteSession } from './gateway/site-session.ts';
import { computerTrust } from './gateway/site-trust.ts';
import { createSystemLookup, type Lookup } from './gateway/system-lookup.ts';

/** The request headers of the page's that a site is told; everything else stays here. */
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
  /** Where `{ "env": … }` secrets are found; `process.env` by default. */
  readonly environment?: SecretEnvironment;
  /** Certificates (PEM) of the authorities to trust instead of those that the computer trusts. */
  readonly authorities?: readonly string[];
}

export interface SiteStats {
  /** Connections, also those being made and the idle ones. */
  readonly openSockets: number;
  /** Requests whose last byte is not with the page yet. */
  readonly openRequests: number;
  /** Bytes received since the site's connections were set up. */
  readonly receivedBytes: number;
}

export interface Gateway {
  /**
   * Answers a request for `/sites/<siteId>/<path>`, on whatever origin. Never rejects: what goes wrong is a
   * status with a reason (`shared/gateway-contract.ts`), or, once the answer has begun, an error of its body.
   */
  handle(request: Request): Promise<Response>;
  /** Ends every request with that id, whether its answer has begun or not. */
  cancel(requestId: string): void;
  /** Takes over changed sites. Requests to a site that is gone, or is elsewhere now, are cancelled. */
  update(sites: readonly Site[]): void;
  /** Per site id. */
  stats(): Record<string, SiteStats>;
  /** Cancels everything and closes every connection; afterwards all requests are answered `cancelled`. */
  dispose(): void;
}

interface SiteEntry {
  readonly site: Site;
  readonly base: SiteBase;
  readonly connections: SiteConnections;
  /** Of a site with `session` credentials. */
  readonly session: SiteSession | null;
  readonly exchanges: Set<Exchange>;
}

interface Errand {
  readonly entry: SiteEntry;
  readonly target: URL;
  readonly method: 'GET' | 'HEAD';
  readonly login: Exclude<SiteLogin, { kind: 'unusable' }>;
}

/** A site's answer, and the login that went along with the request. */
interface Outcome extends SiteAnswer {
  readonly login: RequestLogin;
}

/** The one door between the pages and the sites (architecture.md, "The gateway"). */
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
    const base = new SiteBase(site.id, site.baseUrl);
    const connections = new SiteConnections({
      siteName: () => nameOf(site),
      baseUrl: site.baseUrl,
      tlsPin: site.tlsPin,
      trust: trusted,
      lookup,
      clock,
    });
    return {
      site,
      base,
      connections,
      session: openSession(site, base, connections),
      exchanges: new Set(),
    };
  };

  const openSession = (site: Site, base: SiteBase, connections: SiteConnections): SiteSession | null =>
    site.credentials?.type === 'session'
      ? new SiteSession({
          credentials: site.credentials,
          siteName: () => nameOf(site),
          base,
          connections,
          clock,
        })
      : null;

  const close = ({ site, connections, exchanges }: SiteEntry): void => {
    for (const exchange of [...exchanges])
      exchange.abort(new GatewayFailure('cancelled', `the connections to ${site.name} were closed`));
    connections.dispose();
  };

  const update = (sites: readonly Site[]): void => {
    const before = entries;
    entries = new Map();
    for (const site of sites) {
      const old = before.get(site.id);
      if (old === undefined || !sameConnections(old.site, site)) entries.set(site.id, open(site));
      else {
        const session = sameCredentials(old.site, site)
          ? old.session
          : openSession(site, old.base, old.connections);
        entries.set(site.id, { ...old, site, session });
        before.delete(site.id);
      }
    }
    for (const gone of before.values()) close(gone);
  };

  const admit = (request: Request): Errand => {
    if (disposed) throw new GatewayFailure('cancelled', 'Holdfast is closing');
    const { pathname, search } = new URL(request.url);
    const [, siteId = '', path = ''] = /^\/sites\/([^/]*)\/?(.*)$/.exec(pathname) ?? [];
    const entry = entries.get(decodeSiteId(siteId));
    if (entry === undefined)
      throw new GatewayFailure(
        'unknown-site',
        `there is no site "${decodeSiteId(siteId)}" in the configuration`,
      );
    const { site, base } = entry;
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new GatewayFailure('not-allowed', `${request.method} is not allowed: sites are only read`);
    const outside = refusedAddress(path, search);
    if (outside !== null)
      throw new GatewayFailure(
        'not-allowed',
        `a playlist of ${site.name} points to ${outside}, outside of the site's base address`,
      );
    const target = base.target(path, search);
    if (target === null)
      throw new GatewayFailure('not-allowed', `the path leaves the base address of ${site.name}`);
    const login = siteLogin(site.credentials, site.name, environment);
    if (login.kind === 'unusable') throw new GatewayFailure('no-login', login.problem);
    return { entry, target, method: request.method, login };
  };

  const begin = ({ entry }: Errand, request: Request): Exchange => {
    const { site, connections, exchanges } = entry;
    const deadlineMs = grantedDeadlineMs(request.headers.get(DEADLINE_HEADER));
    const exchange: Exchange = new Exchange({
      requestId: request.headers.get(REQUEST_ID_HEADER),
      deadlineMs,
      clock,
      onDeadline: () => {
        const seconds = (deadlineMs / 1000).toFixed(1);
        return connections.addresses.waiting
          ? new GatewayFailure('dns', `the look-up of the host name of ${site.name} took over ${seconds} s`)
          : new GatewayFailure('timeout', `${site.name} did not answer in full within ${seconds} s`);
      },
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
      let exchange: Exchange | null = null;
      let siteName = '';
      try {
        const errand = admit(request);
        siteName = errand.entry.site.name;
        exchange = begin(errand, request);
        exchange.signal.throwIfAborted();
        return await carryOut(errand, request, exchange);
      } catch (error) {
        const aborted = exchange?.signal.aborted === true;
        const failure = toGatewayFailure(aborted ? exchange?.signal.reason : error, siteName);
        exchange?.abort(failure);
        return failureResponse(failure);
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
        [...entries].map(([siteId, { connections, exchanges }]) => [
          siteId,
          {
            openSockets: connections.openSockets,
            openRequests: exchanges.size,
            receivedBytes: connections.receivedBytes,
          },
        ]),
      ),
    dispose: () => {
      disposed = true;
      update([]);
    },
  };
}

function sameConnections(a: Site, b: Site): boolean {
  return a.baseUrl === b.baseUrl && a.tlsPin === b.tlsPin;
}

function sameCredentials(a: Site, b: Site): boolean {
  return isDeepStrictEqual(a.credentials, b.credentials);
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

async function carryOut(errand: Errand, request: Request, exchange: Exchange): Promise<Response> {
  const { entry, target, method } = errand;
  const { site, base, connections } = entry;
  const headers: OutgoingHttpHeaders = {};
  for (const name of FORWARDED_HEADERS) {
    const value = request.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  const answer = await askWithLogin(errand, exchange.signal, async (login) => ({
    login,
    ...(await askSite({
      siteName: site.name,
      base,
      connections,
      login,
      target,
      method,
      headers,
      signal: exchange.signal,
    })),
  }));
  const status = answer.response.statusCode ?? 0;
  if (status < 200 || status > 599)
    throw new GatewayFailure('not-media', `${site.name} answered with the impossible status ${status}`);
  if (status !== 200 && status !== 206) {
    discard(answer.response, () => exchange.end());
    return new Response(null, { status, headers: safeHeaders({}) });
  }
  const encoding = answer.response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw new GatewayFailure('not-media', `${site.name} compressed its answer unasked (${encoding})`);
  return method === 'HEAD' ? headOnly(errand, answer, exchange) : inFull(errand, answer, exchange);
}

function askWithLogin(
  { entry: { session }, target, login }: Errand,
  signal: AbortSignal,
  ask: (login: RequestLogin) => Promise<Outcome>,
): Promise<Outcome> {
  if (login.kind !== 'session') return ask(login);
  if (session === null) throw new Error('the credentials ask for a session, and the site has none');
  return session.ask({ password: login.password, target, signal }, ask);
}

function headOnly({ entry }: Errand, { response, url }: SiteAnswer, exchange: Exchange): Response {
  const kind = mediaKind(response.headers['content-type'], url.pathname, null);
  if (kind.kind === 'refused') throw notMedia(entry.site, response);
  discard(response, () => exchange.end());
  return new Response(null, {
    status: response.statusCode ?? 200,
    // A playlist's length is known only once it was rewritten.
    headers: kind.kind === 'playlist' ? playlistHeaders() : mediaHeaders(kind.type, response),
  });
}

async function inFull(
  errand: Errand,
  { response, url, login }: Outcome,
  exchange: Exchange,
): Promise<Response> {
  const { entry, target } = errand;
  const { site, base } = entry;
  const body = new SiteBody(response, site.name);
  const kind = mediaKind(response.headers['content-type'], url.pathname, await body.peek(SNIFF_BYTES));
  if (kind.kind === 'refused') throw notMedia(site, response);
  const limitBytes = kind.kind === 'playlist' ? MAX_PLAYLIST_BYTES : MAX_SEGMENT_BYTES;
  if (Number(response.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(site.name, limitBytes);
  if (kind.kind === 'media')
    return new Response(streamOf(body, limitBytes, site.name, exchange), {
      status: response.statusCode ?? 200,
      headers: mediaHeaders(kind.type, response),
    });
  const text = new TextDecoder().decode(await body.all(limitBytes));
  exchange.end();
  const token = login.kind === 'query' ? login : null;
  const playlist = rewritePlaylist(text, { base, asked: target, answered: url, token });
  return new Response(playlist, { status: 200, headers: playlistHeaders() });
}

function notMedia(site: Site, response: IncomingMessage): GatewayFailure {
  const type = response.headers['content-type'] ?? 'no content type';
  return new GatewayFailure('not-media', `${site.name} sent neither a playlist nor media (${type})`);
}

function playlistHeaders(): Headers {
  return safeHeaders({ 'content-type': PLAYLIST_TYPE });
}

function mediaHeaders(type: string, response: IncomingMessage): Headers {
  const { 'content-length': length, 'content-range': range } = response.headers;
  return safeHeaders({
    'content-type': type,
    'content-length': length,
    'content-range': range !== undefined && /^bytes \d+-\d+\/(\d+|\*)$/.test(range) ? range : undefined,
  });
}

/** The body for the page: read from the site when the page asks for more, and not before. */
function streamOf(
  body: SiteBody,
  limitBytes: number,
  siteName: string,
  exchange: Exchange,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (controller) => {
        exchange.signal.addEventListener('abort', () => controller.error(exchange.signal.reason), {
          once: true,
        });
      },
      pull: async (controller) => {
        try {
          const chunk = await body.next(limitBytes);
          if (exchange.signal.aborted) return;
          if (chunk === null) {
            exchange.end();
            controller.close();
          } else {
            // A copy of its own: Node's buffer may be part of a larger one that others still use.
            controller.enqueue(new Uint8Array(chunk));
          }
        } catch (error) {
          exchange.abort(toGatewayFailure(error, siteName));
        }
      },
      cancel: () => exchange.abort(new GatewayFailure('cancelled', 'the window gave the answer up')),
    },
    { highWaterMark: 0 },
  );
}
