import type { ConfigForm } from './form.ts';
import { POLICY_SETTINGS } from './policy-settings.ts';
import { type Settings, settingAt, type Unit } from './setting.ts';
import { SITE_SETTINGS } from './site-settings.ts';

export const SECTIONS = ['sites', 'cameras', 'views', 'policies'] as const;
export type Section = (typeof SECTIONS)[number];

/** A place in the form: the field, which is also its element's id, and the item and section that hold it. */
export interface Place {
  readonly section: Section;
  /** `null` in a section without items, and for what concerns a section as a whole. */
  readonly item: string | null;
  readonly field: string;
  readonly unit: Unit;
}

export interface FieldIssue extends Place {
  readonly message: string;
}

/** The id of the field `name` of an item, or of a section. */
export function fieldId(section: Section, item: string | null, ...name: readonly string[]): string {
  return [section, ...(item === null ? [] : [item]), ...name].join('/');
}

/**
 * The field of the form for the value at a path of the configuration. A path that no field shows belongs to its item,
 * or to its section.
 */
export function fieldOfPath(path: readonly PropertyKey[], form: ConfigForm): Place {
  const [section, index, name, ...rest] = path.map(String);
  switch (section) {
    case 'cameras': {
      const camera = form.cameras[Number(index)];
      if (camera === undefined) return place('cameras', null);
      if (name !== 'streams') return place('cameras', camera.key, name ?? 'streams');
      const siteKey = form.sites.find(({ id }) => id.trim() === rest[0])?.key;
      if (siteKey === undefined || rest[1] === undefined) return place('cameras', camera.key, 'streams');
      return place('cameras', camera.key, 'paths', siteKey, rest[1]);
    }
    case 'views': {
      const view = form.views[Number(index)];
      if (view === undefined) return place('views', null);
      return place('views', view.key, name ?? 'name');
    }
    case 'policies':
      return settingPlace(POLICY_SETTINGS, path.slice(1), 'policies', null) ?? place('policies', null);
    default: {
      const site = form.sites[Number(index)];
      if (site === undefined) return place('sites', null);
      if (name === 'credentials') return place('sites', site.key, CREDENTIAL_FIELDS[rest[0] ?? ''] ?? 'kind');
      if (name === 'furtherAddresses') return place('sites', site.key, name, ...rest);
      return (
        settingPlace(SITE_SETTINGS, path.slice(2), 'sites', site.key) ??
        place('sites', site.key, name ?? 'name')
      );
    }
  }
}

const CREDENTIAL_FIELDS: Readonly<Record<string, string>> = {
  username: 'username',
  name: 'parameter',
  password: 'secret',
  token: 'secret',
  value: 'secret',
  loginPath: 'loginPath',
  request: 'request',
  userField: 'userField',
  tokenField: 'tokenField',
  sendAs: 'parameter',
};

function settingPlace(
  settings: Settings,
  path: readonly PropertyKey[],
  section: Section,
  item: string | null,
): Place | null {
  const found = settingAt(settings, path);
  if (found === null) return null;
  const { name, setting } = found;
  return { ...place(section, item, name), unit: setting.kind === 'number' ? setting.unit : null };
}

function place(section: Section, item: string | null, ...field: readonly string[]): Place {
  return { section, item, field: fieldId(section, item, ...field), unit: null };
}
