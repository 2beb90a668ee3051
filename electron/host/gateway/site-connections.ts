import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import type { Clock } from '../clock.ts';
import { GatewayFailure } from './gateway-failure.ts';
import { SiteAddresses } from './site-addresses.ts';
import type { Lookup } from './system-lookup.ts';

/** Far above 64 tiles with a player and a probe each, so that a hung request never makes another wait. */
const MAX_SOCKETS = 512;
/** An idle connection is closed after this time, in milliseconds. */
const IDLE_MS = 30_000;
/** How long one of several addresses of a host is tried before the next is tried beside it, in milliseconds. */
const NEXT_ADDRESS_AFTER_MS = 1000;

export interface SiteConnectionsOptions {
  /** Asked for when it is needed: a site may be renamed while its connections stand. */
  readonly siteName: () => string;
  readonly baseUrl: string;
  /** SHA-256 over the DER of the site's certificate, hex digits with or without colons. */
  readonly tlsPin: string | undefined;
  /** The authorities to trust, for sites without a pin; asked for at the first such connection. */
  readonly trust: () => tls.SecureContext;
  readonly lookup: Lookup;
  readonly clock: Clock;
}

interface ConnectableOptions extends http.RequestOptions {
  /** Ends an attempt to connect; a connection that stands no longer listens to it. */
  readonly connectSignal: AbortSignal;
}

/**
 * The connections to one origin of a site: a keep-alive pool of its own, so that no site waits for another, and the one
 * place where a certificate is judged, before the first byte of a request is written.
 */
export class SiteConnections {
  readonly addresses: SiteAddresses;
  readonly #options: SiteConnectionsOptions;
  readonly #secure: boolean;
  readonly #hostname: string;
  readonly #port: number;
  readonly #hostHeader: string;
  readonly #agent: http.Agent;
  readonly #sockets = new Set<net.Socket>();
  #bytesOfClosedSockets = 0;

  constructor(options: SiteConnectionsOptions) {
    const url = new URL(options.baseUrl);
    this.#options = options;
    this.#secure = url.protocol === 'https:';
    this.#hostname = url.hostname.replace(/^\[|\]$/g, '');
    this.#port = url.port === '' ? (this.#secure ? 443 : 80) : Number(url.port);
    this.#hostHeader = url.host;
    this.addresses = new SiteAddresses(this.#hostname, options.lookup, options.clock);
    const agentOptions: http.AgentOptions = { keepAlive: true, maxSockets: MAX_SOCKETS, timeout: IDLE_MS };
    this.#agent = this.#secure ? new https.Agent(agentOptions) : new http.Agent(agentOptions);
    this.#agent.createConnection = (requestOptions, done) => {
      const { connectSignal } = requestOptions as ConnectableOptions;
      this.#connect(connectSignal).then(
        (socket) => done?.(null, socket),
        // The agent takes nothing but an error where there is no socket; its type asks for both.
        (error: Error) => (done as ((error: Error) => void) | undefined)?.(error),
      );
      return undefined;
    };
  }

  /** The site's, for people. */
  get name(): string {
    return this.#options.siteName();
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Bytes received from the site since the connections were made, over all sockets. */
  get receivedBytes(): number {
    let bytes = this.#bytesOfClosedSockets;
    for (const socket of this.#sockets) bytes += socket.bytesRead;
    return bytes;
  }

  /** A request over a pooled connection; the caller ends it. The signal ends an attempt to connect for it. */
  request(
    target: URL,
    method: 'GET' | 'HEAD' | 'POST',
    headers: http.OutgoingHttpHeaders,
    connectSignal: AbortSignal,
  ): http.ClientRequest {
    const options: ConnectableOptions = {
      hostname: this.#hostname,
      port: this.#port,
      path: `${target.pathname}${target.search}`,
      method,
      headers: { ...headers, host: this.#hostHeader },
      agent: this.#agent,
      connectSignal,
    };
    return this.#secure ? https.request(options) : http.request(options);
  }

  /** Closes the idle connections, so that the next request is sent over a fresh one. */
  closeIdle(): void {
    for (const idle of Object.values(this.#agent.freeSockets))
      for (const socket of idle ?? []) socket.destroy();
  }

  dispose(): void {
    this.#agent.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }

  #connect(signal: AbortSignal): Promise<net.Socket> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const socket = this.#open();
      this.#track(socket);
      // Errors of a connection that stands are told to its request as well; this keeps those of an idle
      // one, and of one between two owners, from ending the process.
      socket.on('error', (error) => fail(error));
      const onAbort = (): void => fail(signal.reason);
      const fail = (error: unknown): void => {
        signal.removeEventListener('abort', onAbort);
        socket.destroy();
        this.addresses.doubt();
        reject(error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      socket.once(this.#secure ? 'secureConnect' : 'connect', () => {
        const mismatch = this.#pinMismatch(socket);
        if (mismatch !== null) {
          fail(mismatch);
          return;
        }
        signal.removeEventListener('abort', onAbort);
        resolve(socket);
      });
    });
  }

  #open(): net.Socket {
    const where = {
      host: this.#hostname,
      port: this.#port,
      lookup: this.#lookupForNet,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
      noDelay: true,
    };
    if (!this.#secure) return net.connect(where);
    const pinned = this.#options.tlsPin !== undefined;
    // No session is ever resumed: a changed certificate shows at the next connection.
    return tls.connect({
      ...where,
      ALPNProtocols: ['http/1.1'],
      ...(net.isIP(this.#hostname) === 0 ? { servername: this.#hostname } : {}),
      ...(pinned ? { rejectUnauthorized: false } : { secureContext: this.#options.trust() }),
    });
  }

  readonly #lookupForNet: net.LookupFunction = (_hostname, options, callback) => {
    this.addresses.resolve().then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) callback(Object.assign(new Error('no address'), { code: 'ENODATA' }), []);
        else if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };

  /** The failure that another certificate than the pinned one is, or `null`. */
  #pinMismatch(socket: net.Socket): GatewayFailure | null {
    const { tlsPin } = this.#options;
    if (tlsPin === undefined || !(socket instanceof tls.TLSSocket)) return null;
    const shown = socket.getPeerX509Certificate()?.fingerprint256;
    if (shown !== undefined && digits(shown) === digits(tlsPin)) return null;
    return new GatewayFailure(
      'tls-pin',
      `${this.name} showed another certificate than the pinned one (its SHA-256 is ${shown ?? 'unknown'})`,
    );
  }

  #track(socket: net.Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#bytesOfClosedSockets += socket.bytesRead;
    });
  }
}

function digits(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}
