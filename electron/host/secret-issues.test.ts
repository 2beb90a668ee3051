import { describe, expect, it } from 'vitest';
import { type Config, configSchema, type Site } from '../../shared/config/config.ts';
import { type ConfigDraft, type DraftSite, draftOf } from '../../shared/config/config-draft.ts';
import { secretIssues } from './secret-issues.ts';

const NORTH = {
  id: 'north',
  name: 'North',
  baseUrl: 'https://north.test/live/',
  mainPath: '{camera}.m3u8',
  furtherAddresses: [
    { baseUrl: 'https://node.test/', sendLogin: true },
    { baseUrl: 'https://cdn.test/', sendLogin: false },
  ],
  credentials: { type: 'basic', username: 'wall', password: 'hunter2' },
};

const PIN = 'ab'.repeat(32);

const previous: Config = configSchema.parse({
  version: 1,
  sites: [
    NORTH,
    {
      ...NORTH,
      id: 'south',
      name: 'South',
      furtherAddresses: undefined,
      credentials: { type: 'bearer', token: { env: 'SOUTH_TOKEN' } },
    },
    {
      ...NORTH,
      id: 'west',
      name: 'West',
      baseUrl: 'https://west.test/',
      furtherAddresses: undefined,
      tlsPin: PIN,
      credentials: { type: 'session', loginPath: 'api/login', username: 'wall', password: 'hunter3' },
    },
  ],
  cameras: [],
  views: [],
});

/** A draft with one changed site, `north` by default. */
function draftWith(changes: Partial<DraftSite>, id = 'north'): ConfigDraft {
  const draft = draftOf(previous);
  return { ...draft, sites: draft.sites.map((site) => (site.id === id ? { ...site, ...changes } : site)) };
}

const further = (baseUrl: string, sendLogin = true): Site['furtherAddresses'] => [{ baseUrl, sendLogin }];

describe('a kept secret', () => {
  it.each([
    ['nothing was edited', {}],
    ['the site has another path at the same server', { baseUrl: 'https://north.test/other/' }],
    ['a further address that takes the login is gone', { furtherAddresses: [] }],
    [
      'a further address that takes no login is new',
      { furtherAddresses: further('https://new.test/', false) },
    ],
  ])('may stay where %s', (_what, changes) => {
    expect(secretIssues(draftWith(changes), previous)).toEqual([]);
  });

  it.each([
    ['another host', { baseUrl: 'https://evil.test/live/' }, 'https://evil.test'],
    ['another port', { baseUrl: 'https://north.test:8443/live/' }, 'https://north.test:8443'],
    ['another scheme', { baseUrl: 'http://north.test/live/' }, 'http://north.test'],
    ['a further server', { furtherAddresses: further('https://evil.test/') }, 'https://evil.test'],
    ['a server that took no login', { furtherAddresses: further('https://cdn.test/') }, 'https://cdn.test'],
    ['a site of another id', { id: 'other' }, 'https://north.test'],
  ])('does not go to %s', (_what, changes, server) => {
    expect(secretIssues(draftWith(changes), previous)).toEqual([
      {
        path: ['sites', 0, 'credentials', 'password'],
        message: `must be typed again: it was not given for ${server}`,
      },
    ]);
  });
});

describe('the kept password of a session behind a pinned certificate', () => {
  const problem = (message: string) => [{ path: ['sites', 2, 'credentials', 'password'], message }];
  const session = { type: 'session', username: 'wall', password: { kept: true } } as const;

  it.each([
    ['its login has another path at the same server', { credentials: { ...session, loginPath: 'v2/login' } }],
    ['the pin is spelled otherwise', { tlsPin: 'AB:'.repeat(31).concat('AB') }],
  ])('may stay where %s', (_what, changes) => {
    expect(secretIssues(draftWith(changes as Partial<DraftSite>, 'west'), previous)).toEqual([]);
  });

  it.each([
    ['is no longer pinned', undefined],
    ['is another one', 'cd'.repeat(32)],
  ])('does not go to a server whose certificate %s', (_what, tlsPin) => {
    expect(secretIssues(draftWith({ tlsPin }, 'west'), previous)).toEqual(
      problem('must be typed again: it was given for another pinned certificate'),
    );
  });

  it('does not go to another server', () => {
    expect(secretIssues(draftWith({ baseUrl: 'https://evil.test/' }, 'west'), previous)).toEqual(
      problem('must be typed again: it was not given for https://evil.test'),
    );
  });
});

it('a new pin makes the kept secret of its site be typed again: it replaces the trust in authorities', () => {
  expect(secretIssues(draftWith({ tlsPin: PIN }), previous)).toMatchObject([
    { message: 'must be typed again: it was given for another pinned certificate' },
  ]);
});

it('two sites that exchange their ids do not exchange their secrets', () => {
  const ids = new Map([
    ['north', 'west'],
    ['west', 'north'],
  ]);
  const draft = draftOf(previous);
  const sites = draft.sites.map((site) => ({ ...site, id: ids.get(site.id) ?? site.id }));
  expect(secretIssues({ ...draft, sites }, previous).map(({ message }) => message)).toEqual([
    'must be typed again: it was not given for https://north.test',
    'must be typed again: it was not given for https://west.test',
  ]);
});

it('a newly typed secret may go to any server', () => {
  const credentials = { type: 'basic', username: 'wall', password: 'new' } as const;
  expect(secretIssues(draftWith({ baseUrl: 'https://new.test/', credentials }), previous)).toEqual([]);
});

describe('an environment variable', () => {
  const naming = (env: string): ConfigDraft => draftWith({ credentials: { type: 'bearer', token: { env } } });

  it.each(['HOLDFAST_NORTH', 'SOUTH_TOKEN'])('may be %s', (env) => {
    expect(secretIssues(naming(env), previous)).toEqual([]);
  });

  it.each(['AWS_SECRET_ACCESS_KEY', 'holdfast_north', 'X_HOLDFAST_'])('may not be %s', (env) => {
    expect(secretIssues(naming(env), previous)).toEqual([
      {
        path: ['sites', 0, 'credentials', 'token'],
        message: expect.stringContaining('a variable whose name begins with HOLDFAST_'),
      },
    ]);
  });
});
