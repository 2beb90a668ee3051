import type { LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import type { Clock } from '../../../shared/clock.ts';
import { connectToFirst } from './connect-to-first.ts';
import { GatewayFailure } from './failures.ts';
import { orAborted } from './or-aborted.ts';
import { type Complaint, SiteAddresses } from './site-addresses.ts';
import type { Lookup } from './system-lookup.ts';
import { isWeakCertificate, weakCertificateWords } from './tls-words.ts';

/** Far above 64 tiles with a player and a probe each, so that no request waits for another one that hangs. */
const MAX_SOCKETS = 512;
/** Time after which an idle connection is closed, in milliseconds. */
const IDLE_MS = 30_000;

export interface SiteConnectionsOptions {
  /** A function, because a site may be renamed while its connections exist. */
  readonly siteName: () => string;
  readonly baseUrl: string;
  /** SHA-256 of the site's certificate in DER, hex digits with or without colons. */
  readonly tlsPin: string | undefined;
  /** The trusted authorities, for sites without a pin; called at the first such connection. */
  readonly trust: () => tls.SecureContext;
  readonly lookup: Lookup;
  readonly clock: Clock;
}

interface ConnectableOptions extends http.RequestOptions {
  /** Ends an attempt to connect; it has no effect on an established connection. */
  readonly connectSignal: AbortSignal;
}

/**
 * The connections to one origin of a site: a keep-alive pool of its own, so that no site waits for another, and the one
 * place where a certificate is judged, before the first byte of a request is written.
 *
 * Node's agent keeps the sockets. The choice of the address is our own: a connection has to know where it leads to, and leave the
 * pool when that address proves bad. The pool of undici, which `fetch` uses, does not tell which connection a request takes.
 */
export class SiteConnections {
  readonly addresses: SiteAddresses;
  private readonly options: SiteConnectionsOptions;
  private readonly secure: boolean;
  private readonly hostname: string;
  private readonly port: number;
  private readonly hostHeader: string;
  private readonly agent: http.Agent;
  private readonly sockets = new Set<net.Socket>();
  /** The address of each connection, also after it has closed. */
  private readonly addressOf = new WeakMap<net.Socket, string>();
  private bytesOfClosedSockets = 0;

  constructor(options: SiteConnectionsOptions) {
    const url = new URL(options.baseUrl);
    this.options = options;
    this.secure = url.protocol === 'https:';
    this.hostname = url.hostname.replace(/^\[|\]$/g, '');
    this.port = url.port === '' ? (this.secure ? 443 : 80) : Number(url.port);
    this.hostHeader = url.host;
    this.addresses = new SiteAddresses(this.hostname, options.lookup, options.clock, () => this.retire());
    const agentOptions: http.AgentOptions = { keepAlive: true, maxSockets: MAX_SOCKETS, timeout: IDLE_MS };
    this.agent = this.secure ? new https.Agent(agentOptions) : new http.Agent(agentOptions);
    const keepSocketAlive = this.agent.keepSocketAlive.bind(this.agent);
    // With `false`, the agent closes a connection after its request.
    this.agent.keepSocketAlive = (socket) =>
      this.isUsable(socket as net.Socket) && (keepSocketAlive(socket) as unknown as boolean);
    this.agent.createConnection = (requestOptions, done) => {
      const { connectSignal } = requestOptions as ConnectableOptions;
      this.connect(connectSignal).then(
        (socket) => done?.(null, socket),
        // The agent takes only an error where there is no socket; its type requires both.
        (error: Error) => (done as ((error: Error) => void) | undefined)?.(error),
      );
      return undefined;
    };
  }

  /** The site's name for messages. */
  get name(): string {
    return this.options.siteName();
  }

  get openSockets(): number {
    return this.sockets.size;
  }

  /** Bytes received from the site since this pool was made, over all sockets. */
  get receivedBytes(): number {
    let bytes = this.bytesOfClosedSockets;
    for (const socket of this.sockets) bytes += socket.bytesRead;
    return bytes;
  }

  /** Time of the clock by which connections are made, ms. */
  now(): number {
    return this.options.clock.now();
  }

  /** A request over a pooled connection; the caller ends it. The signal ends an attempt to connect for it. */
  request(
    target: URL,
    method: 'GET' | 'HEAD' | 'POST',
    headers: http.OutgoingHttpHeaders,
    connectSignal: AbortSignal,
  ): http.ClientRequest {
    this.addresses.keepFresh();
    const options: ConnectableOptions = {
      hostname: this.hostname,
      port: this.port,
      path: `${target.pathname}${target.search}`,
      method,
      headers: { ...headers, host: this.hostHeader },
      agent: this.agent,
      connectSignal,
    };
    return this.secure ? https.request(options) : http.request(options);
  }

  /** Called when the site gave a good answer over the connection. */
  proved(socket: net.Socket): void {
    const address = this.addressOf.get(socket);
    if (address !== undefined) this.addresses.proved(address);
  }

  /**
   * Called when the site gave a bad answer over the connection, or none.
   * @returns whether the same request, sent again, goes to another address
   */
  accuse(socket: net.Socket | null, complaint: Complaint): boolean {
    const address = socket === null ? undefined : this.addressOf.get(socket);
    return address !== undefined && this.addresses.accuse(address, complaint);
  }

  /** Closes the idle connections, so that the next request gets a fresh one. */
  closeIdle(): void {
    for (const socket of this.idle()) socket.destroy();
  }

  dispose(): void {
    this.agent.destroy();
    for (const socket of this.sockets) socket.destroy();
  }

  private idle(): net.Socket[] {
    return Object.values(this.agent.freeSockets).flatMap((idle) => idle ?? []);
  }

  private isUsable(socket: net.Socket): boolean {
    const address = this.addressOf.get(socket);
    return address !== undefined && this.addresses.isUsable(address);
  }

  /** Ends connections to addresses that are no longer used: idle ones immediately, the others after their requests. */
  private retire(): void {
    for (const socket of this.idle()) if (!this.isUsable(socket)) socket.destroy();
  }

  private async connect(signal: AbortSignal): Promise<net.Socket> {
    try {
      const addresses = await orAborted(this.addresses.resolve(), signal);
      if (addresses.length === 0) throw Object.assign(new Error('no address'), { code: 'ENODATA' });
      const { socket, address } = await connectToFirst({
        addresses,
        connect: (to) => this.open(to),
        readyEvent: this.secure ? 'secureConnect' : 'connect',
        objection: (opened) => this.objectionTo(opened),
        clock: this.options.clock,
        signal,
      });
      this.addresses.connected(address.address);
      return socket;
    } catch (error) {
      this.addresses.doubt();
      throw error;
    }
  }

  private open({ address, family }: LookupAddress): net.Socket {
    const where = { host: address, family, port: this.port, noDelay: true };
    const socket = this.secure ? this.openSecure(where) : net.connect(where);
    this.track(socket, address);
    // The request gets its connection's errors as well. This handler stops errors of an idle connection, or of one
    // between two requests, from ending the process.
    socket.on('error', () => this.addresses.doubt());
    return socket;
  }

  private openSecure(where: net.TcpNetConnectOpts): net.Socket {
    const pinned = this.options.tlsPin !== undefined;
    // TLS sessions are never resumed, so that a changed certificate shows at the next connection.
    return tls.connect({
      ...where,
      ALPNProtocols: ['http/1.1'],
      ...(net.isIP(this.hostname) === 0 ? { servername: this.hostname } : {}),
      ...(pinned ? { rejectUnauthorized: false } : { secureContext: this.options.trust() }),
    });
  }

  /** The failure for a certificate that is not the pinned one or that proves nothing; `null` for a good one. */
  private objectionTo(socket: net.Socket): GatewayFailure | null {
    if (!(socket instanceof tls.TLSSocket)) return null;
    const { tlsPin } = this.options;
    const certificate = socket.getPeerX509Certificate();
    if (tlsPin === undefined)
      return certificate !== undefined && isWeakCertificate(certificate)
        ? new GatewayFailure('tls-untrusted', weakCertificateWords(this.name))
        : null;
    const shown = certificate?.fingerprint256;
    if (shown !== undefined && digits(shown) === digits(tlsPin)) return null;
    return new GatewayFailure(
      'tls-pin',
      `${this.name} showed another certificate than the pinned one (its SHA-256 is ${shown ?? 'unknown'}): enter that one if it was changed on purpose`,
    );
  }

  private track(socket: net.Socket, address: string): void {
    this.sockets.add(socket);
    this.addressOf.set(socket, address);
    socket.once('close', () => {
      this.sockets.delete(socket);
      this.bytesOfClosedSockets += socket.bytesRead;
    });
  }
}

function digits(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}
