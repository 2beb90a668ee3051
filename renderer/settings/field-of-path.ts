import type { ConfigForm } from './form.ts';

export const SECTIONS = ['sites', 'cameras', 'views', 'policies'] as const;
export type Section = (typeof SECTIONS)[number];

/** The unit of a number in a field. */
export type Unit = 's' | 'ms' | null;

/** A place in the form: the field (which is also its element's id), and its item and section. */
export interface Place {
  readonly section: Section;
  /** `null` in a section without items, and for issues of a section as a whole. */
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

const POLICY_FIELDS: Readonly<Record<string, readonly [field: string, unit: Unit]>> = {
  reactionTimeMs: ['reactionTime', 'ms'],
  'failback.stableMs': ['stableTime', 's'],
  'failback.allowedLagMs': ['allowedLag', 's'],
  'failback.allowedHours': ['allowedHours', null],
};

/**
 * The place in the form of the value at a path of the configuration. A path that no field shows belongs to its item, or to its
 * section.
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
    case 'policies': {
      const [field, unit] = POLICY_FIELDS[path.slice(1, 3).map(String).join('.')] ??
        POLICY_FIELDS[String(index)] ?? [null, null];
      return { ...(field === null ? place('policies', null) : place('policies', null, field)), unit };
    }
    default: {
      const site = form.sites[Number(index)];
      if (site === undefined) return place('sites', null);
      if (name === 'credentials') return place('sites', site.key, CREDENTIAL_FIELDS[rest[0] ?? ''] ?? 'kind');
      if (name === 'furtherAddresses') return place('sites', site.key, name, ...rest);
      if (name === 'watchIntervalMs') return { ...place('sites', site.key, 'watchInterval'), unit: 's' };
      return place('sites', site.key, name ?? 'name');
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

function place(section: Section, item: string | null, ...field: readonly string[]): Place {
  return { section, item, field: fieldId(section, item, ...field), unit: null };
}
