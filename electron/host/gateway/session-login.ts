import type { SessionCredentials } from '../../../shared/config/config.ts';
import { GatewayFailure } from './failures.ts';
import { type BodyLimit, SiteBody } from './site-body.ts';
import { askOnce, type SiteAccess } from './site-client.ts';
import type { TakenCookies } from './site-cookies.ts';
import { isHeaderToken } from './site-credentials.ts';

/** Limit of a login's answer: a token with everything beside it has a few thousand bytes. */
const ANSWER_LIMIT: BodyLimit = { bytes: 65_536, words: '64 KB that the answer to a login may have' };

export interface LoginRequest {
  readonly credentials: SessionCredentials;
  readonly password: string;
  readonly siteName: string;
  readonly access: SiteAccess;
  readonly signal: AbortSignal;
}

/** The result of a login. A cookie is kept with the site's other cookies. */
export type IssuedLogin = { readonly kind: 'token'; readonly value: string } | { readonly kind: 'cookie' };

/** The site's answer to a login. */
export type LoginOutcome =
  /** `lifetimeMs` counts from the time of issue; `null` where the site does not say it. */
  | { readonly kind: 'issued'; readonly login: IssuedLogin; readonly lifetimeMs: number | null }
  /** The same login will not succeed soon, and repeating it may lock the account. The words contain no secret. */
  | { readonly kind: 'refused'; readonly problem: string };

/**
 * Logs in at a site, once.
 * @throws GatewayFailure `not-allowed` for a login path that leaves the site's base, `no-login` for a server error
 * (5xx), `too-large`; the signal's reason; or Node's error of the connection
 */
export async function logIn(request: LoginRequest): Promise<LoginOutcome> {
  const { credentials, siteName, access, signal } = request;
  const { main } = access.bases;
  const [path = '', search] = credentials.loginPath.replace(/^\/+/, '').split(/\?(.*)/s);
  const target = main.target(path, search === undefined ? '' : `?${search}`);
  if (target === null)
    throw new GatewayFailure('not-allowed', `the login path of ${siteName} leaves its base address`);
  const { type, text } = bodyOf(request);
  const cookies = access.cookiesOf(main);
  const response = await askOnce(
    {
      connections: access.connectionsTo(main),
      cookies,
      login: { kind: 'none' },
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': type,
        'content-length': Buffer.byteLength(text),
      },
      body: text,
      signal,
    },
    target,
  );
  const taken = cookies.take(target, response.headers['set-cookie']);
  const status = response.statusCode ?? 0;
  try {
    if (status >= 500) throw new GatewayFailure('no-login', `the login at ${siteName} failed (${status})`);
    if (status < 200 || status > 299)
      return { kind: 'refused', problem: `the login at ${siteName} was refused (${status})` };
    const answer = await new SiteBody(response, siteName).all(ANSWER_LIMIT);
    return readAnswer({ text: new TextDecoder().decode(answer), cookies: taken }, credentials, siteName);
  } finally {
    // An answer that was not read to its end would keep its connection.
    response.destroy();
  }
}

function bodyOf({ credentials, password }: LoginRequest): {
  readonly type: string;
  readonly text: string;
} {
  const { request, username, userField = 'username' } = credentials;
  if (request === 'json')
    return { type: 'application/json', text: JSON.stringify({ [userField]: username, password }) };
  const fields =
    request === 'password-grant'
      ? { grant_type: 'password', username, password }
      : { grant_type: 'client_credentials', client_id: username, client_secret: password };
  return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(fields).toString() };
}

interface LoginAnswer {
  readonly text: string;
  readonly cookies: TakenCookies;
}

/**
 * Where the configuration does not say where the token is, the answer may set a cookie instead: that is the session
 * then. If there are several, it is unknown which one is the session. The one that lasts longest counts: a session that
 * ends earlier is refused and then renewed.
 */
function readAnswer(
  { text, cookies: { lifetimesMs, problems } }: LoginAnswer,
  { request, tokenField, sendAs }: SessionCredentials,
  siteName: string,
): LoginOutcome {
  const useless = (what: string, why: string): LoginOutcome => ({
    kind: 'refused',
    problem: `the login at ${siteName} gave ${what}: ${why}`,
  });
  const field = tokenField ?? (request === 'json' ? 'token' : 'access_token');
  const answer = parsed(text);
  const names = field.split('.');
  const holder = names.slice(0, -1).reduce(fieldOf, answer);
  const token = fieldOf(holder, names.at(-1) ?? '');
  if (typeof token !== 'string' || token === '') {
    const why = answer === undefined ? 'its answer is not JSON' : `its answer has no field ${field}`;
    if (tokenField !== undefined || sendAs !== 'bearer') return useless('no token', why);
    if (lifetimesMs.length === 0)
      return problems.length === 0
        ? useless('neither a token nor a cookie', why)
        : useless('no token, and no cookie that can be used', problems.join('; '));
    return { kind: 'issued', login: { kind: 'cookie' }, lifetimeMs: finite(Math.max(...lifetimesMs)) };
  }
  if (sendAs === 'bearer' && !isHeaderToken(token))
    return useless('no token', `${field} in its answer holds a blank or a letter beyond ASCII`);
  const lifetimeMs = finite(Number(fieldOf(holder, 'expires_in')) * 1000);
  return { kind: 'issued', login: { kind: 'token', value: token }, lifetimeMs };
}

/** The time, or `null` if it is not finite. */
function finite(ms: number): number | null {
  return ms > 0 && ms < Number.POSITIVE_INFINITY ? ms : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
