import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig, parseConfig } from './config-file.ts';

const good = {
  version: 1,
  sites: [{ id: 'main', name: 'Main', baseUrl: 'http://cams.test/live/', mainPath: '{camera}/index.m3u8' }],
  cameras: [{ id: 'gate', number: 1, name: 'Gate' }],
  views: [{ id: 'all', name: 'All', columns: 1, rows: 1, cells: ['gate'] }],
};

/** The problems that a configuration is refused with, one a line. */
function problemsOf(config: unknown): string[] {
  const result = parseConfig(JSON.stringify(config), 'wall.json');
  return result.kind === 'failed' ? result.message.split('\n  ') : [];
}

describe('a configuration file', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'holdfast-config-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is loaded with its defaults, also with a byte order mark', async () => {
    const file = path.join(directory, 'wall.json');
    await writeFile(file, `\ufeff${JSON.stringify(good)}`);
    const result = await loadConfig(file);
    expect(result).toMatchObject({ kind: 'loaded', config: { ...good, policies: { reactionTimeMs: 1000 } } });
  });

  it('that is not there is named', async () => {
    const file = path.join(directory, 'none.json');
    expect(await loadConfig(file)).toEqual({
      kind: 'failed',
      message: `The configuration ${file} cannot be read: there is no such file.`,
    });
  });

  it('that is a folder is named', async () => {
    expect(await loadConfig(directory)).toEqual({
      kind: 'failed',
      message: `The configuration ${directory} cannot be read: it is a folder.`,
    });
  });
});

describe('broken JSON', () => {
  it('is told with its line and column', () => {
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
    [{ version: 2, walls: [] }, 'version: is 2, written by a newer Holdfast; this release reads up to 1'],
  ])('of %o is the only complaint', (config, problem) => {
    expect(problemsOf(config)).toEqual(['The configuration wall.json has one problem:', problem]);
  });
});

describe('problems', () => {
  it('are all told at once, each with its place', () => {
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

  it('of references are told with the path that is wrong', () => {
    const cameras = [{ ...good.cameras[0], streams: { north: { main: 'a.m3u8' } } }];
    expect(problemsOf({ ...good, cameras })).toContain(
      'cameras[0].streams.north: names the site "north", which is not in "sites"',
    );
  });

  it('of ranges and choices say what is allowed', () => {
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

  it('of a pinned certificate at a site without TLS are told, for the pin would protect nothing', () => {
    const sites = [{ ...good.sites[0], tlsPin: 'ab'.repeat(32) }];
    expect(problemsOf({ ...good, sites })).toContain(
      'sites[0].tlsPin: protects nothing: "baseUrl" does not begin with https://',
    );
  });

  it.each([
    [{ type: 'cookie' }, 'sites[0].credentials.type: must be one of "basic", "bearer", "query"'],
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
  ])('of credentials %o are told where they are', (credentials, problem) => {
    const problems = problemsOf({ ...good, sites: [{ ...good.sites[0], credentials }] });
    expect(problems).toContain(problem);
  });

  it('never hold a secret', () => {
    const credentials = { type: 'basic', username: '', password: 'hunter2', extra: 'hunter2' };
    expect(problemsOf({ ...good, sites: [{ ...good.sites[0], credentials }] }).join()).not.toContain(
      'hunter2',
    );
  });
});
