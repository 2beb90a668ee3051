import type { Policies, SessionRequest, Site } from '../../shared/config/config.ts';

/**
 * The configuration in the form of the fields: everything that is typed is text, and stays as it was typed, right or wrong.
 * Items refer to each other by keys, so that a changed id breaks no reference.
 */
export interface ConfigForm {
  readonly sites: readonly SiteForm[];
  readonly cameras: readonly CameraForm[];
  readonly views: readonly ViewForm[];
  readonly policies: PoliciesForm;
  /** How many keys were assigned to new items. */
  readonly keysGiven: number;
}

/** The origin of an id: `made` follows the name, `typed` was entered, `fixed` is known to the host. */
export type IdOrigin = 'made' | 'typed' | 'fixed';

export interface SiteForm {
  readonly key: string;
  readonly id: string;
  readonly idOrigin: IdOrigin;
  readonly name: string;
  readonly baseUrl: string;
  readonly mainPath: string;
  readonly subPath: string;
  readonly credentials: CredentialsForm;
  readonly tlsPin: string;
  /** Seconds. */
  readonly watchInterval: string;
  /** A whole number, or empty for no limit. */
  readonly hotStandbyLimit: string;
  /** By their places in the list: the fault of an address is shown in its row. */
  readonly furtherAddresses: readonly FurtherAddressForm[];
  readonly watch: NonNullable<Site['watch']>;
  readonly maintenance: boolean;
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
  /** The name of the parameter that is added to each address (`query`, and `session` with its token there). */
  readonly parameter: string;
  readonly secret: SecretForm;
  readonly session: SessionForm;
}

/** The fields of a login that returns a token or a cookie (`session`). */
export interface SessionForm {
  readonly loginPath: string;
  readonly request: SessionRequest;
  /** Name of the JSON field for the user's name; empty for `username`. */
  readonly userField: string;
  /** Empty for the usual field of the `request`. */
  readonly tokenField: string;
  readonly sendAs: 'bearer' | 'query';
}

/** `kept`: the host has it and does not show it. */
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

/** The largest number of columns, and of rows. */
export const LARGEST_SIDE = 8;

export interface ViewForm {
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  /**
   * Camera keys by `row * LARGEST_SIDE + column`, so that every camera keeps its place when the grid is made smaller and larger
   * again. Cells outside of the grid are not saved.
   */
  readonly cells: readonly (string | null)[];
}

export interface PoliciesForm {
  /** Milliseconds. */
  readonly reactionTime: string;
  readonly bridgeAtOnce: boolean;
  readonly failbackMode: Policies['failback']['mode'];
  /** Seconds. */
  readonly stableTime: string;
  /** Seconds. */
  readonly allowedLag: string;
  readonly hotStandbys: Policies['hotStandbys'];
  /** Local hours `[from, to)`. */
  readonly allowedHours: { readonly from: number; readonly to: number } | null;
}

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
