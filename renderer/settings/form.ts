import type { SessionRequest } from '../../shared/config/config.ts';
import type { POLICY_SETTINGS } from './policy-settings.ts';
import type { SettingsForm } from './setting.ts';
import type { SITE_SETTINGS } from './site-settings.ts';

/**
 * The configuration as it is in the fields: everything that is typed is text and stays as it was typed, right or
 * wrong. Items refer to each other by keys of their own, so that a changed id breaks no reference.
 */
export interface ConfigForm {
  readonly sites: readonly SiteForm[];
  readonly cameras: readonly CameraForm[];
  readonly views: readonly ViewForm[];
  readonly policies: PoliciesForm;
  /** How many keys were given to new items. */
  readonly keysGiven: number;
}

/** Where an id comes from: `made` follows the name, `typed` was entered, `fixed` is known to the host. */
export type IdOrigin = 'made' | 'typed' | 'fixed';

export interface SiteForm extends SettingsForm<typeof SITE_SETTINGS> {
  readonly key: string;
  readonly id: string;
  readonly idOrigin: IdOrigin;
  readonly credentials: CredentialsForm;
  /** By their places: what is wrong with one is said at its row. */
  readonly furtherAddresses: readonly FurtherAddressForm[];
}

export interface FurtherAddressForm {
  readonly baseUrl: string;
  readonly sendLogin: boolean;
}

export const CREDENTIAL_KINDS = ['none', 'basic', 'bearer', 'query', 'session'] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

export interface CredentialsForm {
  readonly kind: CredentialKind;
  /** The user's name (`basic`), or the client's id (`session` with client credentials). */
  readonly username: string;
  /** The name of the value that is added to each address (`query`, and `session` where its token is). */
  readonly parameter: string;
  readonly secret: SecretForm;
  readonly session: SessionForm;
}

/** What only a login that gives a token or a cookie has (`session`). */
export interface SessionForm {
  readonly loginPath: string;
  readonly request: SessionRequest;
  /** What JSON calls the user's name; empty for `username`. */
  readonly userField: string;
  /** Empty for the one that is usual with `request`. */
  readonly tokenField: string;
  readonly sendAs: 'bearer' | 'query';
}

/** `kept`: the host has it and does not tell. */
export type SecretForm =
  | { readonly kind: 'kept' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'environment'; readonly name: string };

export interface CameraForm {
  readonly key: string;
  readonly id: string;
  readonly idOrigin: IdOrigin;
  readonly number: string;
  readonly name: string;
  /** By site key; an empty path means the site's template. */
  readonly paths: Readonly<Record<string, PathsForm>>;
  /** Site keys; `null` follows the sites' order. */
  readonly siteOrder: readonly string[] | null;
  readonly onFrozen: 'alarm' | 'change-over';
}

export interface PathsForm {
  readonly main: string;
  readonly sub: string;
}

/** The widest and highest view. */
export const LARGEST_SIDE = 8;

export interface ViewForm {
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  /**
   * Camera keys by `row * LARGEST_SIDE + column`, so that every camera keeps its place when the grid is made
   * smaller and larger again. What lies outside of the grid is not saved.
   */
  readonly cells: readonly (string | null)[];
}

export type PoliciesForm = SettingsForm<typeof POLICY_SETTINGS>;

/** The index in {@link ViewForm.cells}. */
export function cellAt(row: number, column: number): number {
  return row * LARGEST_SIDE + column;
}

/** The indexes of the view's cells, row by row. */
export function cellsOf(view: Pick<ViewForm, 'columns' | 'rows'>): number[] {
  return Array.from({ length: view.rows * view.columns }, (_, index) =>
    cellAt(Math.floor(index / view.columns), index % view.columns),
  );
}
