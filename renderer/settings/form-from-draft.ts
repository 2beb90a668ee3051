import { CONFIG_VERSION, configSchema } from '../../shared/config/config.ts';
import type { ConfigDraft, DraftCredentials, DraftSecret } from '../../shared/config/config-draft.ts';
import {
  type CameraForm,
  type ConfigForm,
  type CredentialsForm,
  cellsOf,
  LARGEST_SIDE,
  type SecretForm,
  type SiteForm,
  type ViewForm,
} from './form.ts';
import { POLICY_SETTINGS } from './policy-settings.ts';
import { formOf } from './setting.ts';
import { SITE_SETTINGS } from './site-settings.ts';

export const NO_CREDENTIALS: CredentialsForm = {
  kind: 'none',
  username: '',
  parameter: '',
  secret: { kind: 'text', text: '' },
  session: { loginPath: '', request: 'json', userField: '', tokenField: '', sendAs: 'bearer' },
};

/**
 * A configuration in the form of the fields.
 * @param known a form whose items keep their keys where their ids are the same
 */
export function formFromDraft(draft: ConfigDraft, known?: ConfigForm): ConfigForm {
  const siteKey = keysById(draft.sites, known?.sites, 'site');
  const cameraKey = keysById(draft.cameras, known?.cameras, 'camera');
  const viewKey = keysById(draft.views, known?.views, 'view');
  return {
    sites: draft.sites.map(
      (site): SiteForm => ({
        key: siteKey(site.id),
        id: site.id,
        idOrigin: 'fixed',
        ...formOf(SITE_SETTINGS, site),
        credentials: site.credentials === undefined ? NO_CREDENTIALS : credentialsForm(site.credentials),
        furtherAddresses: site.furtherAddresses ?? [],
      }),
    ),
    cameras: draft.cameras.map(
      (camera): CameraForm => ({
        key: cameraKey(camera.id),
        id: camera.id,
        idOrigin: 'fixed',
        number: String(camera.number),
        name: camera.name,
        paths: Object.fromEntries(
          Object.entries(camera.streams ?? {}).map(([siteId, { main = '', sub = '' }]) => [
            siteKey(siteId),
            { main, sub },
          ]),
        ),
        siteOrder: camera.siteOrder?.map(siteKey) ?? null,
        onFrozen: camera.onFrozen ?? 'alarm',
      }),
    ),
    views: draft.views.map((view): ViewForm => {
      const cells: (string | null)[] = Array.from({ length: LARGEST_SIDE ** 2 }, () => null);
      cellsOf(view).forEach((cell, index) => {
        const cameraId = view.cells[index];
        if (typeof cameraId === 'string') cells[cell] = cameraKey(cameraId);
      });
      return { ...view, key: viewKey(view.id), cells };
    }),
    policies: formOf(POLICY_SETTINGS, draft.policies),
    keysGiven: known?.keysGiven ?? 0,
  };
}

/** A form without sites, cameras and views, with the default policies. */
export function emptyForm(): ConfigForm {
  const { policies } = configSchema.shape;
  return formFromDraft({
    version: CONFIG_VERSION,
    sites: [],
    cameras: [],
    views: [],
    policies: policies.parse(undefined),
  });
}

/**
 * The key of a new item is kept after the save. The key of an unknown id is the id, encoded: keys are part of element ids, and
 * lists of these are separated by blanks, and paths by slashes.
 */
function keysById(
  items: readonly { readonly id: string }[],
  known: readonly { readonly id: string; readonly key: string }[] = [],
  kind: string,
): (id: string) => string {
  const keyOf = (id: string): string => `${kind}:${encodeURIComponent(id)}`;
  const keys = new Map(items.map(({ id }) => [id, keyOf(id)]));
  for (const { id, key } of known) keys.set(id, key);
  return (id) => keys.get(id) ?? keyOf(id);
}

function credentialsForm(credentials: DraftCredentials): CredentialsForm {
  switch (credentials.type) {
    case 'basic':
      return {
        ...NO_CREDENTIALS,
        kind: 'basic',
        username: credentials.username,
        secret: secretForm(credentials.password),
      };
    case 'bearer':
      return { ...NO_CREDENTIALS, kind: 'bearer', secret: secretForm(credentials.token) };
    case 'query':
      return {
        ...NO_CREDENTIALS,
        kind: 'query',
        parameter: credentials.name,
        secret: secretForm(credentials.value),
      };
    case 'session': {
      const { loginPath, request, userField = '', tokenField = '', sendAs } = credentials;
      const inAddress = sendAs !== 'bearer';
      return {
        kind: 'session',
        username: credentials.username,
        parameter: inAddress ? sendAs.query : '',
        secret: secretForm(credentials.password),
        session: { loginPath, request, userField, tokenField, sendAs: inAddress ? 'query' : 'bearer' },
      };
    }
  }
}

function secretForm(secret: DraftSecret): SecretForm {
  if (typeof secret === 'string') return { kind: 'text', text: secret };
  return 'kept' in secret ? { kind: 'kept' } : { kind: 'environment', name: secret.env };
}
