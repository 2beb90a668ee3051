import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { LOOPBACK, listenOnFreePort } from '../../../electron/demo/loopback-port.ts';

const LOOK_AGAIN_MS = 50;

/** Free ports of 127.0.0.1, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map((server) => listenOnFreePort(server, LOOPBACK)));
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/**
 * Waits until somebody listens on a port of 127.0.0.1.
 * @param isOver says that nobody will
 */
export async function listening(port: number, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const socket = connect(port, LOOPBACK);
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await pause(LOOK_AGAIN_MS);
  }
}
