import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { configSchema } from '../../shared/config/config.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { type ConfigStore, openConfigStore } from './config-store.ts';
import { FILE_DEADLINE_MS, START_DEADLINE_MS } from './file-deadline.ts';
import { readTrusted } from './file-trust.ts';

/** Acts as a network share. While it hangs, reads from it do not end. Only the configuration's file is on it. */
const share = { state: 'answers' as 'answers' | 'hangs', answer: [] as (() => void)[] };
const read: typeof readTrusted = async (...asked) => {
  if (share.state === 'hangs') await new Promise<void>((resolve) => share.answer.push(resolve));
  return readTrusted(...asked);
};

let folder = '';
const stores: ConfigStore[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-share-'));
});
afterEach(async () => {
  for (const store of stores.splice(0)) store.dispose();
  answer();
  await rm(folder, { recursive: true, force: true });
});

const file = (): string => path.join(folder, 'wall.json');
const SILENT_AT_START = 'its disk or share has not answered for 4 s';

function wall(name: string) {
  const sites = [{ id: 'main', name, baseUrl: 'http://cams.test/' }];
  return configSchema.parse({ version: 1, sites, cameras: [], views: [] });
}

/** Opens the store, and advances the clock while the store waits for the share. */
async function open(clock = new VirtualClock()) {
  const opening = openConfigStore({
    whose: 'given',
    file: file(),
    historyFolder: path.join(folder, 'past'),
    log: () => {},
    clock,
    read,
  });
  if (share.state === 'hangs') {
    await vi.waitFor(() => expect(share.answer).toHaveLength(1));
    clock.tick(START_DEADLINE_MS);
  }
  const opened = await opening;
  if (opened.kind === 'opened') stores.push(opened.store);
  return opened;
}

async function storeOf(opening: ReturnType<typeof open>): Promise<ConfigStore> {
  const opened = await opening;
  if (opened.kind !== 'opened') throw new Error(`not opened: ${opened.kind}`);
  return opened.store;
}

function answer(): void {
  share.state = 'answers';
  for (const resolve of share.answer.splice(0)) resolve();
}

test('a start waits a limited time for a hanging share, goes on with the last good configuration, and takes the file once it can be read', async () => {
  await writeFile(file(), JSON.stringify(wall('North')));
  await open();
  await writeFile(file(), JSON.stringify(wall('South')));
  share.state = 'hangs';
  const clock = new VirtualClock();
  const store = await storeOf(open(clock));
  expect(store.state.config.sites[0]?.name).toBe('North');
  expect(store.state.notice).toContain(`cannot be read: ${SILENT_AT_START}. In use is the last good one`);
  answer();
  await vi.waitFor(
    () => {
      clock.tick(1000);
      expect(store.state).toMatchObject({ notice: null, config: { sites: [{ name: 'South' }] } });
    },
    { timeout: 10_000 },
  );
});

test('without a last good configuration the start says so, and the file is opened once it can be read', async () => {
  await writeFile(file(), JSON.stringify(wall('North')));
  share.state = 'hangs';
  const clock = new VirtualClock();
  const store = await storeOf(open(clock));
  expect(store.state).toMatchObject({
    found: 'nothing',
    access: 'read-only',
    notice: `The configuration ${file()} cannot be read: ${SILENT_AT_START}.\nHoldfast keeps looking, and opens it as soon as it can be used.`,
  });
  answer();
  await vi.waitFor(
    () => {
      clock.tick(1000);
      expect(store.state).toMatchObject({
        found: 'configuration',
        notice: null,
        config: { sites: [{ name: 'North' }] },
      });
    },
    { timeout: 10_000 },
  );
});

test('a save to a hanging share is refused with a message, and is not done later either', async () => {
  await writeFile(file(), JSON.stringify(wall('North')));
  const clock = new VirtualClock();
  const store = await storeOf(open(clock));
  const before = await readFile(file(), 'utf8');
  share.state = 'hangs';
  const saving = store.save(wall('South'), store.state.revision);
  await vi.waitFor(() => expect(share.answer).toHaveLength(1));
  clock.tick(FILE_DEADLINE_MS);
  expect(await saving).toEqual({
    kind: 'refused',
    message: `The configuration ${file()} cannot be read: its disk or share has not answered for 10 s. It was not saved.`,
  });
  answer();
  await vi.waitFor(async () => {
    expect(await store.save(wall('West'), store.state.revision)).toMatchObject({ kind: 'saved' });
  });
  expect(before).toContain('North');
  expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual(wall('West'));
});
