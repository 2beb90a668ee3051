/** The entry of node-media-server's process. Its settings are the first argument, as JSON. */

import { createRequire } from 'node:module';
import { Server } from 'node:net';

// It listens on all addresses of the machine, and has no setting for that.
const listen: (this: Server, port: number, address: string, done: () => void) => Server =
  Server.prototype.listen;
Server.prototype.listen = function (this: Server, port: number, done: () => void): Server {
  return listen.call(this, port, '127.0.0.1', done);
} as typeof Server.prototype.listen;

const NodeMediaServer = createRequire(import.meta.url)('node-media-server') as new (
  settings: unknown,
) => { run(): void };

new NodeMediaServer(JSON.parse(process.argv[2] ?? '')).run();
