import type { Credentials, Secret, Site } from '../../../shared/config/config.ts';
import type { HiddenToken, QueryToken } from './query-token.ts';

/** The values of secrets that the configuration only names: `process.env` in the application. */
export type SecretEnvironment = Readonly<Record<string, string | undefined>>;

/** The login that is sent with a request to a site. */
export type RequestLogin =
  | { readonly kind: 'none' }
  /** `authorization: <scheme> <value>`. */
  | ({ readonly kind: 'header'; readonly scheme: 'Basic' | 'Bearer' } & Omit<HiddenToken, 'name'>)
  /** The site's cookies are the login. `SiteCookies` decides where they are sent. */
  | { readonly kind: 'cookie' }
  | ({ readonly kind: 'query' } & QueryToken);

/** The login that follows from a site's credentials. */
export type SiteLogin =
  | RequestLogin
  /** A token is sent, which has to be fetched with this password: `SiteSession`. */
  | { readonly kind: 'session'; readonly password: string }
  /** The configuration names a secret that cannot be used; `problem` says which one and why. */
  | { readonly kind: 'unusable'; readonly problem: string };

/** Reads a site's credentials. Called for each request, so that a changed variable takes effect at once. */
export function siteLogin(
  credentials: Credentials | undefined,
  siteName: string,
  environment: SecretEnvironment,
): SiteLogin {
  if (credentials === undefined) return { kind: 'none' };
  switch (credentials.type) {
    case 'basic':
      return withSecret(credentials.password, `the password of ${siteName}`, environment, (password) => ({
        kind: 'header',
        scheme: 'Basic',
        value: Buffer.from(`${credentials.username}:${password}`).toString('base64'),
      }));
    case 'bearer':
      return withSecret(credentials.token, `the token of ${siteName}`, environment, (token) =>
        isHeaderToken(token)
          ? { kind: 'header', scheme: 'Bearer', value: token }
          : { kind: 'unusable', problem: `the token of ${siteName} holds a blank or a letter beyond ASCII` },
      );
    case 'query':
      return withSecret(credentials.value, `the token of ${siteName}`, environment, (value) => ({
        kind: 'query',
        name: credentials.name,
        value,
      }));
    case 'session':
      return withSecret(credentials.password, `the password of ${siteName}`, environment, (password) => ({
        kind: 'session',
        password,
      }));
  }
}

/** The part of a login that no page may see. The site itself may repeat it in its answers. */
export function hiddenTokenOf(login: SiteLogin): HiddenToken | null {
  switch (login.kind) {
    case 'query':
      return login;
    case 'header':
      return { ...login, name: null };
    default:
      return null;
  }
}

/** Whether a token is valid text for an `Authorization` header. */
export function isHeaderToken(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token);
}

/** The problems of the sites' credentials at the moment, one sentence for each site that has one. */
export function loginProblems(
  sites: readonly Pick<Site, 'name' | 'credentials'>[],
  environment: SecretEnvironment,
): string[] {
  return sites.flatMap(({ name, credentials }) => {
    const login = siteLogin(credentials, name, environment);
    return login.kind === 'unusable' ? [`${name} cannot be asked: ${login.problem}.`] : [];
  });
}

function withSecret(
  secret: Secret,
  what: string,
  environment: SecretEnvironment,
  use: (value: string) => SiteLogin,
): SiteLogin {
  if (typeof secret === 'string') return use(secret);
  const value = environment[secret.env];
  if (value === undefined || value === '')
    return { kind: 'unusable', problem: `the environment variable ${secret.env}, ${what}, is not set` };
  return use(value);
}
