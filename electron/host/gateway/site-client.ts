import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { errorCode, GatewayFailure } from './gateway-failure.ts';
import { type HiddenToken, searchWithToken, urlWithoutToken, withoutTokenParameter } from './query-token.ts';
import type { SiteBase } from './site-base.ts';
import { outsideWords, type SiteBases, type SiteTarget } from './site-bases.ts';
import type { SiteConnections } from './site-connections.ts';
import type { SiteCookies } from './site-cookies.ts';
import type { RequestLogin } from './site-credentials.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** A body that nobody wants is read up to this size to keep its connection; a longer one closes it. */
const DISCARD_BYTES = 65_536;

/** Most interim answers (RFC 9110 section 15.2) before the answer itself. */
const MAX_INTERIM = 20;

const NO_LOGIN: RequestLogin = { kind: 'none' };

/** All that it takes to ask one site. */
export interface SiteAccess {
  readonly bases: SiteBases;
  /** Those of the bases that take the site's login are apart from those of the others: a cookie may be the login. */
  readonly cookiesOf: (base: SiteBase) => SiteCookies;
  readonly connectionsTo: (base: SiteBase) => SiteConnections;
}

export interface SingleRequest {
  readonly connections: SiteConnections;
  /** Those that go along; what the answer sets is for the caller to take. */
  readonly cookies: Pick<SiteCookies, 'headerFor'>;
  readonly login: RequestLogin;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string;
  /** It is for a stream that is lost: the name of the site is looked up before. */
  readonly isDoubted?: boolean;
  /** Told how long the request waited for a new connection, ms. */
  readonly onConnected?: (tookMs: number) => void;
  /** Closes whatever is open for the request, answered or not. */
  readonly signal: AbortSignal;
}

/** Where the login of one request comes from. */
export interface LoginSource {
  /**
   * Asked at the first base that takes it, and not before: it may have to be fetched.
   * @throws GatewayFailure where there is none to be had
   */
  readonly login: () => Promise<RequestLogin>;
  /** As far as it is known, whether it goes along or not: no page may see it. */
  readonly token: () => HiddenToken | null;
}

export interface SiteRequest {
  readonly access: SiteAccess;
  readonly target: SiteTarget;
  readonly login: LoginSource;
  readonly method: 'GET' | 'HEAD';
  readonly headers: OutgoingHttpHeaders;
  /** It is for a stream that is lost. */
  readonly isDoubted: boolean;
  readonly signal: AbortSignal;
  readonly progress: SiteProgress;
}

/** How far a request has come; kept up to date by {@link askSite}. */
export interface SiteProgress {
  /** Those that are asked now, after redirects; `null` while a login is waited for. */
  connections: SiteConnections | null;
  /** What they answered; `null` before the status line came. */
  status: number | null;
  /** What was spent on connecting so far, ms: it says nothing of how fast the site sends. */
  connectMs: number;
}

export interface SiteAnswer {
  readonly response: IncomingMessage;
  /** What answered, after redirects. */
  readonly target: SiteTarget;
  /** What went along with the request that was answered. */
  readonly login: RequestLogin;
  /** What no page may see of the login, whether it went along there or not. */
  readonly token: HiddenToken | null;
}

/**
 * Asks a site, following its redirects as long as they stay below one of its bases.
 *
 * @throws GatewayFailure `redirect-refused`; what the login's source throws; the signal's reason; or Node's error of the
 *   connection
 */
export async function askSite(request: SiteRequest): Promise<SiteAnswer> {
  const { access, method, headers, isDoubted, signal, progress, login: source } = request;
  const onConnected = (tookMs: number): void => {
    progress.connectMs += tookMs;
  };
  const redirects: IncomingMessage[] = [];
  let siteLogin: RequestLogin | null = null;
  let target = request.target;
  while (redirects.length <= MAX_REDIRECTS) {
    const connections = access.connectionsTo(target.base);
    const cookies = access.cookiesOf(target.base);
    progress.connections = null;
    progress.status = null;
    const login: RequestLogin = target.base.takesLogin ? (siteLogin ?? (await source.login())) : NO_LOGIN;
    if (target.base.takesLogin) siteLogin = login;
    progress.connections = connections;
    const url = new URL(target.url);
    // A site that redirects a request as it came writes the token of its query into the new address.
    if (!target.base.takesLogin) url.search = withoutTokenParameter(url.search, source.token());
    const response = await askOnce(
      { connections, cookies, login, method, headers, isDoubted, onConnected, signal },
      url,
    );
    progress.status = response.statusCode ?? 0;
    // Where a cookie is the session, a refusal brings none: a late one would replace the session that was issued meanwhile.
    if (login.kind !== 'cookie' || !isRefusal(progress.status))
      cookies.take(url, response.headers['set-cookie']);
    if (!REDIRECTS.has(progress.status)) {
      for (const redirect of redirects) endWith(redirect, response);
      return { response, target, login, token: source.token() };
    }
    redirects.push(response);
    discard(response);
    target = redirectTarget(response.headers.location, target, access, source.token());
  }
  throw new GatewayFailure(
    'redirect-refused',
    `${access.connectionsTo(target.base).name} redirected more than ${MAX_REDIRECTS} times`,
  );
}

/** Whether a status says that the login is not good. */
export function isRefusal(status: number | undefined): boolean {
  return status === 401 || status === 403;
}

function redirectTarget(
  location: string | undefined,
  from: SiteTarget,
  { bases, connectionsTo }: SiteAccess,
  token: HiddenToken | null,
): SiteTarget {
  const siteName = connectionsTo(from.base).name;
  const address = location === undefined ? '' : decodedLocation(location);
  if (address === '' || !URL.canParse(address, from.url.href))
    throw new GatewayFailure('redirect-refused', `${siteName} redirected without saying where to`);
  const url = new URL(address, from.url);
  // What is relative to the answer's address would have it too. It goes along nowhere: a site has one login.
  url.username = '';
  url.password = '';
  const base = bases.containing(url);
  if (base !== null) return { base, url };
  const outside = bases.outside(urlWithoutToken(url, token), from);
  throw new GatewayFailure('redirect-refused', `${siteName} redirected to ${outsideWords(outside)}`);
}

/** Some servers write a name into it as it is, in UTF-8; Node reads headers as Latin-1. */
function decodedLocation(location: string): string {
  const bytes = Buffer.from(location, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : location;
}

/** Reads a body to its end, so that its connection can be used again, or closes it where that takes too much. */
export function discard(response: IncomingMessage, done?: () => void): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DISCARD_BYTES) response.destroy();
  });
  response.once('close', () => done?.());
}

/** Closes an earlier answer with a later one: where its body never ends it would keep its connection for ever. */
export function endWith(earlier: IncomingMessage, later: IncomingMessage): void {
  later.once('close', () => earlier.destroy());
}

/**
 * Asks a site for the one address; a redirect is an answer like others. Where an address of the site's name fails, the next one is
 * asked, once.
 *
 * @throws the signal's reason, or Node's error of the connection
 */
export async function askOnce(request: SingleRequest, url: URL): Promise<IncomingMessage> {
  const { connections, isDoubted = false } = request;
  if (isDoubted) await connections.addresses.lookAgain();
  let first: IncomingMessage | null = null;
  try {
    first = await sendOnce(request, url);
    if (!failsAt(first, request)) return first;
    discard(first);
  } catch (error) {
    if (!(error instanceof AskAgain)) throw error;
    // Where the site closed an idle connection, the other idle ones are as old; without them the second try gets a
    // fresh one for certain.
    connections.closeIdle();
  }
  try {
    const second = await sendOnce(request, url);
    if (first !== null) endWith(first, second);
    return second;
  } catch (error) {
    first?.destroy();
    throw error instanceof AskAgain ? error.cause : error;
  }
}

/** Tells the connections what the answer says of their address. @returns whether another one is to be asked */
function failsAt(response: IncomingMessage, { connections, isDoubted = false }: SingleRequest): boolean {
  const isFailure = (response.statusCode ?? 0) >= 500;
  if (isFailure) return connections.accuse(response.socket, 'failed');
  if (isDoubted) connections.accuse(response.socket, 'dead-stream');
  else connections.proved(response.socket);
  return false;
}

/**
 * The request may be sent once more. Either a connection out of the pool was closed before it had said a byte (the keep-alive race,
 * which is no evidence of anything), or there is another address.
 */
class AskAgain extends Error {}

function sendOnce(request: SingleRequest, url: URL): Promise<IncomingMessage> {
  const { connections, cookies, login, method, signal, onConnected } = request;
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    if (login.kind === 'query') target.search = searchWithToken(url.search, login);
    const cookie = cookies.headerFor(url);
    const askedMs = connections.now();
    const outgoing = connections.request(
      target,
      method,
      {
        ...request.headers,
        ...(login.kind === 'header' && { authorization: `${login.scheme} ${login.value}` }),
        ...(cookie !== undefined && { cookie }),
        'accept-encoding': 'identity',
      },
      signal,
    );
    let receivedBefore = 0;
    const onAbort = (): void => {
      if (isLate(signal.reason)) connections.accuse(outgoing.socket, 'failed');
      outgoing.destroy();
      reject(signal.reason);
    };
    outgoing.once('socket', (socket) => {
      receivedBefore = socket.bytesRead;
      if (!outgoing.reusedSocket) onConnected?.(connections.now() - askedMs);
    });
    outgoing.on('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      reject(!signal.aborted && mayAskAgain(error) ? new AskAgain('', { cause: error }) : error);
    });
    const mayAskAgain = (error: Error): boolean => {
      const closed = ['ECONNRESET', 'EPIPE'].includes(errorCode(error));
      const silent = (outgoing.socket?.bytesRead ?? 0) === receivedBefore;
      const isRace = outgoing.reusedSocket && closed && silent;
      return isRace || connections.accuse(outgoing.socket, 'failed');
    };
    let interim = 0;
    outgoing.on('information', () => {
      interim += 1;
      if (interim <= MAX_INTERIM) return;
      const words = `${connections.name} sent more than ${MAX_INTERIM} interim answers`;
      const failure = new GatewayFailure('not-media', words);
      // At once: the answer itself may have come in the same piece, and would be told before the connection's end.
      reject(failure);
      outgoing.destroy(failure);
    });
    outgoing.once('response', (response) => {
      signal.removeEventListener('abort', onAbort);
      // Whoever reads the body is told of its errors there; one that comes before or after ends here.
      response.on('error', () => undefined);
      signal.addEventListener('abort', () => response.destroy(signal.reason), { once: true });
      resolve(response);
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else outgoing.end(request.body);
  });
}

/** Whether a request was ended because its answer did not come in time. */
function isLate(reason: unknown): boolean {
  return reason instanceof GatewayFailure && reason.reason === 'timeout';
}
