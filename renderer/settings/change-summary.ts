import type { CameraForm, ConfigForm, CredentialsForm, PoliciesForm, SiteForm, ViewForm } from './form.ts';
import { POLICY_NAMES, POLICY_SETTINGS } from './policy-settings.ts';
import { hourWords } from './policy-words.ts';
import { type Hours, type Setting, type SettingValue, typed, unitWords } from './setting.ts';
import { SITE_SETTING_NAMES, SITE_SETTINGS } from './site-settings.ts';

/** The differences between two forms, one line for each thing that an admin would name, in the order of the sections. */
export function changesBetween(before: ConfigForm, after: ConfigForm): string[] {
  if (before === after) return [];
  return [
    ...itemChanges(before.sites, after.sites, siteName, siteParts),
    ...orderChange(before.sites, after.sites),
    ...itemChanges(before.cameras, after.cameras, cameraName, (a, b) => cameraParts(a, b)),
    ...itemChanges(before.views, after.views, viewName, viewParts),
    ...policyChanges(before.policies, after.policies),
  ];
}

/** `No changes`, `1 change: …`, `3 changes: …; …; …`. */
export function summaryOf(changes: readonly string[]): string {
  if (changes.length === 0) return 'No changes';
  return `${changes.length === 1 ? '1 change' : `${changes.length} changes`}: ${changes.join('; ')}`;
}

export function siteName(site: SiteForm): string {
  return site.name.trim() === '' ? 'site without a name' : site.name.trim();
}

export function cameraName(camera: CameraForm): string {
  return `camera ${[camera.number, camera.name].map((part) => part.trim()).join(' ')}`.trimEnd();
}

export function viewName(view: ViewForm): string {
  return view.name.trim() === '' ? 'view without a name' : `view ${view.name.trim()}`;
}

function itemChanges<T extends { readonly key: string }>(
  before: readonly T[],
  after: readonly T[],
  name: (item: T) => string,
  parts: (a: T, b: T) => string[],
): string[] {
  const earlier = new Map(before.map((item) => [item.key, item]));
  const later = new Set(after.map(({ key }) => key));
  return [
    ...before.filter(({ key }) => !later.has(key)).map((item) => `${name(item)} removed`),
    ...after.flatMap((item) => {
      const was = earlier.get(item.key);
      if (was === undefined) return [`${name(item)} added`];
      if (was === item) return [];
      const changed = parts(was, item);
      return changed.length === 0 ? [] : [`${name(item)}: ${changed.join(', ')}`];
    }),
  ];
}

/** A change in the order of those sites that are in both. */
function orderChange(before: readonly SiteForm[], after: readonly SiteForm[]): string[] {
  const kept = (sites: readonly SiteForm[], others: readonly SiteForm[]): SiteForm[] =>
    sites.filter(({ key }) => others.some((other) => other.key === key));
  const was = kept(before, after);
  const is = kept(after, before);
  if (was.every(({ key }, index) => key === is[index]?.key)) return [];
  return [`priority is now ${after.map(siteName).join(', ')}`];
}

type Parts<T> = readonly (readonly [words: string, of: (item: T) => unknown])[];

const SITE_PARTS: Parts<SiteForm> = [
  ...SITE_SETTING_NAMES.map(
    (name) => [changeName(SITE_SETTINGS[name]), (site: SiteForm) => typed(site[name])] as const,
  ),
  ['id', ({ id }) => id],
  ['login', ({ credentials }) => credentialsUsed(credentials)],
  [
    'further addresses',
    ({ furtherAddresses }) => furtherAddresses.map(({ baseUrl, sendLogin }) => [baseUrl.trim(), sendLogin]),
  ],
];

const CAMERA_PARTS: Parts<CameraForm> = [
  ['number', ({ number }) => number.trim()],
  ['name', ({ name }) => name.trim()],
  ['id', ({ id }) => id],
  ['paths', ({ paths }) => pathsUsed(paths)],
  ['order of sites', ({ siteOrder }) => siteOrder],
  ['frozen picture', ({ onFrozen }) => onFrozen],
];

const VIEW_PARTS: Parts<ViewForm> = [
  ['name', ({ name }) => name.trim()],
  ['grid', ({ columns, rows }) => [columns, rows]],
  ['cameras', ({ cells }) => cells],
];

const siteParts = partsBetween(SITE_PARTS);
const cameraParts = partsBetween(CAMERA_PARTS);
const viewParts = partsBetween(VIEW_PARTS);

function partsBetween<T>(parts: Parts<T>): (a: T, b: T) => string[] {
  return (a, b) => parts.filter(([, of]) => !same(of(a), of(b))).map(([words]) => words);
}

/** The fields of a login that its kind uses. The fields of other kinds are kept, but not used. */
function credentialsUsed({ kind, username, parameter, secret, session }: CredentialsForm): unknown {
  switch (kind) {
    case 'none':
      return kind;
    case 'basic':
      return [kind, username.trim(), secret];
    case 'bearer':
      return [kind, secret];
    case 'query':
      return [kind, parameter.trim(), secret];
    case 'session':
      return [
        kind,
        session.loginPath.trim(),
        session.request,
        session.request === 'json' ? session.userField.trim() : '',
        username.trim(),
        secret,
        session.tokenField.trim(),
        session.sendAs === 'bearer' ? session.sendAs : ['query', parameter.trim()],
      ];
  }
}

function pathsUsed(paths: CameraForm['paths']): unknown {
  return Object.entries(paths)
    .map(([siteKey, { main, sub }]) => [siteKey, main.trim(), sub.trim()])
    .filter(([, main, sub]) => main !== '' || sub !== '')
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

function policyChanges(before: PoliciesForm, after: PoliciesForm): string[] {
  return POLICY_NAMES.flatMap((name) => {
    const setting: Setting = POLICY_SETTINGS[name];
    const [was, is] = [valueWords(before[name]), valueWords(after[name])];
    const unit = setting.kind === 'number' ? unitWords(setting.unit) : '';
    return was === is ? [] : [`${changeName(setting)} ${was} → ${is}${unit}`];
  });
}

function changeName({ changeName, label }: Setting): string {
  return changeName ?? label;
}

function valueWords(value: SettingValue): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return hours(value);
}

function hours(allowed: Hours | null): string {
  return allowed === null ? 'any' : `${hourWords(allowed.from)} to ${hourWords(allowed.to)}`;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
