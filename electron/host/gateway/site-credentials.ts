import type { Credentials, Secret, Site } from '../../../shared/config/config.ts';
import type { HiddenToken, QueryToken } from './query-token.ts';

/** Where secrets are found that the configuration only names: `process.env` in the application. */
export type SecretEnvironment = Readonly<Record<string, string | undefined>>;

/** What goes along with a request to a site. */
export type RequestLogin =
  | { readonly kind: 'none' }
  /** `authorization: <scheme> <value>`. */
  | ({ readonly kind: 'header'; readonly scheme: 'Basic' | 'Bearer' } & Omit<HiddenToken, 'name'>)
  /** The site's cookies are the login. They go by their own rules: `SiteCookies`. */
  | { readonly kind: 'cookie' }
  | ({ readonly kind: 'query' } & QueryToken);

/** What a site's credentials come to. */
export type SiteLogin =
  | RequestLogin
  /** What goes along is a token that has to be fetched by this password: `SiteSession`. */
  | { readonly kind: 'session'; readonly password: string }
  /** The configuration names a secret that cannot be used; `problem` says which and why. */
  | { readonly kind: 'unusable'; readonly problem: string };

/** Reads a site's credentials. Called for each request, so that a changed variable counts at once. */
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

/** What no page may see of a login. The site itself may repeat it in what it answers. */
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

/** Whether a token can stand in an `Authorization` header. */
export function isHeaderToken(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token);
}

/** What is wrong with the sites' credentials as they stand now, one sentence for each site concerned. */
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
