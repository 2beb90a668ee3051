import type { Config, Credentials } from '../../shared/config.ts';
import { type ConfigDraft, type DraftSecret, type DraftSite, SECRET_KEY } from '../../shared/config-draft.ts';
import type { ConfigIssue } from '../../shared/config-issues.ts';

/** Environment variables that are meant for Holdfast. All others may hold secrets of other programs. */
const OWN_VARIABLE = /^HOLDFAST_/;

/**
 * What a draft must not do with secrets. It comes from a window, which knows none of them: so a kept secret goes only to servers that
 * it went to before, and a variable that the configuration did not name before is one of Holdfast's own.
 * @param draft that stands for a valid configuration
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
  const before = previous.sites.find(({ id }) => id === site.id);
  const givenFor = new Set(before === undefined ? [] : serversOf(before));
  const other = serversOf(site).find((server) => !givenFor.has(server));
  return other === undefined ? null : `must be typed again: it was not given for ${other}`;
}

/** Where the login goes: scheme, host and port. */
function serversOf({
  baseUrl,
  furtherAddresses = [],
}: Pick<DraftSite, 'baseUrl' | 'furtherAddresses'>): string[] {
  const further = furtherAddresses.filter(({ sendLogin }) => sendLogin);
  return [baseUrl, ...further.map((address) => address.baseUrl)].map((address) => new URL(address).origin);
}

function variableOf(credentials: Credentials | undefined): string | null {
  if (credentials === undefined) return null;
  const secret: unknown = Reflect.get(credentials, SECRET_KEY[credentials.type]);
  return typeof secret === 'object' && secret !== null && 'env' in secret ? String(secret.env) : null;
}
