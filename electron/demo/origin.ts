import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { DemoFault } from '../../shared/demo.ts';
import { type ActiveFault, FAULT_EFFECTS, type MetFaults, meet } from './faults.ts';
import { type LiveFiles, USUAL_CONDITION } from './live-files.ts';
import { listenOn, listenOnFreePort } from './loopback-port.ts';

export interface OriginOptions {
  /** By camera id, which is the first part of the path. */
  readonly cameras: ReadonlyMap<string, LiveFiles>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** On 127.0.0.1; without it a free one is chosen. */
  readonly port?: number;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** Longer than any client of ours stays silent, so that an idle connection is the client's to close. Milliseconds. */
const KEEP_ALIVE_MS = 75_000;
/** How much of an answer is handed to the socket at once: what a fault in mid-answer cannot take back. */
const CHUNK_BYTES = 16_384;

/**
 * One site: serves cameras as live HLS, `/<camera>/<file>`, and fails on request.
 */
export class Origin {
  readonly port: number;
  readonly #options: OriginOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Answers under way, with the camera that each is about. */
  readonly #underWay = new Map<ServerResponse, string>();
  #siteFault: ActiveFault;
  readonly #cameraFaults = new Map<string, ActiveFault>();
  /** Each wakes an answer that is held, to look at the faults again. */
  readonly #wake = new Set<() => void>();
  /** Opening and closing the port, one after another. */
  #portWork: Promise<void> = Promise.resolve();

  private constructor(options: OriginOptions, server: Server, port: number) {
    this.#options = options;
    this.#server = server;
    this.port = port;
    this.#siteFault = { effect: FAULT_EFFECTS.none, sinceMs: options.now() };
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  /** @throws where the port cannot be had */
  static async open(options: OriginOptions): Promise<Origin> {
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
    if (options.port === undefined) return new Origin(options, server, await listenOnFreePort(server));
    await listenOn(server, options.port);
    return new Origin(options, server, options.port);
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /**
   * Puts the site, or one camera of it, under a fault in place of the one before; `none` ends it. Resolved
   * when it is in force: after `stop` connections are refused, after anything else they are accepted.
   * @throws {RangeError} for a camera that the site does not have
   * @throws where the port cannot be had again
   */
  async setFault(fault: DemoFault, scope: { readonly camera?: string } = {}): Promise<void> {
    const { camera } = scope;
    if (camera !== undefined && !this.#options.cameras.has(camera))
      throw new RangeError(`The site has no camera "${camera}"`);
    const before = camera === undefined ? this.#siteFault : this.#cameraFaults.get(camera);
    const effect = FAULT_EFFECTS[fault];
    // The same fault once more goes on: a frozen playlist must not jump.
    const sinceMs = before?.effect === effect ? before.sinceMs : this.#options.now();
    if (camera === undefined) this.#siteFault = { effect, sinceMs };
    else this.#cameraFaults.set(camera, { effect, sinceMs });
    for (const [response, about] of this.#underWay)
      if (this.#faultsOf(about).connections === 'refused') response.socket?.resetAndDestroy();
    for (const wake of [...this.#wake]) wake();
    await this.#settlePort();
  }

  /** Ends the site for good: nothing listens, no connection is left. */
  async close(): Promise<void> {
    await this.setFault('stop');
  }

  /** Listens, or not, as the site's fault asks for by the time it is this call's turn. */
  #settlePort(): Promise<void> {
    const work = this.#portWork.then(async () => {
      const listen = this.#siteFault.effect.connections === 'open';
      if (listen && !this.#server.listening) await listenOn(this.#server, this.port);
      if (!listen && this.#server.listening) await this.#shut();
    });
    this.#portWork = work.catch(() => {});
    return work;
  }

  async #shut(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Not parsed as a URL: its dot segments would be resolved here and not where the files are known.
    const [path = '', query = ''] = (request.url ?? '/').slice(1).replace(/#.*$/, '').split('?', 2);
    const [camera = '', ...file] = path.split('/');
    this.#underWay.set(response, camera);
    response.once('close', () => this.#underWay.delete(response));
    await this.#untilNotHeld(camera, response);
    if (response.destroyed) return;
    const faults = this.#faultsOf(camera);
    if (faults.connections === 'refused') {
      request.socket.resetAndDestroy();
      return;
    }
    const answer = await this.#answer(request, response, camera, file.join('/'), new URLSearchParams(query));
    if (answer !== null) await this.#send(camera, response, request.method ?? '', answer);
  }

  /** `null` where nobody waits for it any more. */
  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    camera: string,
    file: string,
    query: URLSearchParams,
  ): Promise<Answer | null> {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return inWords(405, `${request.method} is not possible here, only GET and HEAD.`);
    const files = this.#options.cameras.get(camera);
    for (;;) {
      const faults = this.#faultsOf(camera);
      if (typeof faults.answers === 'number')
        return inWords(faults.answers, 'This site is out of order on purpose: a fault was set in the demo.');
      if (files === undefined) return inWords(404, `This site has no camera "${camera}".`);
      const answer = answerOf(files, file, query, faults.frozenAtMs ?? this.#options.now());
      if (answer.kind === 'given') return answer.answer;
      await this.#untilWoken(
        response,
        faults.frozenAtMs === undefined ? answer.untilMs - this.#options.now() : null,
      );
      if (response.destroyed) return null;
      await this.#untilNotHeld(camera, response);
      if (response.destroyed) return null;
    }
  }

  /** Sends an answer piece by piece, so that a fault can hold it in the middle. */
  async #send(camera: string, response: ServerResponse, method: string, answer: Answer): Promise<void> {
    const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
    response.writeHead(answer.status, {
      'content-type': answer.type,
      'content-length': body.length,
      'cache-control': 'no-store',
      ...(answer.status === 405 ? { allow: 'GET, HEAD' } : {}),
    });
    for (let at = 0; at < body.length && method !== 'HEAD'; at += CHUNK_BYTES) {
      await this.#untilNotHeld(camera, response);
      if (response.destroyed) return;
      if (!response.write(body.subarray(at, at + CHUNK_BYTES))) await eitherOf(response, 'drain', 'close');
    }
    response.end();
  }

  async #untilNotHeld(camera: string, response: ServerResponse): Promise<void> {
    while (this.#faultsOf(camera).answers === 'held' && !response.destroyed) {
      await this.#untilWoken(response, null);
    }
  }

  /** Until a fault changes, the client goes away, or `delayMs` is over, where there is one. */
  #untilWoken(response: ServerResponse, delayMs: number | null): Promise<void> {
    return new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#wake.delete(wake);
        response.off('close', wake);
        resolve();
      };
      const timer = delayMs === null ? undefined : setTimeout(wake, delayMs);
      this.#wake.add(wake);
      response.once('close', wake);
    });
  }

  #faultsOf(camera: string): MetFaults {
    const own = this.#cameraFaults.get(camera);
    return meet(own === undefined ? [this.#siteFault] : [this.#siteFault, own]);
  }
}

/** What a camera's files say, as an answer of the site. */
function answerOf(
  files: LiveFiles,
  file: string,
  query: URLSearchParams,
  nowMs: number,
): { readonly kind: 'given'; readonly answer: Answer } | { readonly kind: 'wait'; readonly untilMs: number } {
  const given = (answer: Answer) => ({ kind: 'given', answer }) as const;
  try {
    const live = files.answer(file, query, nowMs, USUAL_CONDITION);
    switch (live.kind) {
      case 'file':
        return given({ status: 200, type: live.type, body: live.body });
      case 'wait':
        return live;
      case 'missing':
        return given(inWords(404, live.words));
      case 'bad-request':
        return given(inWords(400, live.words));
    }
  } catch (error) {
    return given(inWords(500, error instanceof Error ? error.message : String(error)));
  }
}

function inWords(status: number, words: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${words}\n` };
}

function eitherOf(response: ServerResponse, ...events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) response.off(event, done);
      resolve();
    };
    for (const event of events) response.on(event, done);
  });
}
