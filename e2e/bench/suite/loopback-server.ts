import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  /** Media type. */
  readonly type: string;
  readonly body: string | Uint8Array;
}

export interface LoopbackServer {
  /** Origin of its addresses, without a slash at the end. */
  readonly origin: string;
  readonly close: () => void;
}

/**
 * Serves pages of the benchmark as the server of an application would.
 * @param answerTo returns `null` for 404
 * @throws where no port is free
 */
export async function serveOnLoopback(answerTo: (url: URL) => Answer | null): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    const answer = answerTo(new URL(request.url ?? '/', 'http://localhost'));
    if (answer === null) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': answer.type }).end(answer.body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
