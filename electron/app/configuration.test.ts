import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PublicConfig, Site } from '../../shared/config/config.ts';
import { configSchema } from '../../shared/config/config.ts';
import { draftOf } from '../../shared/config/config-draft.ts';
import type { FromDemo } from '../demo/demo-protocol.ts';
import { placeOfConfig } from '../host/config-place.ts';
import { createConfigStore } from '../host/config-store.ts';
import { Configuration } from './configuration.ts';

let folder: string;
const endings: (() => void)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-configuration-'));
});
afterEach(async () => {
  for (const end of endings.splice(0)) end();
  await rm(folder, { recursive: true, force: true });
});

const log = (): void => {};
const NORTH: Site = {
  id: 'north',
  name: 'North',
  baseUrl: 'https://north.test/',
  mainPath: '{camera}.m3u8',
  credentials: { type: 'bearer', token: 'hunter2' },
};
const wall = (...sites: Site[]) => configSchema.parse({ version: 1, sites, cameras: [], views: [] });

/** A demo that is ready immediately, on new ports at each start. */
async function configuration(begin: 'demo' | 'own') {
  const place = placeOfConfig(folder, null);
  const served: (readonly Site[])[] = [];
  const changes: { config: PublicConfig; revision: string }[] = [];
  const demos = { running: 0 };
  const made = new Configuration({
    opened: begin === 'own' ? await createConfigStore({ ...place, log }) : null,
    place,
    gateway: { update: (sites) => served.push(sites) },
    forkDemo: () => {
      demos.running += 1;
      return {
        send: () => {},
        onMessage: (listener: (message: FromDemo) => void) => {
          const sites = [{ id: 'main', name: 'Main', baseUrl: 'http://127.0.0.1:1/' }];
          queueMicrotask(() => listener({ type: 'ready', sites }));
        },
        onExit: () => {},
        kill: () => {
          demos.running -= 1;
        },
      };
    },
    onDemoChanged: () => {},
    onChanged: (change) => changes.push(change),
    log,
  });
  endings.push(() => made.dispose());
  return { made, served, changes, demos };
}

test('the demo can be left for an empty configuration, and entered again', async () => {
  const { made, changes, demos } = await configuration('demo');
  expect((await made.get()).access).toBe('read-only');
  await made.startFrom('own');
  expect((await made.current()).source).toEqual({ kind: 'file', path: path.join(folder, 'config.json') });
  expect(changes.at(-1)?.config).toMatchObject({ sites: [], cameras: [], views: [] });
  expect(demos.running).toBe(0);
  await made.startFrom('demo');
  expect((await made.current()).source).toMatchObject({ kind: 'demo' });
  expect(changes.at(-1)?.config.sites).toMatchObject([{ id: 'main' }]);
});

test('another latency of the demo changes the paths of the same sites, and the windows learn of it', async () => {
  const { made, changes } = await configuration('demo');
  const before = (await made.current()).config.sites;
  await made.setLatency('low');
  const { config, source } = await made.current();
  expect(source).toMatchObject({ kind: 'demo', latency: 'low' });
  expect(config.sites).toEqual(
    before.map((site) => ({ ...site, mainPath: '{camera}/low-latency/index.m3u8' })),
  );
  expect(changes).toHaveLength(1);
});

test('an own configuration has no latency to choose', async () => {
  const { made } = await configuration('own');
  await expect(made.setLatency('low')).rejects.toThrow('no demo is running');
});

test('a saved draft takes effect immediately: in the gateway with its secret, in the windows without', async () => {
  const { made, served, changes } = await configuration('own');
  const saved = await made.save(wall(NORTH), (await made.get()).revision);
  expect(saved).toMatchObject({ kind: 'saved' });
  expect(served.at(-1)).toEqual([NORTH]);
  expect(changes).toHaveLength(1);
  expect(JSON.stringify(changes)).not.toMatch(/hunter2|north\.test/);
  expect(JSON.stringify(await made.get())).not.toContain('hunter2');
});

test('a site that moves gets another route, and keeps its former address for a while', async () => {
  const { made, served, changes } = await configuration('own');
  await made.save(wall(NORTH), (await made.get()).revision);
  const { config, revision } = await made.get();
  const moved = { ...config };
  moved.sites = moved.sites.map((site) => ({ ...site, baseUrl: 'https://new.test/' }));
  expect(await made.save(moved, revision)).toEqual({
    kind: 'invalid',
    issues: [
      {
        path: ['sites', 0, 'credentials', 'token'],
        message: 'must be typed again: it was not given for https://new.test',
      },
    ],
  });
  const credentials = { type: 'bearer', token: 'hunter2' } as const;
  moved.sites = moved.sites.map((site) => ({ ...site, credentials }));
  expect(await made.save(moved, revision)).toMatchObject({ kind: 'saved' });
  expect(changes.at(-1)?.config.sites).toMatchObject([{ id: 'north', route: 'north~2' }]);
  expect(served.at(-1)).toMatchObject([
    { id: 'north~2', baseUrl: 'https://new.test/', credentials: { token: 'hunter2' } },
    { id: 'north', baseUrl: 'https://north.test/' },
  ]);
});

test('an invalid draft is reported issue by issue, and changes nothing', async () => {
  const { made, changes } = await configuration('own');
  const draft = {
    ...wall(),
    sites: draftOf(wall(NORTH)).sites.map((site) => ({ ...site, baseUrl: 'ftp://north', name: '' })),
  };
  expect(await made.save(draft, (await made.get()).revision)).toEqual({
    kind: 'invalid',
    issues: expect.arrayContaining([
      { path: ['sites', 0, 'baseUrl'], message: 'must be an http:// or https:// address' },
      { path: ['sites', 0, 'name'], message: 'must not be empty' },
      { path: ['sites', 0, 'credentials', 'token'], message: 'must not be empty' },
    ]),
  });
  expect(changes).toEqual([]);
});

test('a draft that is based on another revision is a conflict', async () => {
  const { made } = await configuration('own');
  const { revision } = await made.get();
  await made.save(wall(NORTH), revision);
  expect(await made.save(wall(), revision)).toEqual({ kind: 'conflict' });
});

test('secrets do not pass from one source to the next: the demo and an empty configuration have none', async () => {
  const { made } = await configuration('demo');
  await made.startFrom('own');
  const { revision } = await made.get();
  const draft = { ...wall(), sites: draftOf(wall(NORTH)).sites };
  expect(await made.save(draft, revision)).toEqual({
    kind: 'invalid',
    issues: [{ path: ['sites', 0, 'credentials', 'token'], message: 'must not be empty' }],
  });
  await made.startFrom('demo');
  expect(await made.save(draft, 'demo')).toMatchObject({ kind: 'invalid' });
});

test('after the demo, the own configuration has its secrets, bound to their servers', async () => {
  const { made } = await configuration('own');
  await made.save(wall(NORTH), (await made.get()).revision);
  await made.startFrom('demo');
  await made.startFrom('own');
  expect((await made.current()).config.sites).toEqual([NORTH]);
  const { config, revision } = await made.get();
  const sites = config.sites.map((site) => ({ ...site, baseUrl: 'http://north.test/' }));
  expect(await made.save({ ...config, sites }, revision)).toMatchObject({
    kind: 'invalid',
    issues: [{ message: 'must be typed again: it was not given for http://north.test' }],
  });
});

test('the windows ask again when a message changes, although the configuration is the same', async () => {
  const { made, changes } = await configuration('own');
  const { revision } = await made.current();
  await made.announce();
  expect(changes.map((change) => change.revision)).toEqual([revision]);
});
