import type { Config, Credentials, Site } from '../../shared/config/config.ts';
import {
  type ConfigDraft,
  type DraftSecret,
  type DraftSite,
  SECRET_KEY,
  secretOf,
} from '../../shared/config/config-draft.ts';
import type { ConfigIssue } from '../../shared/config/config-issues.ts';

/** Environment variables meant for Holdfast. All others may contain secrets of other programs. */
const OWN_VARIABLE = /^HOLDFAST_/;

/**
 * Uses of secrets that a draft must not contain. A draft comes from a window, which knows no secrets. So a kept secret
 * may go only to servers to which it went before, and a newly named variable has to be one of Holdfast's own.
 * @param draft stands for a valid configuration
 * @param previous the configuration that the secrets are kept from
 */
export function secretIssues(draft: ConfigDraft, previous: Config): ConfigIssue[] {
  const known = new Set(previous.sites.flatMap(({ credentials }) => variableOf(credentials) ?? []));
  return draft.sites.flatMap((site, index) => {
    if (site.credentials === undefined) return [];
    const key = SECRET_KEY[site.credentials.type];
    const secret = Reflect.get(site.credentials, key) as DraftSecret;
    const message = objectionTo(secret, site, previous, known);
    return message === null ? [] : [{ path: ['sites', index, 'credentials', key], message }];
  });
}

/** The settings to which a secret is bound: where the site's login goes, and how the servers prove who they are. */
export type SecretPlace = Pick<Site, 'baseUrl' | 'furtherAddresses' | 'tlsPin'>;

/**
 * Why a secret that was given for one place must not be used at another, in words that continue a sentence; `null`
 * where it may. With another pinned certificate, or with none, another server could answer at the same address.
 * @param before `undefined` where no secret was given
 */
export function whyNotGivenFor(place: SecretPlace, before: SecretPlace | undefined): string | null {
  const givenFor = new Set(before === undefined ? [] : serversOf(before));
  const other = serversOf(place).find((server) => !givenFor.has(server));
  if (other !== undefined) return `it was not given for ${other}`;
  return pinOf(place) === pinOf(before) ? null : 'it was given for another pinned certificate';
}

function objectionTo(
  secret: DraftSecret,
  site: DraftSite,
  previous: Config,
  known: ReadonlySet<string>,
): string | null {
  if (typeof secret === 'string') return null;
  if ('env' in secret)
    return OWN_VARIABLE.test(secret.env) || known.has(secret.env)
      ? null
      : 'must be a variable whose name begins with HOLDFAST_, or one that the configuration names already';
  const problem = whyNotGivenFor(
    site,
    previous.sites.find(({ id }) => id === site.id),
  );
  return problem === null ? null : `must be typed again: ${problem}`;
}

/** Where the login goes: scheme, host and port. A session logs in below `baseUrl`. */
function serversOf({ baseUrl, furtherAddresses = [] }: SecretPlace): string[] {
  const further = furtherAddresses.filter(({ sendLogin }) => sendLogin);
  return [baseUrl, ...further.map((address) => address.baseUrl)].map((address) => new URL(address).origin);
}

/** The same text for every spelling of one fingerprint. */
function pinOf(place: SecretPlace | undefined): string {
  return (place?.tlsPin ?? '').replaceAll(':', '').toLowerCase();
}

function variableOf(credentials: Credentials | undefined): string | null {
  if (credentials === undefined) return null;
  const secret = secretOf(credentials);
  return typeof secret === 'string' ? null : secret.env;
}
