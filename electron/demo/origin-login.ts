import { randomBytes } from 'node:crypto';
import { z } from 'zod';

export const originLoginSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('basic'), username: z.string().min(1), password: z.string().min(1) }),
  z.strictObject({
    type: z.literal('bearer'),
    token: z.string().min(1),
    /** How long a token is good after it was issued; without it, for ever. Milliseconds. */
    lifetimeMs: z.number().positive().optional(),
  }),
  z.strictObject({
    type: z.literal('query'),
    name: z.string().min(1),
    value: z.string().min(1),
    lifetimeMs: z.number().positive().optional(),
  }),
]);
/** What a site asks of its clients. */
export type OriginLogin = z.infer<typeof originLoginSchema>;

/** What a request brings along. */
export interface BroughtLogin {
  readonly authorization: string | undefined;
  readonly query: URLSearchParams;
}

/** A site's guard: the one login that is good now, and since when. */
export class LoginGuard {
  #login: OriginLogin;
  #issuedAtMs: number;

  /** @param issuedAtMs ms since 1970 */
  constructor(login: OriginLogin, issuedAtMs: number) {
    this.#login = login;
    this.#issuedAtMs = issuedAtMs;
  }

  /** Issues another password or token; the one before is good no longer. */
  renew(nowMs: number): OriginLogin {
    const secret = randomBytes(12).toString('hex');
    const login = this.#login;
    this.#issuedAtMs = nowMs;
    switch (login.type) {
      case 'basic':
        this.#login = { ...login, password: secret };
        break;
      case 'bearer':
        this.#login = { ...login, token: secret };
        break;
      case 'query':
        this.#login = { ...login, value: secret };
        break;
    }
    return this.#login;
  }

  /** @param expiredMs logins issued at this instant (ms since 1970) or before are good no longer */
  accepts({ authorization, query }: BroughtLogin, nowMs: number, expiredMs: number | null): boolean {
    const login = this.#login;
    if (expiredMs !== null && this.#issuedAtMs <= expiredMs) return false;
    const lifetimeMs = login.type === 'basic' ? undefined : login.lifetimeMs;
    if (lifetimeMs !== undefined && nowMs - this.#issuedAtMs >= lifetimeMs) return false;
    switch (login.type) {
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

  /** The `WWW-Authenticate` of a refusal (RFC 9110, 11.6.1). */
  get challenge(): string {
    return this.#login.type === 'basic' ? 'Basic realm="site"' : 'Bearer';
  }
}
