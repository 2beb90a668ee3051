import { describe, expect, it } from 'vitest';
import type { MigrationStep } from '../../shared/config/config-migrations.ts';
import { parseConfig, parseConfigFile } from './config-file.ts';

const good = {
  version: 1,
  sites: [{ id: 'main', name: 'Main', baseUrl: 'http://cams.test/live/', mainPath: '{camera}/index.m3u8' }],
  cameras: [{ id: 'gate', number: 1, name: 'Gate' }],
  views: [{ id: 'all', name: 'All', columns: 1, rows: 1, cells: ['gate'] }],
};

const session = { type: 'session', loginPath: 'login', username: 'wall', password: 'x' };

/** The problems for which a configuration is refused, one line each. */
function problemsOf(config: unknown): string[] {
  const result = parseConfig(JSON.stringify(config), 'wall.json');
  return result.kind === 'failed' ? result.message.split('\n  ') : [];
}

describe('the text of a configuration', () => {
  it('is read with its defaults, also with a byte order mark', () => {
    expect(parseConfig(`\ufeff${JSON.stringify(good)}`, 'wall.json')).toMatchObject({
      kind: 'loaded',
      migratedFrom: null,
      config: { ...good, policies: { reactionTimeMs: 1000 } },
    });
  });

  it('of an older version is migrated', () => {
    const { views, ...rest } = good;
    const steps: MigrationStep[] = [({ walls, ...config }) => ({ ...config, views: walls })];
    const old = parseConfig(JSON.stringify({ ...rest, walls: views }), 'wall.json', steps);
    // The test's invented newest version is not the schema's version; that is the only complaint.
    expect(old).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/one problem:\n {2}version:/),
    });
  });

  it('may have no sites, cameras and views: an admin starts from there', () => {
    const empty = { version: 1, sites: [], cameras: [], views: [] };
    expect(parseConfig(JSON.stringify(empty), 'wall.json')).toMatchObject({ kind: 'loaded', config: empty });
  });
});

describe('the content of a file', () => {
  const named = { ...good, cameras: [{ id: 'gate', number: 1, name: 'Fähre' }] };
  const json = JSON.stringify(named);
  const utf16 = Buffer.from(json, 'utf16le');

  it('is UTF-8, with or without a byte order mark', () => {
    for (const content of [json, `\ufeff${json}`])
      expect(parseConfigFile(Buffer.from(content), 'wall.json')).toMatchObject({
        kind: 'loaded',
        config: named,
      });
  });

  it.each([
    ['UTF-16', utf16, 'is UTF-16, not UTF-8'],
    ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${json}`, 'utf16le'), 'is UTF-16, not UTF-8'],
    ['UTF-16 the other way round', Buffer.from(utf16).swap16(), 'is UTF-16, not UTF-8'],
    ['Latin-1', Buffer.from(`\n${json}`, 'latin1'), 'is not UTF-8 (line 2); it may be Latin-1'],
  ])('in %s is refused, and the message names the encoding', (_name, content, words) => {
    expect(parseConfigFile(content, 'wall.json')).toEqual({
      kind: 'failed',
      message: `The configuration wall.json ${words}. Save it as UTF-8.`,
    });
  });

  it('that is cut off anywhere is distinguished from damaged content', () => {
    const content = Buffer.from(
      `${JSON.stringify({ ...named, scale: [-1.5e-3, true, 'a\u0001'] }, null, 1)}`,
    );
    for (let length = 0; length < content.length; length += 1)
      expect(parseConfigFile(content.subarray(0, length), 'wall.json'), `${length} bytes`).toMatchObject({
        kind: 'cut-off',
      });
  });

  it.each(['nonsense', '{"a": 1,}', '{"a": tru }', '{"a": "b\nc', '{"a": 01', '{} {}', '{"a" 1'])(
    'that is %j is damaged',
    (content) => {
      expect(parseConfigFile(Buffer.from(content), 'wall.json')).toMatchObject({ kind: 'failed' });
    },
  );
});

describe('the text of a newer version', () => {
  it('is used as far as this release understands it', () => {
    const newer = { ...good, version: 2, sound: 'on', cameras: [{ ...good.cameras[0], ptz: {} }] };
    expect(parseConfig(JSON.stringify(newer), 'wall.json')).toMatchObject({
      kind: 'newer',
      config: { version: 1, cameras: good.cameras },
      message: expect.stringContaining('wall.json was written by a newer Holdfast'),
    });
  });

  it('is not used where the part that is understood is no whole configuration', () => {
    expect(parseConfig(JSON.stringify({ version: 2, walls: [] }), 'wall.json')).toMatchObject({
      kind: 'newer',
      config: null,
    });
  });
});

describe('broken JSON', () => {
  it('is reported with its line and column', () => {
    expect(parseConfig('{\n  "version": 1,\n  "sites": [}\n}', 'wall.json')).toEqual({
      kind: 'failed',
      message: 'The configuration wall.json, line 3, column 13 is not JSON: } is not a value.',
    });
  });
});

describe('the version', () => {
  it.each([
    [[], 'the whole file: must be an object in braces, { … }'],
    [{ ...good, version: undefined }, 'version: is missing; this release writes 1'],
    [{ ...good, version: '1' }, 'version: must be a whole number from 1 to 1'],
  ])('of %o is the only complaint', (config, problem) => {
    expect(problemsOf(config)).toEqual(['The configuration wall.json has one problem:', problem]);
  });
});

describe('problems', () => {
  it('are all reported at once, each with its place', () => {
    const [title, ...problems] = problemsOf({
      ...good,
      wall: 1,
      sites: [{ ...good.sites[0], baseUrl: 'ftp://x', name: '' }],
      cameras: [{ id: 'gate', number: 1.5 }, 7],
      views: 'none',
    });
    expect(title).toBe('The configuration wall.json has 7 problems:');
    expect(problems.sort()).toEqual([
      'cameras[0].name: is missing',
      'cameras[0].number: must be a whole number',
      'cameras[1]: must be an object in braces, { … }',
      'sites[0].baseUrl: must be an http:// or https:// address',
      'sites[0].name: must not be empty',
      'views: must be a list in brackets, [ … ]',
      'wall: is not a setting that Holdfast knows',
    ]);
  });

  it('with references are reported with the path that is wrong', () => {
    const cameras = [{ ...good.cameras[0], streams: { north: { main: 'a.m3u8' } } }];
    expect(problemsOf({ ...good, cameras })).toContain(
      'cameras[0].streams.north: names the site "north", which is not in "sites"',
    );
  });

  it('with ranges and choices say what is allowed', () => {
    const policies = { reactionTimeMs: 10, failback: { mode: 'auto', stableMs: 3_600_001 } };
    expect(
      problemsOf({ ...good, policies })
        .slice(1)
        .sort(),
    ).toEqual([
      'policies.failback.mode: must be one of "automatic", "manual", "never"',
      'policies.failback.stableMs: must be at most 3600000',
      'policies.reactionTimeMs: must be at least 250',
    ]);
  });

  it('with a pinned certificate at a site without TLS are reported, because the pin would protect nothing', () => {
    const sites = [{ ...good.sites[0], tlsPin: 'ab'.repeat(32) }];
    expect(problemsOf({ ...good, sites })).toContain(
      'sites[0].tlsPin: protects nothing: "baseUrl" does not begin with https://',
    );
  });

  it.each([
    [
      [{ baseUrl: 'http://node-2/' }, { baseUrl: 'http://CAMS.test/live' }],
      'sites[0].furtherAddresses[1].baseUrl: is the same as "baseUrl"',
    ],
    [
      [{ baseUrl: 'http://node-2/?x=1' }],
      'sites[0].furtherAddresses[0].baseUrl: must not have a query: put it into a path, and a token into "credentials"',
    ],
    [
      [{ baseUrl: 'http://node-2/', login: true }],
      'sites[0].furtherAddresses[0].login: is not a setting that Holdfast knows',
    ],
    [['http://node-2/'], 'sites[0].furtherAddresses[0]: must be an object in braces, { … }'],
  ])('with further addresses %o are reported at their place', (furtherAddresses, problem) => {
    expect(problemsOf({ ...good, sites: [{ ...good.sites[0], furtherAddresses }] })).toContain(problem);
  });

  it('with ids and with the way a site is watched say what is allowed', () => {
    expect(
      problemsOf({
        ...good,
        sites: [{ ...good.sites[0], watch: 'seldom' }],
        cameras: [{ ...good.cameras[0], id: 'site/../gate' }],
        views: [],
      })
        .slice(1)
        .sort(),
    ).toEqual([
      'cameras[0].id: must not have "." or ".." as a part between slashes',
      'sites[0].watch: must be one of "full", "light"',
    ]);
  });

  it.each([
    [{ type: 'cookie' }, 'sites[0].credentials.type: must be one of "basic", "bearer", "query", "session"'],
    [
      { type: 'bearer', token: 5 },
      'sites[0].credentials.token: must be text in double quotes, or must be an object in braces, { … }',
    ],
    [{ type: 'bearer', token: '' }, 'sites[0].credentials.token: must not be empty'],
    [
      { type: 'bearer', token: { env: 'A B' } },
      'sites[0].credentials.token.env: must be the name of an environment variable',
    ],
    [
      { type: 'bearer', token: { file: '/x' } },
      'sites[0].credentials.token.file: is not a setting that Holdfast knows',
    ],
    [{ ...session, loginPath: '../login' }, 'sites[0].credentials.loginPath: must not contain ".."'],
    [
      { ...session, loginPath: 'https://login.test/' },
      'sites[0].credentials.loginPath: must be a path below the site, not an address',
    ],
    [
      { ...session, tokenField: 'data.' },
      'sites[0].credentials.tokenField: must be names with dots between them, like data.token',
    ],
    [
      { ...session, sendAs: 'cookie' },
      'sites[0].credentials.sendAs: must be one of "bearer", or must be an object in braces, { … }',
    ],
    [{ ...session, userField: '' }, 'sites[0].credentials.userField: must not be empty'],
    [{ ...session, sendAs: { query: '' } }, 'sites[0].credentials.sendAs.query: must not be empty'],
  ])('with credentials %o are reported at their place', (credentials, problem) => {
    const problems = problemsOf({ ...good, sites: [{ ...good.sites[0], credentials }] });
    expect(problems).toContain(problem);
  });

  it('never contain a secret', () => {
    const credentials = { type: 'basic', username: '', password: 'hunter2', extra: 'hunter2' };
    expect(problemsOf({ ...good, sites: [{ ...good.sites[0], credentials }] }).join()).not.toContain(
      'hunter2',
    );
  });
});
