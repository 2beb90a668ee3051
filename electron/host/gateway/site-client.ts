import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { errorCode, GatewayFailure } from './failures.ts';
import { type HiddenToken, searchWithToken, urlWithoutToken, withoutTokenParameter } from './query-token.ts';
import type { SiteBase } from './site-base.ts';
import { outsideWords, type SiteBases, type SiteTarget } from './site-bases.ts';
import type { SiteConnections } from './site-connections.ts';
import type { SiteCookies } from './site-cookies.ts';
import type { RequestLogin } from './site-credentials.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** An unwanted body is read up to this size, to keep its connection. A longer body closes it. */
const DISCARD_BYTES = 65_536;

/** Limit of interim answers (RFC 9110 section 15.2) before the answer itself. */
const MAX_INTERIM = 20;

const NO_LOGIN: RequestLogin = { kind: 'none' };

/** Everything that is needed to send requests to one site. */
export interface SiteAccess {
  readonly bases: SiteBases;
  /** Bases that take the site's login have other cookies than the rest, because a cookie may be the login. */
  readonly cookiesOf: (base: SiteBase) => SiteCookies;
  readonly connectionsTo: (base: SiteBase) => SiteConnections;
}

export interface SingleRequest {
  readonly connections: SiteConnections;
  /** The cookies to send; the caller keeps those that the answer sets. */
  readonly cookies: Pick<SiteCookies, 'headerFor'>;
  readonly login: RequestLogin;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string;
  /** The stream is lost: the site's name is looked up first. */
  readonly isDoubted?: boolean;
  /** Called with the time for which the request waited for a new connection, ms. */
  readonly onConnected?: (tookMs: number) => void;
  /** Closes everything that is open for the request, answered or not. */
  readonly signal: AbortSignal;
}

/** The source of the login for one request. */
export interface LoginSource {
  /**
   * Called at the first base that takes the login, and not before: the login may have to be fetched.
   * @throws GatewayFailure where there is no login
   */
  readonly login: () => Promise<RequestLogin>;
  /** The token, if it is known, whether it is sent or not: no page may see it. */
  readonly token: () => HiddenToken | null;
}

export interface SiteRequest {
  readonly access: SiteAccess;
  readonly target: SiteTarget;
  readonly login: LoginSource;
  readonly method: 'GET' | 'HEAD';
  readonly headers: OutgoingHttpHeaders;
  /** The stream is lost. */
  readonly isDoubted: boolean;
  readonly signal: AbortSignal;
  readonly progress: SiteProgress;
}

/** How far a request has come; {@link askSite} keeps it up to date. */
export interface SiteProgress {
  /** The connections in use, after redirects; `null` while the request waits for a login. */
  connections: SiteConnections | null;
  /** The status of their answer; `null` before the status line came. */
  status: number | null;
  /** Time spent on connecting so far, ms: it says nothing about the speed at which the site sends. */
  connectMs: number;
}

export interface SiteAnswer {
  readonly response: IncomingMessage;
  /** The address that answered, after redirects. */
  readonly target: SiteTarget;
  /** The login that was sent with the answered request. */
  readonly login: RequestLogin;
  /** The part of the login that no page may see, whether it was sent or not. */
  readonly token: HiddenToken | null;
}

/**
 * Sends a request to a site, and follows its redirects as long as they stay below one of its bases.
 * @throws GatewayFailure `redirect-refused`; what the login's source throws; the signal's reason; or Node's error of
 * the connection
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
    // A site that redirects the request unchanged writes the token of its query into the new address.
    if (!target.base.takesLogin) url.search = withoutTokenParameter(url.search, source.token());
    const response = await askOnce(
      { connections, cookies, login, method, headers, isDoubted, onConnected, signal },
      url,
    );
    progress.status = response.statusCode ?? 0;
    // Where a cookie is the session, those of a refusal are ignored: a late refusal would replace a session issued
    // meanwhile.
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

/** Whether a status says that the login is not valid. */
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
  // Otherwise addresses relative to the answer's would contain it. It is never sent: a site has one login.
  url.username = '';
  url.password = '';
  const base = bases.containing(url);
  if (base !== null) return { base, url };
  const outside = bases.outside(urlWithoutToken(url, token), from);
  throw new GatewayFailure('redirect-refused', `${siteName} redirected to ${outsideWords(outside)}`);
}

/** Some servers write a name unencoded in UTF-8; Node reads headers as Latin-1. */
function decodedLocation(location: string): string {
  const bytes = Buffer.from(location, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : location;
}

/**
 * Reads a body to its end, so that its connection can be used again, or closes the connection if the body is too long.
 */
export function discard(response: IncomingMessage, done?: () => void): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DISCARD_BYTES) response.destroy();
  });
  response.once('close', () => done?.());
}

/** Closes an earlier answer together with a later one: a body without an end would keep its connection for ever. */
export function endWith(earlier: IncomingMessage, later: IncomingMessage): void {
  later.once('close', () => earlier.destroy());
}

/**
 * Sends a request to one address of a site; a redirect is an answer like any other. If an address of the site's name
 * fails, the next one is tried, once.
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
    // If the site closed one idle connection, it has probably closed the others too. Without them, the next attempt
    // gets a fresh one.
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

/**
 * Reports to the connections what the answer says about their address.
 * @returns whether another address is to be tried
 */
function failsAt(response: IncomingMessage, { connections, isDoubted = false }: SingleRequest): boolean {
  const isFailure = (response.statusCode ?? 0) >= 500;
  if (isFailure) return connections.accuse(response.socket, 'failed');
  if (isDoubted) connections.accuse(response.socket, 'dead-stream');
  else connections.proved(response.socket);
  return false;
}

/**
 * The request may be sent once more: either a pooled connection was closed before its first byte (the keep-alive race,
 * which is no evidence), or there is another address.
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
      // Rejected immediately: the answer itself may have come in the same piece, and would be handled before the
      // connection's end.
      reject(failure);
      outgoing.destroy(failure);
    });
    outgoing.once('response', (response) => {
      signal.removeEventListener('abort', onAbort);
      // The reader of the body gets its errors. This handler takes those before and after it.
      response.on('error', () => undefined);
      signal.addEventListener('abort', () => response.destroy(signal.reason), { once: true });
      resolve(response);
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else outgoing.end(request.body);
  });
}

/** Whether a request was ended because its answer was late. */
function isLate(reason: unknown): boolean {
  return reason instanceof GatewayFailure && reason.reason === 'timeout';
}
