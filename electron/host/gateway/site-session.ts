import type { Clock } from '../../../shared/clock.ts';
import type { SessionCredentials } from '../../../shared/config/config.ts';
import { GatewayFailure, toGatewayFailure } from './failures.ts';
import { orAborted } from './or-aborted.ts';
import { type HiddenToken, hasOwnToken } from './query-token.ts';
import { type IssuedLogin, type LoginOutcome, logIn } from './session-login.ts';
import {
  discard,
  endWith,
  isRefusal,
  type LoginSource,
  type SiteAccess,
  type SiteAnswer,
} from './site-client.ts';
import { hiddenTokenOf, type RequestLogin } from './site-credentials.ts';

/** Time limit of one login, whoever waits for it. Milliseconds. */
const LOGIN_DEADLINE_MS = 10_000;
/**
 * A token is renewed this long before it expires, or in the last quarter of its life where that is shorter. It stays in
 * use meanwhile. Milliseconds.
 */
const RENEWAL_MARGIN_MS = 30_000;
/**
 * Waits after refused logins, doubled from the first to the longest, so that the account is not locked. Milliseconds.
 */
const REFUSED_WAIT_MS = { first: 30_000, longest: 900_000 } as const;
/** Wait after a login that failed without being refused. Milliseconds. */
const FAILED_WAIT_MS = 1000;
/**
 * If a fresh token is refused as well, the refusal is not about the token. In that folder, the token is then renewed
 * again only after these waits, doubled from the first to the longest. Milliseconds.
 */
const UNHELPED_WAIT_MS = { first: 1000, longest: 300_000 } as const;
/** Number of former tokens that are remembered. */
const FORMER_TOKENS = 3;
/** Limit of folders that are remembered as refused with any token: a site may invent any number of them. */
const MAX_UNHELPED = 1000;

export interface SiteSessionOptions {
  readonly credentials: SessionCredentials;
  /** A function, because a site may be renamed while its session exists. */
  readonly siteName: () => string;
  readonly access: SiteAccess;
  readonly clock: Clock;
}

export interface SessionRequest {
  /** For a login, if this request needs one. */
  readonly password: string;
  readonly target: URL;
  /** Ends this request's wait for a login, which goes on for the others. */
  readonly signal: AbortSignal;
}

type Login = IssuedLogin & {
  /** By the session's clock, in milliseconds, like all times here. */
  readonly issuedAtMs: number;
  readonly renewAtMs: number;
  readonly expiresAtMs: number;
  /**
   * `proven` once a request succeeded with it. One that is refused before that is `doubted`, and counts as a refused
   * login: some servers answer a wrong password with 200 and an anonymous cookie.
   */
  trust: 'unproven' | 'doubted' | 'proven';
};

interface Wait {
  readonly waitMs: number;
  readonly untilMs: number;
}

/**
 * Why the last login failed, and the time before which no other one is tried. It is kept over the next login until that
 * one is proven. `refusedWaitMs` is the wait after the last refused login, if any.
 */
interface LoginProblem {
  readonly kind: 'refused' | 'failed';
  readonly failure: GatewayFailure;
  readonly untilMs: number;
  readonly refusedWaitMs: number | null;
}

/**
 * The token or cookie of a site's session, in memory only. It is fetched when the first request needs it, once for all
 * that wait. It is renewed shortly before it expires, while the old one stays in use, and as soon as the site refuses
 * it.
 */
export class SiteSession {
  private readonly options: SiteSessionOptions;
  private login: Login | null = null;
  private formerValues: readonly string[] = [];
  private renewal: Promise<Login> | null = null;
  private problem: LoginProblem | null = null;
  /** By the folder of the requests that a fresh token did not help. */
  private readonly unhelped = new Map<string, Wait>();

  constructor(options: SiteSessionOptions) {
    this.options = options;
  }

  /**
   * Sends a request with the token, and once more with a fresh token after a refusal (401, 403). The answer to the
   * repeated request counts, whatever it is. The answer of an address that gets no token says nothing about the token.
   * @throws GatewayFailure where a token is needed and cannot be had; the signal's reason; or what `ask` throws
   */
  async ask(request: SessionRequest, ask: (login: LoginSource) => Promise<SiteAnswer>): Promise<SiteAnswer> {
    const { target, signal } = request;
    const folder = target.origin + target.pathname.slice(0, target.pathname.lastIndexOf('/'));
    const lent: { login: Login | null } = { login: null };
    const answer = await ask({
      login: async () => {
        lent.login = await orAborted(this.standing(request.password), signal);
        return this.requestLogin(lent.login);
      },
      token: this.token,
    });
    const { login } = lent;
    if (login === null || answer.login.kind === 'none') return answer;
    if (!isRefused(answer)) {
      this.succeeded(answer, login, folder);
      return answer;
    }
    const renewal =
      answer.login.kind === 'query' && hasOwnToken(target.search, answer.login)
        ? null
        : this.afterRefusal(login, folder, request.password);
    if (renewal === null) return answer;
    discard(answer.response);
    const fresh = await orAborted(renewal, signal);
    const second = await ask({ login: async () => this.requestLogin(fresh), token: this.token });
    endWith(answer.response, second.response);
    if (isRefused(second)) {
      this.doubt(fresh);
      this.didNotHelp(folder);
    } else this.succeeded(second, fresh, folder);
    return second;
  }

  private succeeded(answer: SiteAnswer, login: Login, folder: string): void {
    if (answer.login.kind === 'none') return;
    this.unhelped.delete(folder);
    if ((answer.response.statusCode ?? 0) >= 400 || login.trust === 'proven') return;
    login.trust = 'proven';
    if (login === this.login) this.problem = null;
  }

  private doubt(refused: Login): void {
    if (refused.trust !== 'unproven' || refused !== this.login) return;
    refused.trust = 'doubted';
    // An unused token may have expired since: the wait runs from login to login.
    this.problem = this.refused(`${this.options.siteName()} refused what its login gave`, refused.issuedAtMs);
  }

  private didNotHelp(folder: string): void {
    const wait = this.longerWait(this.unhelped.get(folder));
    this.unhelped.delete(folder);
    this.unhelped.set(folder, wait);
    const [oldest] = this.unhelped.keys();
    if (this.unhelped.size > MAX_UNHELPED && oldest !== undefined) this.unhelped.delete(oldest);
  }

  private async standing(password: string): Promise<Login> {
    const nowMs = this.options.clock.now();
    const login = this.login;
    if (login === null || nowMs >= login.expiresAtMs) return this.renew(password);
    // Requests after the login's expiry get the failure; until then the login is used.
    if (nowMs >= login.renewAtMs) this.renew(password).catch(() => undefined);
    return login;
  }

  /** The login for repeating a request whose token was refused; `null` where a fresh token would not help. */
  private afterRefusal(refused: Login, folder: string, password: string): Promise<Login> | null {
    if (this.login !== null && this.login !== refused) return Promise.resolve(this.login);
    if (this.renewal !== null) return this.renewal;
    this.doubt(refused);
    if (refused.trust !== 'proven' && this.waiting() !== null) return null;
    const nowMs = this.options.clock.now();
    if (nowMs < (this.unhelped.get(folder)?.untilMs ?? nowMs)) return null;
    return this.renew(password);
  }

  private longerWait(before: Wait | undefined): Wait {
    const waitMs =
      before === undefined ? UNHELPED_WAIT_MS.first : Math.min(before.waitMs * 2, UNHELPED_WAIT_MS.longest);
    return { waitMs, untilMs: this.options.clock.now() + waitMs };
  }

  private renew(password: string): Promise<Login> {
    if (this.renewal !== null) return this.renewal;
    const waiting = this.waiting();
    if (waiting !== null) return Promise.reject(waiting);
    const renewal = this.logIn(password).finally(() => {
      this.renewal = null;
    });
    this.renewal = renewal;
    return renewal;
  }

  /** The failure while no login may be tried, or `null` where one may. */
  private waiting(): GatewayFailure | null {
    const problem = this.problem;
    const leftMs = (problem?.untilMs ?? 0) - this.options.clock.now();
    if (problem === null || leftMs <= 0) return null;
    if (problem.kind === 'failed') return problem.failure;
    const { reason, message } = problem.failure;
    return new GatewayFailure(reason, `${message}; the next try is in ${durationWords(leftMs)}`);
  }

  private async logIn(password: string): Promise<Login> {
    const { clock } = this.options;
    // Measured before the request: the site counts from later on, so the token is never thought valid after its expiry.
    const issuedAtMs = clock.now();
    const outcome = await this.outcome(password);
    if (outcome.kind === 'issued')
      return this.take(outcome.login, issuedAtMs, outcome.lifetimeMs ?? Number.POSITIVE_INFINITY);
    this.problem = this.refused(outcome.problem, clock.now());
    throw this.waiting() ?? this.problem.failure;
  }

  private refused(words: string, atMs: number): LoginProblem {
    const longerMs = (this.problem?.refusedWaitMs ?? REFUSED_WAIT_MS.first / 2) * 2;
    const refusedWaitMs = Math.min(longerMs, REFUSED_WAIT_MS.longest);
    return {
      kind: 'refused',
      failure: new GatewayFailure('no-login', words),
      untilMs: atMs + refusedWaitMs,
      refusedWaitMs,
    };
  }

  /** @throws GatewayFailure where the login failed without being refused */
  private async outcome(password: string): Promise<LoginOutcome> {
    const { credentials, access, clock } = this.options;
    const siteName = this.options.siteName();
    const controller = new AbortController();
    const stopDeadline = clock.after(LOGIN_DEADLINE_MS, () => {
      const seconds = LOGIN_DEADLINE_MS / 1000;
      controller.abort(
        new GatewayFailure('timeout', `the login at ${siteName} was not answered within ${seconds} s`),
      );
    });
    try {
      const { signal } = controller;
      return await logIn({ credentials, password, siteName, access, signal });
    } catch (error) {
      const failure = toGatewayFailure(
        controller.signal.aborted ? controller.signal.reason : error,
        siteName,
      );
      this.problem = {
        kind: 'failed',
        failure,
        untilMs: clock.now() + FAILED_WAIT_MS,
        refusedWaitMs: this.problem?.refusedWaitMs ?? null,
      };
      throw failure;
    } finally {
      stopDeadline();
    }
  }

  private take(issued: IssuedLogin, issuedAtMs: number, lifetimeMs: number): Login {
    const former = this.login?.kind === 'token' ? [this.login.value] : [];
    // Some sites issue the same token again until it expires.
    this.formerValues = [...former, ...this.formerValues]
      .filter((value) => issued.kind === 'cookie' || value !== issued.value)
      .slice(0, FORMER_TOKENS);
    const expiresAtMs = issuedAtMs + lifetimeMs;
    const marginMs = Math.min(RENEWAL_MARGIN_MS, lifetimeMs / 4);
    const renewAtMs = lifetimeMs === Number.POSITIVE_INFINITY ? lifetimeMs : expiresAtMs - marginMs;
    const login: Login = { ...issued, issuedAtMs, renewAtMs, expiresAtMs, trust: 'unproven' };
    this.login = login;
    return login;
  }

  private readonly token = (): HiddenToken | null =>
    this.login === null ? null : hiddenTokenOf(this.requestLogin(this.login));

  private requestLogin(login: Login): RequestLogin {
    if (login.kind === 'cookie') return { kind: 'cookie' };
    const { value } = login;
    const { sendAs } = this.options.credentials;
    return sendAs === 'bearer'
      ? { kind: 'header', scheme: 'Bearer', value, formerValues: this.formerValues }
      : { kind: 'query', name: sendAs.query, value, formerValues: this.formerValues };
  }
}

/** Whether an address refused the token that was sent. */
function isRefused({ response: { statusCode }, login }: SiteAnswer): boolean {
  return login.kind !== 'none' && isRefusal(statusCode);
}

function durationWords(ms: number): string {
  return ms > 120_000 ? `${Math.ceil(ms / 60_000)} min` : `${Math.ceil(ms / 1000)} s`;
}
