import { CONFIG_VERSION, type Policies, type Site } from '../../shared/config/config.ts';
import {
  type CameraForm,
  type ConfigForm,
  type CredentialsForm,
  cellsOf,
  type SecretForm,
  type SiteForm,
  type ViewForm,
} from './form.ts';
import { POLICY_SETTINGS } from './policy-settings.ts';
import { numberOf, partOf, type Unchecked } from './setting.ts';
import { SITE_SETTINGS } from './site-settings.ts';

/** Stands where the host is to keep the secret that it has. */
export const KEPT = { kept: true } as const;

/**
 * The draft that a form describes, with the same places: item `n` of a list is item `n` of the form's. It is not
 * checked: what is no number is left as the text that was typed, for the check to complain of.
 */
export function draftFromForm(form: ConfigForm) {
  const siteIds = new Map(form.sites.map(({ key, id }) => [key, id.trim()]));
  const cameraIds = new Map(form.cameras.map(({ key, id }) => [key, id.trim()]));
  return {
    version: CONFIG_VERSION,
    sites: form.sites.map(siteOf),
    cameras: form.cameras.map((camera) => cameraOf(camera, siteIds)),
    views: form.views.map((view) => viewOf(view, cameraIds)),
    policies: partOf(POLICY_SETTINGS, form.policies) as Unchecked<Policies>,
  };
}

function siteOf(site: SiteForm) {
  const credentials = credentialsOf(site.credentials);
  return {
    id: site.id.trim(),
    ...(partOf(SITE_SETTINGS, site) as Unchecked<Omit<Site, 'id' | 'credentials' | 'furtherAddresses'>>),
    ...(credentials === null ? {} : { credentials }),
    ...(site.furtherAddresses.length === 0
      ? {}
      : {
          furtherAddresses: site.furtherAddresses.map(({ baseUrl, sendLogin }) => ({
            baseUrl: baseUrl.trim(),
            sendLogin,
          })),
        }),
  };
}

function credentialsOf({ kind, username, parameter, secret, session }: CredentialsForm) {
  switch (kind) {
    case 'none':
      return null;
    case 'basic':
      return { type: kind, username: username.trim(), password: secretOf(secret) };
    case 'bearer':
      return { type: kind, token: secretOf(secret) };
    case 'query':
      return { type: kind, name: parameter.trim(), value: secretOf(secret) };
    case 'session':
      return {
        type: kind,
        loginPath: session.loginPath.trim(),
        username: username.trim(),
        password: secretOf(secret),
        request: session.request,
        ...optional('userField', session.request === 'json' ? session.userField.trim() : ''),
        ...optional('tokenField', session.tokenField.trim()),
        sendAs: session.sendAs === 'bearer' ? session.sendAs : { query: parameter.trim() },
      };
  }
}

function secretOf(secret: SecretForm) {
  switch (secret.kind) {
    case 'kept':
      return KEPT;
    case 'text':
      return secret.text;
    case 'environment':
      return { env: secret.name.trim() };
  }
}

function cameraOf(camera: CameraForm, siteIds: ReadonlyMap<string, string>) {
  const streams = Object.entries(camera.paths).flatMap(([siteKey, { main, sub }]) => {
    const siteId = siteIds.get(siteKey);
    if (siteId === undefined || (main.trim() === '' && sub.trim() === '')) return [];
    return [[siteId, { ...optional('main', main.trim()), ...optional('sub', sub.trim()) }] as const];
  });
  return {
    id: camera.id.trim(),
    number: numberOf(camera.number, 1),
    name: camera.name.trim(),
    ...(streams.length === 0 ? {} : { streams: Object.fromEntries(streams) }),
    ...(camera.siteOrder === null
      ? {}
      : { siteOrder: camera.siteOrder.flatMap((key) => siteIds.get(key) ?? []) }),
    ...(camera.onFrozen === 'alarm' ? {} : { onFrozen: camera.onFrozen }),
  };
}

function viewOf({ id, name, columns, rows, ...view }: ViewForm, cameraIds: ReadonlyMap<string, string>) {
  const cells = cellsOf({ columns, rows }).map((cell) => cameraIds.get(view.cells[cell] ?? '') ?? null);
  return { id, name: name.trim(), columns, rows, cells };
}

function optional<K extends string>(name: K, text: string): { [key in K]?: string } {
  return text === '' ? {} : ({ [name]: text } as { [key in K]?: string });
}
