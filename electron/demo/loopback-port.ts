import { once } from 'node:events';
import type { Server } from 'node:net';

/**
 * Below the ports that Linux (32768 and up), Windows and macOS (49152 and up) give to outgoing connections.
 * From that range a client that keeps knocking at a stopped site could be given the site's own port, be
 * connected to itself, and keep the site from coming back.
 */
const PORTS = { first: 20_000, count: 12_000 } as const;
const ATTEMPTS = 100;

/** @throws the system's error (`EADDRINUSE`, …) where the port cannot be had */
export async function listenOn(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  // Rejects with the "error" event.
  await once(server, 'listening');
}

/** Listens on a free port of 127.0.0.1 and returns it. */
export async function listenOnFreePort(server: Server): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    try {
      await listenOn(server, port);
      return port;
    } catch (error) {
      if (attempt === ATTEMPTS)
        throw new Error(
          `No free port on 127.0.0.1 from ${PORTS.first} to ${PORTS.first + PORTS.count - 1} after ${ATTEMPTS} attempts`,
          { cause: error },
        );
    }
  }
}
