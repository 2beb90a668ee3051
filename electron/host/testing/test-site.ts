import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import type { AddressInfo } from 'node:net';
import type { TestCertificate } from './test-certificates.ts';

export type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** The loopback address and port of a server. */
export interface TestPlace {
  readonly port?: number;
  readonly address?: string;
}

/** A certificate and other options of Node's TLS server. */
export type ServerCertificate = TestCertificate & https.ServerOptions;

/** A real loopback server that acts as a site. */
export class TestSite {
  readonly requests: http.IncomingMessage[] = [];
  readonly sockets = new Set<net.Socket>();
  connections = 0;
  private readonly server: http.Server;

  private constructor(server: http.Server) {
    this.server = server;
    server.on('connection', (socket: net.Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** @param place on 127.0.0.1 and a free port by default */
  static async start(
    answer: Answer,
    certificate?: ServerCertificate,
    { port = 0, address = '127.0.0.1' }: TestPlace = {},
  ): Promise<TestSite> {
    const server = certificate === undefined ? http.createServer() : https.createServer(certificate);
    const site = new TestSite(server);
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
      site.requests.push(request);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    return site;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** A transport stream of null packets, `packets` x 188 bytes. */
export function transportStream(packets: number): Buffer {
  const bytes = Buffer.alloc(packets * 188, 0xff);
  for (let offset = 0; offset < bytes.length; offset += 188) bytes.set([0x47, 0x1f, 0xff, 0x10], offset);
  return bytes;
}
