import { once } from 'node:events';
import type { Server } from 'node:net';

/**
 * Below the ports that Linux (32768 and up), Windows and macOS (49152 and up) use for outgoing connections. A client
 * that keeps trying a stopped site could otherwise get the site's own port for its connection, be connected to itself,
 * and block the site's return.
 */
const PORTS = { first: 20_000, count: 12_000 } as const;
const ATTEMPTS = 100;

/** The default address of sites: only this computer reaches them there. */
export const LOOPBACK = '127.0.0.1';

/** @throws the system's error (`EADDRINUSE`, …) where the port cannot be used */
export async function listenOn(server: Server, port: number, address: string): Promise<void> {
  server.listen(port, address);
  // Rejects with the "error" event.
  await once(server, 'listening');
}

/** Listens on a free port of the address and returns the port. */
export async function listenOnFreePort(server: Server, address: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    try {
      await listenOn(server, port, address);
      return port;
    } catch (error) {
      if (attempt === ATTEMPTS)
        throw new Error(
          `No free port on ${address} from ${PORTS.first} to ${PORTS.first + PORTS.count - 1} after ${ATTEMPTS} attempts`,
          { cause: error },
        );
    }
  }
}
