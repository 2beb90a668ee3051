import { z } from 'zod';
import type { Config, Credentials, Secret, Site } from './config.ts';

/** A secret as a settings window sees it: the one that the host holds and does not tell, or a new one. */
export type DraftSecret = { readonly kept: true } | Secret;

type DraftOf<C> = C extends { password: Secret }
  ? Omit<C, 'password'> & { password: DraftSecret }
  : C extends { token: Secret }
    ? Omit<C, 'token'> & { token: DraftSecret }
    : C extends { value: Secret }
      ? Omit<C, 'value'> & { value: DraftSecret }
      : never;
export type DraftCredentials = DraftOf<Credentials>;
export type DraftSite = Omit<Site, 'credentials'> & { credentials?: DraftCredentials | undefined };

/** A whole configuration without its secrets. What is wrong with one that is saved, the answer says by path. */
export type ConfigDraft = Omit<Config, 'sites'> & { sites: DraftSite[] };

/** The outer shape only: the host checks a draft with configSchema, once the kept secrets are back in their places. */
export const configDraftSchema = z.custom<ConfigDraft>(
  (value) => typeof value === 'object' && value !== null && 'sites' in value && 'policies' in value,
  'is not a configuration',
);
