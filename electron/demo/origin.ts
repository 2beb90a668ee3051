import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer, type Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';
import type { Clock } from '../../shared/clock.ts';
import { systemClock } from '../host/system-clock.ts';
import { Connection } from './connection.ts';
import { damagedMedia } from './damaged-media.ts';
import {
  type ActiveFault,
  type AnswerEffect,
  type CombinedEffects,
  combinedEffects,
  type Fault,
  type RequestKind,
} from './faults.ts';
import type { AnswerHeaders, AnswerManner, LiveAnswer, LiveFiles, StreamCondition } from './live-files.ts';
import { LOOPBACK, listenOn, listenOnFreePort } from './loopback-port.ts';
import { type NetworkConditions, PERFECT_NETWORK, SiteLine } from './network-conditions.ts';
import type { OriginCertificates } from './origin-certificates.ts';
import { LoginGuard, type OriginLogin } from './origin-login.ts';

export interface OriginOptions {
  /** By camera id, which is the first part of the path. */
  readonly cameras: ReadonlyMap<string, LiveFiles>;
  /** The common time of all sites, milliseconds since 1970: at one moment, each of them shows the same picture. */
  readonly now: () => number;
  /** The clock for waits. */
  readonly clock?: Clock;
  /** Time by which the site's clock is ahead, in its program date-times and `Date` headers. Milliseconds. */
  readonly clockOffsetMs?: number;
  /** IPv4 address to listen on; 127.0.0.1 by default. */
  readonly address?: string;
  /** The port at that address; without it a free one is chosen. */
  readonly port?: number;
  /** With certificates the site uses TLS. */
  readonly certificates?: OriginCertificates;
  readonly login?: OriginLogin;
  readonly conditions?: NetworkConditions;
  /** The source of jitter and loss: 0 (included) to 1 (excluded). */
  readonly random?: () => number;
  /** Called for each request when it arrives. */
  readonly onRequest?: (request: OriginRequest) => void;
}

export interface OriginRequest {
  /** As the path names it; the site may not have it. */
  readonly camera: string;
  /** The path below the camera. */
  readonly file: string;
  readonly query: URLSearchParams;
  readonly kind: RequestKind;
  /** For a playlist: whether the server may hold the request until there is news (`_HLS_msn`), and so sets the pace. */
  readonly pace: 'client' | 'server';
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly headers?: AnswerHeaders;
  readonly manner?: AnswerManner;
  /** Delay after the request, ms; none without. */
  readonly afterMs?: number;
}

interface Asked {
  readonly camera: string;
  /** The path below the camera. */
  readonly file: string;
  readonly query: URLSearchParams;
  readonly kind: RequestKind;
  readonly method: string;
  readonly authorization: string | undefined;
  readonly cookies: string;
  /** The posted body of a login. */
  readonly body: string;
}

/** Longer than our clients stay silent, so that the client closes an idle connection. Milliseconds. */
const KEEP_ALIVE_MS = 75_000;
/** Bytes of an answer that are given to the connection at once: a fault in mid-answer cannot take them back. */
const CHUNK_BYTES = 16_384;
/** Duration of one piece of a slow answer. Milliseconds. */
const SLOW_PIECE_MS = 50;

/** One site: serves cameras as live HLS, `/<camera>/<file>`, and can be put under every {@link Fault}. */
export class Origin {
  readonly port: number;
  private readonly options: OriginOptions;
  private readonly clock: Clock;
  private readonly listener: NetServer;
  private readonly http: Server;
  private readonly line: SiteLine;
  private readonly guard: LoginGuard | null;
  private readonly connections = new Set<Connection>();
  /** By the HTTP server's socket, which with TLS is above the connection. */
  private readonly connectionOf = new WeakMap<Duplex, Connection>();
  /** Answers in progress, with the camera of each. */
  private readonly underWay = new Map<ServerResponse, string>();
  private siteFaults: readonly ActiveFault[] = [];
  private readonly cameraFaults = new Map<string, readonly ActiveFault[]>();
  /** Each function wakes a waiting answer, to check the faults again. */
  private readonly wake = new Set<() => void>();
  /** When it last began to listen, ms since 1970. */
  private startedMs: number;
  /** Opening and closing of the port, one step after another. */
  private portWork: Promise<void> = Promise.resolve();

  private constructor(options: OriginOptions, listener: NetServer, port: number) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.listener = listener;
    this.port = port;
    this.startedMs = options.now();
    this.line = new SiteLine(options.conditions ?? PERFECT_NETWORK, options.random ?? Math.random);
    this.guard = options.login === undefined ? null : new LoginGuard(options.login, options.now());
    this.http = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS });
    this.http.on('request', (request, response) => void this.serve(request, response));
    listener.on('connection', (socket) => {
      const { connections } = combinedEffects(this.siteFaults);
      const connection = new Connection(
        socket,
        this.line,
        this.clock,
        connections === 'silent' ? 'silent' : 'flowing',
      );
      this.connections.add(connection);
      connection.once('close', () => this.connections.delete(connection));
      this.speak(connection);
    });
  }

  /** @throws where the port cannot be used */
  static async open(options: OriginOptions): Promise<Origin> {
    const listener = createServer({ allowHalfOpen: true });
    const { address = LOOPBACK } = options;
    if (options.port === undefined)
      return new Origin(options, listener, await listenOnFreePort(listener, address));
    await listenOn(listener, options.port, address);
    return new Origin(options, listener, options.port);
  }

  private get address(): string {
    return this.options.address ?? LOOPBACK;
  }

  get baseUrl(): string {
    return `${this.options.certificates === undefined ? 'http' : 'https'}://${this.address}:${this.port}`;
  }

  get openConnections(): number {
    return this.connections.size;
  }

  /** Applies to everything that is sent from now on. */
  set conditions(conditions: NetworkConditions) {
    this.line.conditions = conditions;
  }

  /**
   * Puts the site, or one camera of it, under faults, in place of those before; `none`, or no fault at all, ends them.
   * Resolved when they are active: after `stop` connections are refused, after anything else they are accepted.
   * @throws {RangeError} for a camera that the site does not have, and for a certificate fault without TLS
   * @throws where the port cannot be used again
   */
  async setFault(fault: Fault | readonly Fault[], scope: { readonly camera?: string } = {}): Promise<void> {
    const { camera } = scope;
    if (camera !== undefined && !this.options.cameras.has(camera))
      throw new RangeError(`The site has no camera "${camera}"`);
    const wanted = (Array.isArray(fault) ? fault : [fault]).filter((one: Fault) => one !== 'none');
    const before = (camera === undefined ? this.siteFaults : this.cameraFaults.get(camera)) ?? [];
    const nowMs = this.options.now();
    // A fault that is set again continues: a frozen playlist must not jump.
    const active = wanted.map(
      (one: Fault): ActiveFault =>
        before.find((old) => isSame(old.fault, one)) ?? { fault: one, sinceMs: nowMs },
    );
    this.refuseCertificateFault(active, camera);
    const metBefore = combinedEffects(this.siteFaults);
    if (camera === undefined) this.siteFaults = active;
    else this.cameraFaults.set(camera, active);
    const met = combinedEffects(this.siteFaults);
    if (met.certificate !== metBefore.certificate || isNewRestart(met, metBefore))
      for (const connection of this.connections) connection.reset();
    for (const connection of this.connections)
      connection.traffic = met.connections === 'silent' ? 'silent' : 'flowing';
    const restarted = camera !== undefined && isNewRestart(combinedEffects(active), combinedEffects(before));
    for (const [response, about] of this.underWay)
      if (this.faultsOf(about).connections === 'refused' || (restarted && about === camera))
        this.connectionUnder(response)?.reset();
    for (const wake of [...this.wake]) wake();
    await this.settlePort();
  }

  /**
   * Issues another password or token, as an operator of the site would; the earlier one is refused from now on.
   * @throws {RangeError} for a site without a login
   */
  renewLogin(): OriginLogin {
    if (this.guard === null) throw new RangeError('The site asks for no login');
    return this.guard.renew(this.issuedAtMs());
  }

  /** Ends the site for good: nothing listens, and no connection is left. */
  async close(): Promise<void> {
    await this.setFault('stop');
  }

  /** The present time, but later than the beginning of any active fault, also within the same millisecond. */
  private issuedAtMs(): number {
    const faults = [this.siteFaults, ...this.cameraFaults.values()].flat();
    return Math.max(this.options.now(), ...faults.map(({ sinceMs }) => sinceMs + 1));
  }

  private refuseCertificateFault(active: readonly ActiveFault[], camera: string | undefined): void {
    if (combinedEffects(active).certificate === 'usual') return;
    if (this.options.certificates === undefined)
      throw new RangeError('The site has no TLS, so its certificate cannot be at fault');
    if (camera !== undefined)
      throw new RangeError(`A certificate is the whole site's, not that of its camera "${camera}"`);
  }

  /** Starts HTTP, or HTTP over TLS, on a connection. */
  private speak(connection: Connection): void {
    const { certificates } = this.options;
    if (certificates === undefined) {
      this.connectionOf.set(connection, connection);
      this.http.emit('connection', connection);
      return;
    }
    const secure = new TLSSocket(connection, {
      isServer: true,
      secureContext: certificates.context(combinedEffects(this.siteFaults).certificate),
      ALPNProtocols: ['http/1.1'],
    });
    this.connectionOf.set(secure, connection);
    // A client that does not accept the certificate leaves here.
    secure.on('error', () => connection.destroy());
    secure.once('secure', () => this.http.emit('connection', secure));
  }

  private connectionUnder(response: ServerResponse): Connection | undefined {
    return response.socket === null ? undefined : this.connectionOf.get(response.socket);
  }

  /** Opens or closes the port, according to the site's faults when this step begins. */
  private settlePort(): Promise<void> {
    const work = this.portWork.then(async () => {
      const listen = combinedEffects(this.siteFaults).connections !== 'refused';
      if (listen && !this.listener.listening) {
        this.startedMs = this.options.now();
        await listenOn(this.listener, this.port, this.address);
      }
      if (!listen && this.listener.listening) await this.shut();
    });
    this.portWork = work.catch(() => {});
    return work;
  }

  private async shut(): Promise<void> {
    const closed = once(this.listener, 'close');
    this.listener.close();
    for (const connection of this.connections) connection.destroy();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await this.read(request);
    if (asked === null) return;
    const pace = asked.query.has('_HLS_msn') ? 'server' : 'client';
    const { camera, file, query, kind } = asked;
    this.options.onRequest?.({ camera, file, query, kind, pace });
    this.underWay.set(response, asked.camera);
    response.once('close', () => this.underWay.delete(response));
    const answer = await this.answerInTime(asked, response);
    if (answer !== null) await this.send(asked, response, answer);
  }

  /** `null` where the client left before its request was complete. */
  private async read(request: IncomingMessage): Promise<Asked | null> {
    const asked = readRequest(request, this.guard?.loginPath ?? null);
    if (asked.kind !== 'login') return asked;
    try {
      return { ...asked, body: await text(request) };
    } catch {
      return null;
    }
  }

  /** `null` where the client has left. */
  private async answerInTime(asked: Asked, response: ServerResponse): Promise<Answer | null> {
    const askedAtMs = this.clock.now();
    for (;;) {
      await this.untilNotHeld(asked, response);
      if (response.destroyed) return null;
      const faults = this.faultsOf(asked.camera);
      if (faults.connections === 'refused') {
        this.connectionUnder(response)?.resetInTurn();
        return null;
      }
      const answer = this.answer(asked, faults);
      if (!('untilMs' in answer)) {
        const delayMs = askedAtMs + (answer.afterMs ?? 0) - this.clock.now();
        if (delayMs <= 0) return answer;
        await this.pause(response, delayMs);
        continue;
      }
      // A stream that does not move holds its readers until it does.
      const waitMs = faults.frozenAtMs === null ? answer.untilMs - this.options.now() : null;
      await this.pause(response, waitMs);
    }
  }

  private answer(asked: Asked, faults: CombinedEffects): Answer | Extract<LiveAnswer, { kind: 'wait' }> {
    const effect = faults.answers[asked.kind];
    if (typeof effect === 'number') {
      const answer = inWords(effect, 'This site is out of order on purpose: a fault was set.');
      return { ...answer, afterMs: faults.statusAfterMs };
    }
    if (asked.kind === 'login' && this.guard !== null) return this.logIn(this.guard, asked);
    if (!this.admits(asked, faults)) {
      const status = faults.expiredLogin?.status ?? 401;
      const headers = { 'www-authenticate': this.guard?.challenge ?? 'Bearer' };
      return {
        ...inWords(status, 'The login is missing, wrong or has run out.'),
        ...(status === 401 && { headers }),
      };
    }
    if (asked.method !== 'GET' && asked.method !== 'HEAD')
      return {
        ...inWords(405, `${asked.method} is not possible here, only GET and HEAD.`),
        headers: { allow: 'GET, HEAD' },
      };
    const files = this.options.cameras.get(asked.camera);
    if (files === undefined) return inWords(404, `This site has no camera "${asked.camera}".`);
    try {
      return this.file(files, asked, faults);
    } catch (error) {
      return inWords(500, error instanceof Error ? error.message : String(error));
    }
  }

  private logIn(guard: LoginGuard, { method, body }: Asked): Answer {
    if (method !== 'POST') return { ...inWords(405, 'A login is posted.'), headers: { allow: 'POST' } };
    const answer = guard.logIn(body, this.issuedAtMs());
    if (answer === null) return inWords(401, 'No such user, or a wrong password.');
    return { status: 200, type: 'application/json', ...answer };
  }

  private admits(asked: Asked, { expiredLogin }: CombinedEffects): boolean {
    if (this.guard === null) return expiredLogin === null;
    return this.guard.accepts(asked, this.options.now(), expiredLogin?.sinceMs ?? null);
  }

  private file(
    files: LiveFiles,
    asked: Asked,
    faults: CombinedEffects,
  ): Answer | Extract<LiveAnswer, { kind: 'wait' }> {
    const condition: StreamCondition = {
      picture: faults.picture,
      restartedAtMs: faults.restartedAtMs,
      lost: faults.lost,
      encoding: faults.encoding,
      programDateTimes: faults.dateTimes === 'left-out' ? 'none' : this.clockErrorMs(faults),
      sourceGoneSinceMs: faults.sourceGoneSinceMs,
      serverStartedMs: this.startedMs,
    };
    const nowMs = faults.frozenAtMs ?? this.options.now();
    const answer = files.answer(asked.file, asked.query, nowMs, condition, asked.cookies);
    switch (answer.kind) {
      case 'wait':
        return answer;
      case 'redirect':
        return {
          ...inWords(302, `It is at ${answer.location}.`),
          headers: { ...answer.headers, location: answer.location },
        };
      case 'refused':
        return {
          ...inWords(answer.status, answer.words),
          ...(answer.afterMs !== undefined && { afterMs: answer.afterMs }),
        };
      case 'missing':
        return inWords(404, answer.words);
      case 'bad-request':
        return inWords(400, answer.words);
      case 'file': {
        const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
        return {
          status: 200,
          type: answer.type,
          body: asked.kind === 'media' ? damagedMedia(body, faults.media) : body,
          ...(answer.headers && { headers: answer.headers }),
          ...(answer.manner && { manner: answer.manner }),
        };
      }
    }
  }

  /** Sends an answer piece by piece, so that a fault can hold it, slow it down or cut it in the middle. */
  private async send(asked: Asked, response: ServerResponse, answer: Answer): Promise<void> {
    const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
    const { manner } = answer;
    for (let told = 0; told < (manner?.interim ?? 0); told += 1) response.writeProcessing();
    const siteMs = this.options.now() + this.clockErrorMs(this.faultsOf(asked.camera));
    response.writeHead(answer.status, {
      'content-type': answer.type,
      ...(manner?.framing !== 'chunks' && { 'content-length': body.length }),
      'cache-control': 'no-store',
      date: new Date(siteMs).toUTCString(),
      ...answer.headers,
    });
    if (manner !== undefined) return this.sendIn(manner, response, body);
    let sent = 0;
    while (sent < body.length && asked.method !== 'HEAD') {
      await this.untilNotHeld(asked, response);
      if (response.destroyed) return;
      const faults = this.faultsOf(asked.camera);
      const cut = faults.answers[asked.kind] === 'reset';
      if (cut && sent >= body.length / 2) {
        this.connectionUnder(response)?.resetInTurn();
        return;
      }
      const rate = asked.kind === 'media' ? faults.mediaBytesPerS : null;
      const most = rate === null ? CHUNK_BYTES : Math.min(CHUNK_BYTES, (rate * SLOW_PIECE_MS) / 1000);
      const piece = body.subarray(sent, sent + Math.ceil(cut ? Math.min(most, body.length / 2) : most));
      if (rate !== null) {
        await this.pace(asked, response, rate, (piece.length / rate) * 1000);
        await this.untilNotHeld(asked, response);
        if (response.destroyed) return;
      }
      sent += piece.length;
      if (!response.write(piece)) await eitherOf(response, 'drain', 'close');
    }
    response.end();
  }

  private async sendIn(
    { pieceBytes, everyMs }: AnswerManner,
    response: ServerResponse,
    body: Uint8Array,
  ): Promise<void> {
    for (let sent = 0; sent < body.length && !response.destroyed; sent += pieceBytes) {
      // Called also when the client has left.
      await new Promise<void>((resolve) => {
        response.write(body.subarray(sent, sent + pieceBytes), () => resolve());
      });
      if (everyMs > 0) await this.pause(response, everyMs);
    }
    response.end();
  }

  /** Waits this long, or until the site is no longer slow in this way. */
  private async pace(
    asked: Asked,
    response: ServerResponse,
    rate: number,
    durationMs: number,
  ): Promise<void> {
    const endMs = this.clock.now() + durationMs;
    for (;;) {
      const leftMs = endMs - this.clock.now();
      if (leftMs <= 0 || response.destroyed || this.faultsOf(asked.camera).mediaBytesPerS !== rate) return;
      await this.pause(response, leftMs);
    }
  }

  private async untilNotHeld({ camera, kind }: Asked, response: ServerResponse): Promise<void> {
    while (this.isHeld(this.faultsOf(camera), kind) && !response.destroyed) await this.pause(response, null);
  }

  private isHeld(faults: CombinedEffects, kind: RequestKind): boolean {
    const effect: AnswerEffect = faults.answers[kind];
    return effect === 'held' || faults.connections === 'silent';
  }

  /** Waits until the faults change, the client has left, or this many milliseconds have passed (`null`: no limit). */
  private pause(response: ServerResponse, durationMs: number | null): Promise<void> {
    return new Promise<void>((resolve) => {
      const wake = (): void => {
        this.wake.delete(wake);
        stopTimer?.();
        response.off('close', wake);
        resolve();
      };
      const stopTimer = durationMs === null ? null : this.clock.after(Math.max(1, durationMs), wake);
      this.wake.add(wake);
      response.once('close', wake);
    });
  }

  private clockErrorMs(faults: CombinedEffects): number {
    return (this.options.clockOffsetMs ?? 0) + faults.clockJumpMs;
  }

  private faultsOf(camera: string): CombinedEffects {
    return combinedEffects([...this.siteFaults, ...(this.cameraFaults.get(camera) ?? [])]);
  }
}

function readRequest(request: IncomingMessage, loginPath: string | null): Asked {
  const [path = '', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const [camera = '', ...file] = path.slice(1).split('/');
  return {
    camera,
    file: file.join('/'),
    query: new URLSearchParams(search),
    kind: path.slice(1) === loginPath ? 'login' : kindOf(file.at(-1) ?? ''),
    method: request.method ?? '',
    authorization: request.headers.authorization,
    cookies: request.headers.cookie ?? '',
    body: '',
  };
}

function kindOf(fileName: string): RequestKind {
  if (fileName.endsWith('.m3u8')) return 'playlist';
  return fileName.startsWith('init') ? 'init' : 'media';
}

function isSame(one: Fault, other: Fault): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isNewRestart(met: CombinedEffects, before: CombinedEffects): boolean {
  return met.restartedAtMs !== null && met.restartedAtMs !== before.restartedAtMs;
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
