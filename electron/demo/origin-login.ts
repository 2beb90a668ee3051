import { randomBytes } from 'node:crypto';
import { z } from 'zod';

export const originLoginSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('basic'), username: z.string().min(1), password: z.string().min(1) }),
  z.strictObject({
    type: z.literal('bearer'),
    token: z.string().min(1),
    /** Time for which a token is valid after its issue; unlimited without. Milliseconds. */
    lifetimeMs: z.number().positive().optional(),
  }),
  z.strictObject({
    type: z.literal('query'),
    name: z.string().min(1),
    value: z.string().min(1),
    lifetimeMs: z.number().positive().optional(),
  }),
  z.strictObject({
    type: z.literal('session'),
    /**
     * Path where a POST with `{ "username": …, "password": … }` is answered with `{ "token": … }`, or with a cookie
     * alone.
     */
    loginPath: z.string().regex(/^[^/?#]/),
    username: z.string().min(1),
    password: z.string().min(1),
    /** Time for which each token is valid after its issue; unlimited without. Milliseconds. */
    lifetimeMs: z.number().positive().optional(),
    /** Whether `expires_in` beside the token, or the cookie's `Max-Age`, gives the lifetime; it does by default. */
    expiry: z.enum(['told', 'untold']).optional(),
    sendAs: z.union([
      z.literal('bearer'),
      z.strictObject({ query: z.string().min(1) }),
      z.strictObject({ cookie: z.string().min(1) }),
    ]),
  }),
]);
/** The login that a site requires. */
export type OriginLogin = z.infer<typeof originLoginSchema>;

/** The login in a request. */
export interface BroughtLogin {
  readonly authorization: string | undefined;
  readonly query: URLSearchParams;
  /** The `Cookie` header; empty without one. */
  readonly cookies: string;
}

/** The answer to a correct login. */
export interface LoginAnswer {
  /** JSON, or empty beside a cookie. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

type SessionLogin = Extract<OriginLogin, { type: 'session' }>;

const sessionRequestSchema = z.object({ username: z.string(), password: z.string() });

/** Checks a site's logins: it knows the one valid login with its time of issue, and the tokens issued for it. */
export class LoginGuard {
  private login: OriginLogin;
  private issuedAtMs: number;
  /** Time of issue by token, ms since 1970. */
  private readonly tokens = new Map<string, number>();

  /** @param issuedAtMs ms since 1970 */
  constructor(login: OriginLogin, issuedAtMs: number) {
    this.login = login;
    this.issuedAtMs = issuedAtMs;
  }

  /** Below the site's address; `null` for a site without a login request. */
  get loginPath(): string | null {
    return this.login.type === 'session' ? this.login.loginPath : null;
  }

  /**
   * Answers a login.
   * @param request the posted body
   * @returns the answer; `null` for a wrong login
   */
  logIn(request: string, nowMs: number): LoginAnswer | null {
    const login = this.login;
    if (login.type !== 'session') return null;
    const { username, password } = readSessionRequest(request);
    if (username !== login.username || password !== login.password) return null;
    const token = randomBytes(12).toString('hex');
    this.tokens.set(token, nowMs);
    const { lifetimeMs, expiry, sendAs } = login;
    const toldS = lifetimeMs === undefined || expiry === 'untold' ? undefined : lifetimeMs / 1000;
    if (sendAs !== 'bearer' && 'cookie' in sendAs) {
      const maxAge = toldS === undefined ? '' : `; Max-Age=${toldS}`;
      return { body: '', headers: { 'set-cookie': `${sendAs.cookie}=${token}; Path=/; HttpOnly${maxAge}` } };
    }
    return { body: JSON.stringify({ token, expires_in: toldS }), headers: {} };
  }

  /** Issues another password or token; the earlier one and the tokens issued for it become invalid. */
  renew(nowMs: number): OriginLogin {
    const secret = randomBytes(12).toString('hex');
    const login = this.login;
    this.issuedAtMs = nowMs;
    switch (login.type) {
      case 'basic':
        this.login = { ...login, password: secret };
        break;
      case 'session':
        this.login = { ...login, password: secret };
        this.tokens.clear();
        break;
      case 'bearer':
        this.login = { ...login, token: secret };
        break;
      case 'query':
        this.login = { ...login, value: secret };
        break;
    }
    return this.login;
  }

  /** @param expiredMs logins issued at this time (ms since 1970) or before are no longer valid */
  accepts(brought: BroughtLogin, nowMs: number, expiredMs: number | null): boolean {
    const login = this.login;
    const { authorization, query } = brought;
    const issuedAtMs = login.type === 'session' ? this.tokenIssuedAtMs(login, brought) : this.issuedAtMs;
    if (issuedAtMs === null || (expiredMs !== null && issuedAtMs <= expiredMs)) return false;
    const lifetimeMs = login.type === 'basic' ? undefined : login.lifetimeMs;
    if (lifetimeMs !== undefined && nowMs - issuedAtMs >= lifetimeMs) return false;
    switch (login.type) {
      case 'session':
        return true;
      case 'basic':
        return (
          authorization === `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
        );
      case 'bearer':
        return authorization === `Bearer ${login.token}`;
      case 'query':
        return query.get(login.name) === login.value;
    }
  }

  private tokenIssuedAtMs(login: SessionLogin, brought: BroughtLogin): number | null {
    return this.tokens.get(tokenIn(brought, login) ?? '') ?? null;
  }

  /** The `WWW-Authenticate` of a refusal (RFC 9110, 11.6.1). */
  get challenge(): string {
    return this.login.type === 'basic' ? 'Basic realm="site"' : 'Bearer';
  }
}

function readSessionRequest(text: string): { readonly username?: string; readonly password?: string } {
  try {
    return sessionRequestSchema.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}

function tokenIn({ authorization, query, cookies }: BroughtLogin, { sendAs }: SessionLogin): string | null {
  if (sendAs === 'bearer') return authorization?.replace(/^Bearer /, '') ?? null;
  if ('query' in sendAs) return query.get(sendAs.query);
  const prefix = `${sendAs.cookie}=`;
  const cookie = cookies.split('; ').find((one) => one.startsWith(prefix));
  return cookie?.slice(prefix.length) ?? null;
}
