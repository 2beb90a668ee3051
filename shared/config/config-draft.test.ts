import { describe, expect, it } from 'vitest';
import { type Config, type Credentials, configSchema } from './config.ts';
import { applyDraft, type ConfigDraft, type DraftCredentials, draftOf } from './config-draft.ts';

const SECRETS: Credentials[] = [
  { type: 'basic', username: 'wall', password: 'hunter2' },
  { type: 'bearer', token: 'hunter2' },
  { type: 'query', name: 'key', value: 'hunter2' },
  {
    type: 'session',
    loginPath: 'login',
    username: 'wall',
    password: 'hunter2',
    request: 'json',
    sendAs: { query: 'key' },
  },
];

function configWith(credentials?: Credentials): Config {
  return configSchema.parse({
    version: 1,
    sites: [
      { id: 'north', name: 'North', baseUrl: 'https://north.test/', mainPath: '{camera}.m3u8', credentials },
    ],
    cameras: [{ id: 'gate', number: 1, name: 'Gate' }],
    views: [],
  });
}

function withCredentials(draft: ConfigDraft, credentials: DraftCredentials | undefined): ConfigDraft {
  return { ...draft, sites: draft.sites.map((site) => ({ ...site, credentials })) };
}

describe('draftOf', () => {
  it.each(SECRETS)('contains no secret of $type credentials', (credentials) => {
    const draft = draftOf(configWith(credentials));
    expect(JSON.stringify(draft)).not.toContain('hunter2');
    expect(draft.sites[0]?.credentials).toMatchObject({ type: credentials.type });
    expect(JSON.stringify(draft.sites[0]?.credentials)).toContain('{"kept":true}');
  });

  it('shows addresses, pins and the names of environment variables', () => {
    const draft = draftOf(configWith({ type: 'bearer', token: { env: 'NORTH_TOKEN' } }));
    expect(draft.sites[0]).toMatchObject({
      baseUrl: 'https://north.test/',
      credentials: { type: 'bearer', token: { env: 'NORTH_TOKEN' } },
    });
  });
});

describe('applyDraft', () => {
  it.each([undefined, ...SECRETS])('reverses draftOf where nothing was edited (%o)', (credentials) => {
    const config = configWith(credentials);
    expect(applyDraft(draftOf(config), config)).toEqual(config);
  });

  it('keeps further addresses, a light watch and ids as servers have them', () => {
    const config = configSchema.parse({
      ...configWith(SECRETS[0]),
      sites: configWith(SECRETS[0]).sites.map((site) => ({
        ...site,
        furtherAddresses: [{ baseUrl: 'https://node-2.test/', sendLogin: true }],
        watch: 'light',
      })),
      cameras: ['site/cam 1', '__proto__'].map((id, number) => ({ id, number, name: id })),
      views: [{ id: 'all', name: 'All', columns: 2, rows: 1, cells: ['__proto__', 'site/cam 1'] }],
    });
    expect(applyDraft(draftOf(config), config)).toEqual(config);
  });

  it('keeps the secret of a site that is renamed and moved', () => {
    const config = configWith(SECRETS[1]);
    const draft = draftOf(config);
    const edited = { ...draft, sites: draft.sites.map((site) => ({ ...site, name: 'New' })) };
    expect(applyDraft(edited, config).sites[0]).toMatchObject({
      name: 'New',
      credentials: { token: 'hunter2' },
    });
  });

  it('takes a new secret, and an empty one', () => {
    const config = configWith(SECRETS[1]);
    const draft = draftOf(config);
    const renewed = withCredentials(draft, { type: 'bearer', token: 'new' });
    expect(applyDraft(renewed, config).sites[0]?.credentials).toEqual({ type: 'bearer', token: 'new' });
    const removed = applyDraft(withCredentials(draft, undefined), config);
    expect(configSchema.parse(removed).sites[0]?.credentials).toBeUndefined();
  });

  it.each<[string, Config, DraftCredentials]>([
    ['another kind of credentials', configWith(SECRETS[0]), { type: 'bearer', token: { kept: true } }],
    ['a site without credentials', configWith(), { type: 'bearer', token: { kept: true } }],
  ])('keeps nothing from %s, which the schema then reports at its place', (_words, config, credentials) => {
    const applied = applyDraft(withCredentials(draftOf(config), credentials), config);
    expect(configSchema.safeParse(applied).error?.issues).toMatchObject([
      { path: ['sites', 0, 'credentials', 'token'] },
    ]);
  });

  it.each([
    {},
    { sites: 7 },
    { sites: [null, 7, { credentials: 7 }, { credentials: { type: 'cookie' } }] },
    { sites: [{ credentials: { type: 'basic', password: null } }] },
  ])('leaves %o, which is no draft, to the schema', (nonsense) => {
    const applied = applyDraft(nonsense as unknown as ConfigDraft, configWith());
    expect(configSchema.safeParse(applied).success).toBe(false);
  });
});
