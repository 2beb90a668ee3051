import type { Config, Credentials, Secret, Site } from './config.ts';

/** Stands for a secret that does not change: secrets never leave the host. */
export interface KeptSecret {
  readonly kept: true;
}

/** A new secret, the name of the environment variable with it, or the one that the host has. */
export type DraftSecret = KeptSecret | Secret;

type WithDraftSecret<C, K extends PropertyKey> = C extends unknown
  ? Omit<C, K> & { [P in Extract<keyof C, K>]: DraftSecret }
  : never;
type SecretKey = 'password' | 'token' | 'value';

export type DraftCredentials = WithDraftSecret<Credentials, SecretKey>;
export type DraftSite = Omit<Site, 'credentials'> & { credentials?: DraftCredentials | undefined };

/** A configuration for the settings window: complete except for the secrets. */
export type ConfigDraft = Omit<Config, 'sites'> & { sites: DraftSite[] };

/** The field with the secret, by kind of credentials. */
export const SECRET_KEY: Readonly<Record<Credentials['type'], SecretKey>> = {
  basic: 'password',
  bearer: 'token',
  query: 'value',
  session: 'password',
};

/** A login's secret that is plain text in the configuration; `null` without one, or for the name of a variable. */
export function plainSecretOf(credentials: Credentials | undefined): string | null {
  const secret = credentials === undefined ? null : secretOf(credentials);
  return typeof secret === 'string' ? secret : null;
}

/** A login's secret, text or the name of a variable. */
export function secretOf(credentials: Credentials): Secret {
  return Reflect.get(credentials, SECRET_KEY[credentials.type]);
}

/** The part of a configuration that the settings window may see. The names of environment variables are no secrets. */
export function draftOf(config: Config): ConfigDraft {
  return {
    ...config,
    sites: config.sites.map(({ credentials, ...site }) =>
      credentials === undefined ? site : { ...site, credentials: draftCredentials(credentials) },
    ),
  };
}

/**
 * The configuration that a draft stands for: kept secrets come from the site of the same id in `previous`, for the same
 * kind of credentials. The draft comes from a window and may be wrong in every way, so the result still has to be
 * checked against the schema. A kept secret without a source becomes empty, which the schema refuses at its place.
 */
export function applyDraft(draft: ConfigDraft, previous: Pick<Config, 'sites'>): Config {
  const sites: unknown = draft.sites;
  if (!Array.isArray(sites)) return draft as Config;
  return { ...draft, sites: sites.map((site: unknown) => siteOf(site, previous)) as Site[] };
}

function draftCredentials(credentials: Credentials): DraftCredentials {
  switch (credentials.type) {
    case 'basic':
    case 'session':
      return { ...credentials, password: draftSecret(credentials.password) };
    case 'bearer':
      return { ...credentials, token: draftSecret(credentials.token) };
    case 'query':
      return { ...credentials, value: draftSecret(credentials.value) };
  }
}

function draftSecret(secret: Secret): DraftSecret {
  return typeof secret === 'string' ? { kept: true } : secret;
}

function siteOf(site: unknown, previous: Pick<Config, 'sites'>): unknown {
  if (!isRecord(site) || !isRecord(site.credentials)) return site;
  const { credentials } = site;
  const type = credentials.type;
  if (type !== 'basic' && type !== 'bearer' && type !== 'query' && type !== 'session') return site;
  const key = SECRET_KEY[type];
  if (!isKept(credentials[key])) return site;
  const before = previous.sites.find(({ id }) => id === site.id)?.credentials;
  const secret: unknown = before?.type === type ? Reflect.get(before, key) : undefined;
  return { ...site, credentials: { ...credentials, [key]: secret ?? '' } };
}

/** Whether it stands for a secret that does not change. */
export function isKept(secret: unknown): secret is KeptSecret {
  return isRecord(secret) && secret.kept === true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
