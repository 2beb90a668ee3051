import type http from 'node:http';
import { text } from 'node:stream/consumers';
import type { SessionCredentials, Site } from '../../../shared/config/config.ts';
import { VirtualClock } from '../../../shared/testing/virtual-clock.ts';
import type { Gateway } from '../gateway.ts';
import { ask, type GatewayRig, north, type ReadAnswer } from './gateway-rig.ts';
import { type Answer, type TestSite, transportStream } from './test-site.ts';

export const SESSION: SessionCredentials = {
  type: 'session',
  loginPath: 'api/login',
  username: 'wall',
  password: 'käse & brot',
  request: 'json',
  sendAs: 'bearer',
};

/** A VMS with a login: each login gets the next of `token-1`, `token-2`, …, and only the newest is valid. */
export class SessionSite {
  loginStatus = 200;
  /** Makes logins wait for {@link release}. */
  hold = false;
  /** Fields of the login's answer beside the token. */
  answerWith: object = {};
  /** The login's answer. */
  answerOf: (token: string) => string = (token) =>
    JSON.stringify({ token, access_token: token, ...this.answerWith });
  refusalStatus = 401;
  /** Answers to these never end. */
  readonly endless = new Set<'login' | 'refusal'>();
  /** Paths that contain this text are refused with any token. */
  forbidden: string | null = null;
  good = '';
  readonly logins: { readonly type: string | undefined; readonly body: string }[] = [];
  /** The tokens of all requests other than logins. */
  readonly asked: string[] = [];
  serve: Answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp2t' }).end(transportStream(1));
  };
  private waiting: (() => void)[] = [];

  readonly answer: Answer = (request, response) => {
    if (request.url?.startsWith('/live/api/login') === true) void this.logIn(request, response);
    else this.media(request, response);
  };

  /** Answers the logins that wait. */
  release(): void {
    for (const answer of this.waiting.splice(0)) answer();
  }

  get waitingLogins(): number {
    return this.waiting.length;
  }

  private async logIn(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    this.logins.push({ type: request.headers['content-type'], body: await text(request) });
    const count = this.logins.length;
    if (this.hold) await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.loginStatus === 200) this.good = `token-${count}`;
    const body = this.loginStatus === 200 ? this.answerOf(this.good) : '';
    this.send(response, 'login', this.loginStatus, body);
  }

  private media(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { searchParams, pathname } = new URL(request.url ?? '', 'http://site');
    const token = request.headers.authorization?.replace('Bearer ', '') ?? searchParams.get('key') ?? '';
    this.asked.push(token);
    const refused = token !== this.good || (this.forbidden !== null && pathname.includes(this.forbidden));
    if (refused) this.send(response, 'refusal', this.refusalStatus, 'no');
    else this.serve(request, response);
  }

  private send(response: http.ServerResponse, what: 'login' | 'refusal', status: number, body: string): void {
    response.writeHead(status);
    if (this.endless.has(what)) response.write(`${body} `);
    else response.end(body);
  }
}

/** A gateway to one {@link SessionSite}. */
export interface SessionWall {
  readonly vms: SessionSite;
  readonly site: TestSite;
  readonly clock: VirtualClock;
  readonly gateway: Gateway;
  readonly config: Site;
}

export async function openSessionWall(
  rig: GatewayRig,
  changes: Partial<SessionCredentials> = {},
  environment = {},
): Promise<SessionWall> {
  const vms = new SessionSite();
  const site = await rig.startSite(vms.answer);
  const clock = new VirtualClock();
  const config = north(site, { credentials: { ...SESSION, ...changes } });
  return { vms, site, clock, gateway: rig.open(site, config, { clock, environment }), config };
}

export function askWall({ gateway }: SessionWall, path = 'cam/1.ts', headers = {}): Promise<ReadAnswer> {
  return ask(gateway, path, { headers });
}

export async function statusOf(wall: SessionWall, path?: string): Promise<number> {
  return (await askWall(wall, path)).status;
}
