import { randomBytes } from 'node:crypto';
import {
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { SelfSignedCertificate } from '../host/self-signed-certificate.ts';
import { ConnectionLimit } from './connection-limit.ts';
import { admit, type RequestHead } from './door.ts';

/** The server's address, IPv4's loopback; the browser gets it as the address of the server's name. */
export const LOOPBACK = '127.0.0.1';
/** Random bytes in the server's name, so that nobody can guess it and no name comes twice. */
const NAME_BYTES = 16;

/** The largest number that Chromium uses. A wall of 64 tiles whose sites hang has about three requests for each. */
const CONCURRENT_STREAMS = 256;
/**
 * Memory for the buffers of all streams of a connection, in megabytes. Node's default of 10 refuses streams of a large
 * wall.
 */
const SESSION_MEMORY_MB = 256;

/** Time for which a connection may stay open without speaking HTTP/2. Milliseconds. */
const UNKNOWN_PROTOCOL_MS = 500;

/** The document of a refusal. It is dark, because the window shows it for a moment before it has its token. */
const REFUSED_DOCUMENT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="dark"><title>Holdfast</title>';

export interface WebServer {
  /** For instance `https://b1946ac92492d2347c6235b4d2611184.localhost:40123`. */
  readonly origin: string;
  /** Ends every connection. */
  close(): Promise<void>;
}

/**
 * A new name for the server at each start. Cookies go to every port of their host: with an address or a shared name,
 * the token would go to any other local server to which the browser is led.
 */
export function randomServerName(): string {
  return `${randomBytes(NAME_BYTES).toString('hex')}.localhost`;
}

/**
 * Serves one browser over HTTP/2 on a free loopback port. (HTTP/1.1 is refused: it would limit the browser to six
 * connections, and six hung sites would block all others.) Only requests that the door admits are answered.
 * @param options.name the server's own, as {@link randomServerName} makes it
 * @param options.token the token that the browser has to show, as the cookie of door.ts
 * @param options.routes made once the origin is known; their requests carry a signal that is aborted when the browser
 * cancels
 * @param options.onRefused called for every refused request, with a message that contains nothing of the request
 */
export async function openWebServer(options: {
  readonly name: string;
  readonly certificate: SelfSignedCertificate;
  readonly token: string;
  readonly routes: (origin: string) => (request: Request) => Promise<Response>;
  readonly onRefused: (words: string) => void;
}): Promise<WebServer> {
  const server = createSecureServer({
    cert: options.certificate.cert,
    key: options.certificate.key,
    allowHTTP1: false,
    minVersion: 'TLSv1.3',
    unknownProtocolTimeout: UNKNOWN_PROTOCOL_MS,
    maxSessionMemory: SESSION_MEMORY_MB,
    settings: { maxConcurrentStreams: CONCURRENT_STREAMS },
  });
  const connections = new Connections();
  server.on('connection', (socket: Socket) => connections.opened(socket));
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    // A connection that breaks ends its streams, and each of them handles that.
    session.on('error', () => {});
  });
  await listening(server);
  const origin = `https://${options.name}:${(server.address() as AddressInfo).port}`;
  const answer = options.routes(origin);

  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    const head = headOf(headers);
    const admission = admit(head, { origin, token: options.token });
    const connection = connections.under(stream);
    if (admission.kind === 'refused') {
      if (connection !== undefined) connections.limit.refused(connection);
      options.onRefused(admission.words);
      refuse(stream, admission.status, head, admission.words);
      return;
    }
    if (connection !== undefined) connections.limit.showedToken(connection);
    void serve(stream, headers, origin, answer);
  });
  return {
    origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.destroy();
        // Connections that have not become a session.
        connections.end();
      }),
  };
}

function listening(server: Http2SecureServer): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The sockets below the streams; Node shows only their encrypted end. */
class Connections {
  readonly limit = new ConnectionLimit<Socket>();
  private readonly byPeer = new Map<string, Socket>();

  opened(socket: Socket): void {
    const peer = peerOf(socket);
    this.byPeer.set(peer, socket);
    socket.once('close', () => {
      if (this.byPeer.get(peer) === socket) this.byPeer.delete(peer);
      this.limit.closed(socket);
    });
    this.limit.opened(socket);
  }

  end(): void {
    for (const socket of this.byPeer.values()) socket.destroy();
  }

  /** `undefined` when the connection is already gone. */
  under(stream: ServerHttp2Stream): Socket | undefined {
    const socket = stream.session?.socket;
    return socket === undefined ? undefined : this.byPeer.get(peerOf(socket));
  }
}

/** A key for an open connection. All of 127.0.0.0/8 is this computer, so the port alone is not enough. */
function peerOf({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress}:${remotePort}`;
}

function headOf(headers: IncomingHttpHeaders): RequestHead {
  const one = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  return {
    method: one(':method') ?? '',
    path: one(':path') ?? '',
    authority: one(':authority'),
    host: one('host'),
    origin: one('origin'),
    cookie: one('cookie'),
    secFetchSite: one('sec-fetch-site'),
    secFetchMode: one('sec-fetch-mode'),
    secFetchDest: one('sec-fetch-dest'),
  };
}

function refuse(stream: ServerHttp2Stream, status: number, head: RequestHead, words: string): void {
  if (stream.destroyed) return;
  const isDocument = head.secFetchDest === 'document';
  stream.respond({
    ':status': status,
    'content-type': `text/${isDocument ? 'html' : 'plain'}; charset=utf-8`,
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  stream.end(isDocument ? `${REFUSED_DOCUMENT}<p>${words}` : words);
  // The rest of the request is not read.
  stream.resume();
}

async function serve(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  origin: string,
  answer: (request: Request) => Promise<Response>,
): Promise<void> {
  const interest = new AbortController();
  stream.once('close', () => interest.abort());
  try {
    const response = await answer(requestOf(stream, headers, origin, interest.signal));
    if (stream.destroyed) await response.body?.cancel();
    else await send(stream, response);
  } catch (error) {
    // A reset: `close` would end the body first, and a partial answer would look complete.
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** @throws TypeError when the path is not valid */
function requestOf(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  origin: string,
  signal: AbortSignal,
): Request {
  const method = String(headers[':method']);
  const path = String(headers[':path']);
  const url = new URL(origin + path);
  // A path such as "@evil.example/" would change the host.
  if (!path.startsWith('/') || url.origin !== origin) throw new TypeError('the path is not one');
  const plain = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (!name.startsWith(':') && typeof value === 'string') plain.set(name, value);
  const body = method === 'POST' ? (Readable.toWeb(stream) as ReadableStream<Uint8Array>) : null;
  return new Request(url, { method, headers: plain, body, signal, ...(body && { duplex: 'half' }) });
}

/** Reads from the route only as fast as the browser takes it. */
async function send(stream: ServerHttp2Stream, response: Response): Promise<void> {
  const reader = response.body?.getReader();
  stream.respond(
    { ':status': response.status, ...Object.fromEntries(response.headers) },
    { endStream: reader === undefined },
  );
  if (reader === undefined) return;
  const closed = new Promise<'closed'>((resolve) => stream.once('close', () => resolve('closed')));
  while (true) {
    const part = await Promise.race([reader.read(), closed]);
    if (part === 'closed') break;
    if (part.done) {
      stream.end();
      return;
    }
    if (stream.destroyed) break;
    if (!stream.write(part.value))
      await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), closed]);
  }
  await reader.cancel();
}
