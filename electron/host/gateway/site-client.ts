import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { errorCode, GatewayFailure } from './gateway-failure.ts';
import type { SiteBase } from './site-base.ts';
import type { SiteConnections } from './site-connections.ts';
import { type RequestLogin, searchWithLogin } from './site-credentials.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** A body that nobody wants is read up to this size to keep its connection; a longer one closes it. */
const DISCARD_BYTES = 65_536;

export interface SingleRequest {
  readonly connections: SiteConnections;
  readonly login: RequestLogin;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string;
  /** Closes whatever is open for the request, answered or not. */
  readonly signal: AbortSignal;
}

export interface SiteRequest extends SingleRequest {
  readonly siteName: string;
  readonly base: SiteBase;
  readonly target: URL;
  readonly method: 'GET' | 'HEAD';
}

export interface SiteAnswer {
  readonly response: IncomingMessage;
  /** The address that answered, after redirects. */
  readonly url: URL;
}

/**
 * Asks a site, following its redirects as long as they stay below its base.
 *
 * @throws GatewayFailure `redirect-refused`; the signal's reason; or Node's error of the connection
 */
export async function askSite(request: SiteRequest): Promise<SiteAnswer> {
  const { siteName, base } = request;
  const redirects: IncomingMessage[] = [];
  let url = request.target;
  while (redirects.length <= MAX_REDIRECTS) {
    const response = await askOnce(request, url);
    if (!REDIRECTS.has(response.statusCode ?? 0)) {
      // A redirect whose own body never ends would keep its connection for ever.
      response.once('close', () => {
        for (const redirect of redirects) redirect.destroy();
      });
      return { response, url };
    }
    redirects.push(response);
    discard(response);
    url = redirectTarget(response.headers.location, url, base, siteName);
  }
  throw new GatewayFailure('redirect-refused', `${siteName} redirected more than ${MAX_REDIRECTS} times`);
}

function redirectTarget(location: string | undefined, from: URL, base: SiteBase, siteName: string): URL {
  if (location === undefined || !URL.canParse(location, from.href))
    throw new GatewayFailure('redirect-refused', `${siteName} redirected without saying where to`);
  const url = new URL(location, from);
  if (!base.contains(url))
    throw new GatewayFailure(
      'redirect-refused',
      `${siteName} redirected to ${url.origin === base.origin ? 'a folder' : url.origin} outside of its base address`,
    );
  return url;
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

/**
 * Asks a site for the one address; a redirect is an answer like others.
 *
 * @throws the signal's reason, or Node's error of the connection
 */
export async function askOnce(request: SingleRequest, url: URL): Promise<IncomingMessage> {
  try {
    return await sendOnce(request, url);
  } catch (error) {
    if (!(error instanceof IdleConnectionLost)) throw error;
    // The site closed an idle connection while the request was under way: no evidence of anything. The
    // other idle ones are as old; without them the second try gets a fresh connection for certain.
    request.connections.closeIdle();
    return sendOnce(request, url);
  }
}

/** The keep-alive race: a connection out of the pool was closed before it had said a byte. */
class IdleConnectionLost extends Error {
  readonly code = 'ECONNRESET';
}

function sendOnce(request: SingleRequest, url: URL): Promise<IncomingMessage> {
  const { connections, login, method, signal } = request;
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    target.search = searchWithLogin(url.search, login);
    const authorization = login.kind === 'header' ? { authorization: login.authorization } : {};
    const outgoing = connections.request(
      target,
      method,
      { ...request.headers, ...authorization, 'accept-encoding': 'identity' },
      signal,
    );
    let receivedBefore = 0;
    const onAbort = (): void => {
      outgoing.destroy();
      reject(signal.reason);
    };
    outgoing.once('socket', (socket) => {
      receivedBefore = socket.bytesRead;
    });
    outgoing.on('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      const closed = ['ECONNRESET', 'EPIPE'].includes(errorCode(error));
      const silent = (outgoing.socket?.bytesRead ?? 0) === receivedBefore;
      reject(outgoing.reusedSocket && closed && silent && !signal.aborted ? new IdleConnectionLost() : error);
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
