import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Config, configSchema } from '../../shared/config/config.ts';
import { applyDraft, draftOf, plainSecretOf } from '../../shared/config/config-draft.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { WRITE_STEPS } from './atomic-write.ts';
import { HISTORY_LENGTH } from './config-history.ts';
import {
  ABSENT,
  type ConfigStore,
  type ConfigStoreOptions,
  createConfigStore,
  openConfigStore,
} from './config-store.ts';
import { DAMAGED_KEPT } from './damaged-copies.ts';
import { readTrusted } from './file-trust.ts';

let folder: string;
let stores: ConfigStore[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-store-'));
  stores = [];
});
afterEach(async () => {
  for (const store of stores) store.dispose();
  await rm(folder, { recursive: true, force: true });
});

const file = (): string => path.join(folder, 'config.json');
const options = (): ConfigStoreOptions => ({
  whose: 'own',
  file: file(),
  historyFolder: path.join(folder, 'config-history'),
  log: () => {},
});

function wall(name: string): Config {
  return configSchema.parse({
    version: 1,
    sites: [{ id: 'main', name, baseUrl: 'http://cams.test/', mainPath: '{camera}.m3u8' }],
    cameras: [{ id: 'gate', number: 1, name: 'Gate' }],
    views: [{ id: 'all', name: 'All', columns: 1, rows: 1, cells: ['gate'] }],
  });
}

/** A configuration with a password in plain text. */
function withLogin(password: string, baseUrl = 'http://cams.test/'): Config {
  const config = wall('North');
  const credentials = { type: 'basic', username: 'wall', password } as const;
  return { ...config, sites: config.sites.map((site) => ({ ...site, baseUrl, credentials })) };
}

const text = (config: Config): string => JSON.stringify(config);

/** Step by which a test advances the clock: shorter than any wait of the store. Milliseconds. */
const SETTLE_STEP_MS = 100;
/** Between two steps there is time for a read of the file. */
const WAIT = { timeout: 20_000, interval: 20 };

async function opened(more: Partial<ConfigStoreOptions> = {}): Promise<ConfigStore> {
  const result = await openConfigStore({ ...options(), ...more });
  if (result.kind !== 'opened') throw new Error(`not opened: ${result.kind}`);
  stores.push(result.store);
  return result.store;
}

/** The message when neither the file nor its history can be used. */
async function nothingFound(): Promise<string | null> {
  const { state } = await opened();
  expect(state).toMatchObject({ found: 'nothing', config: { cameras: [] }, access: 'read-only' });
  return state.notice;
}

const siteName = (store: ConfigStore): string | undefined => store.state.config.sites[0]?.name;

async function damagedCopies(): Promise<Buffer[]> {
  const names = (await readdir(folder)).filter((name) => name.includes('.damaged-'));
  return Promise.all(names.map((name) => readFile(path.join(folder, name))));
}

describe('a configuration file', () => {
  it.runIf(process.platform === 'linux')(
    'that is a pipe or has no end is refused with a message',
    async () => {
      await promisify(execFile)('mkfifo', [file()]);
      expect(await nothingFound()).toContain(
        `The configuration ${file()} cannot be read: it is no regular file.`,
      );
    },
  );

  it('of more than 4 MB is refused with a message', async () => {
    await writeFile(file(), ' '.repeat(4_000_001));
    expect(await nothingFound()).toContain(
      `The configuration ${file()} cannot be read: it has more than 4 MB.`,
    );
  });

  it('that does not exist is reported as absent', async () => {
    expect(await openConfigStore(options())).toEqual({ kind: 'absent' });
  });

  it('is created empty, and read back', async () => {
    stores.push(await createConfigStore(options()));
    expect((await opened()).state).toMatchObject({
      config: { sites: [], cameras: [], views: [] },
      access: 'writable',
      notice: null,
    });
  });

  it('is not created over another one', async () => {
    await writeFile(file(), text(wall('North')));
    await expect(createConfigStore(options())).rejects.toThrow('is there already');
    expect(siteName(await opened())).toBe('North');
  });

  it('of the previous release opens unchanged and stays unchanged, and a save adds nothing to its sites, cameras and views', async () => {
    const written = await readFile(new URL('../../build/example-config.json', import.meta.url));
    await writeFile(file(), written);
    const store = await opened();
    expect(store.state).toMatchObject({
      config: JSON.parse(written.toString()),
      access: 'writable',
      notice: null,
    });
    expect(await readFile(file())).toEqual(written);
    const draft = draftOf(store.state.config);
    await store.save(applyDraft(draft, store.state.config), store.state.revision);
    const { policies: _withDefaults, ...saved } = JSON.parse(await readFile(file(), 'utf8'));
    const { policies: _written, ...before } = JSON.parse(written.toString());
    expect(saved).toEqual(before);
  });

  it('with a secret is saved as a whole, readable by its owner only, and no other file is left beside it', async () => {
    await writeFile(file(), text(wall('North')), { mode: 0o644 });
    const store = await opened();
    const saved = await store.save(withLogin('hunter2'), store.state.revision);
    expect(saved).toEqual({ kind: 'saved', revision: store.state.revision });
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual(withLogin('hunter2'));
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(['config-history', 'config.json']);
  });

  it.skipIf(process.platform === 'win32')(
    'without a secret keeps the permissions that its admin gave it (not on Windows, which has no modes)',
    async () => {
      await writeFile(file(), text(wall('North')));
      await chmod(file(), 0o640);
      const { gid } = await stat(file());
      const store = await opened();
      await store.save(wall('South'), store.state.revision);
      const saved = await stat(file());
      expect([saved.mode & 0o777, saved.gid]).toEqual([0o640, gid]);
    },
  );

  it('that would be too large to be opened again is not saved', async () => {
    await writeFile(file(), text(wall('North')));
    const store = await opened();
    const path = 'x'.repeat(1024);
    const cameras = Array.from({ length: 4000 }, (_, number) => ({
      id: `gate-${number}`,
      number,
      name: 'Gate',
      streams: { main: { main: path } },
    }));
    const large = configSchema.parse({ ...wall('North'), cameras, views: [] });
    expect(await store.save(large, store.state.revision)).toEqual({
      kind: 'refused',
      message: `The configuration ${file()} was not saved: it would have more than 4 MB.`,
    });
  });

  it('behind a link is replaced where the link leads', async () => {
    await mkdir(path.join(folder, 'elsewhere'));
    const target = path.join(folder, 'elsewhere', 'wall.json');
    await writeFile(target, text(wall('North')));
    await symlink(target, file());
    const store = await opened();
    await store.save(wall('South'), store.state.revision);
    expect(JSON.parse(await readFile(target, 'utf8'))).toEqual(wall('South'));
  });

  it('that cannot be written says why, and stays unchanged', async () => {
    await writeFile(file(), text(wall('North')));
    const store = await opened();
    // A file takes the place of its folder: that stops root as well.
    await rename(folder, `${folder}-moved`);
    await writeFile(folder, '');
    const result = await store.save(wall('South'), store.state.revision);
    await rm(folder);
    await rename(`${folder}-moved`, folder);
    expect(result).toMatchObject({ kind: 'refused', message: expect.stringContaining('was not saved') });
    expect(siteName(store)).toBe('North');
  });
});

describe('the history', () => {
  it(`keeps the last ${HISTORY_LENGTH} good configurations, which are private as well`, async () => {
    const store = await createConfigStore(options());
    stores.push(store);
    for (let index = 0; index < HISTORY_LENGTH + 5; index += 1)
      await store.save(wall(`Site ${index}`), store.state.revision);
    const past = await readdir(options().historyFolder);
    expect(past).toHaveLength(HISTORY_LENGTH);
    const newest = path.join(options().historyFolder, past.sort().at(-1) ?? '');
    expect(JSON.parse(await readFile(newest, 'utf8')).sites[0].name).toBe(`Site ${HISTORY_LENGTH + 4}`);
    expect((await stat(newest)).mode & 0o777).toBe(0o600);
  });

  it('replaces a damaged file, whose copy is kept, and the notice says both', async () => {
    await writeFile(file(), text(wall('North')));
    await opened();
    await writeFile(file(), '{ "version": 1, ]');
    const store = await opened();
    expect(siteName(store)).toBe('North');
    expect(store.state.notice).toMatch(
      /config\.json, line 1, column \d+ is not JSON.*\n.*damaged.*good one, of/s,
    );
    expect(await damagedCopies()).toEqual([Buffer.from('{ "version": 1, ]')]);
    expect(await store.save(wall('South'), store.state.revision)).toMatchObject({ kind: 'saved' });
    expect(store.state.notice).toBeNull();
    expect(await damagedCopies()).toHaveLength(1);
  });

  it('keeps the newest damaged files, privately, also if the clock was set back', async () => {
    await writeFile(file(), text(wall('North')));
    for (let index = 0; index < DAMAGED_KEPT + 3; index += 1) {
      await writeFile(file(), `nonsense ${index}`);
      await openConfigStore({ ...options(), epochMs: () => 1e12 - index }).then((result) => {
        if (result.kind === 'opened') stores.push(result.store);
      });
      if (index === 0) await writeFile(file(), text(wall('North'))).then(() => opened());
    }
    const kept = (await damagedCopies()).map(String).sort();
    expect(kept).toEqual(['nonsense 3', 'nonsense 4', 'nonsense 5', 'nonsense 6', 'nonsense 7']);
    for (const name of await readdir(folder))
      if (name.includes('.damaged-')) expect((await stat(path.join(folder, name))).mode & 0o077).toBe(0);
  });

  it('keeps one copy of a damaged file, however often it is opened', async () => {
    await writeFile(file(), text(wall('North')));
    await opened();
    await writeFile(file(), 'nonsense');
    await opened();
    await opened();
    expect(await damagedCopies()).toHaveLength(1);
  });

  it('without any good configuration leads to a message only', async () => {
    await writeFile(file(), 'nonsense');
    const words = await nothingFound();
    expect(words).toMatch(/is not JSON.*\nHoldfast keeps looking/);
    expect(await readFile(file(), 'utf8')).toBe('nonsense');
    expect(await damagedCopies()).toEqual([]);
  });

  it('without any good configuration does not stop a repaired file from being opened', async () => {
    await writeFile(file(), 'nonsense');
    const store = await opened();
    expect(await store.save(wall('Mine'), store.state.revision)).toMatchObject({ kind: 'refused' });
    await writeFile(file(), 'other nonsense, which has no line break');
    await vi.waitFor(() => expect(store.state.notice).toContain('is not JSON'), WAIT);
    expect(await damagedCopies()).toEqual([]);
    await writeFile(file(), text(wall('Mended')));
    await vi.waitFor(() => expect(siteName(store)).toBe('Mended'), WAIT);
    expect(store.state).toMatchObject({ found: 'configuration', access: 'writable', notice: null });
  });
});

/** The folder of a given file is the mount point of a share: with and without the share, its device number differs. */
describe('a given file on a share', () => {
  const SHARE = 4711;
  const folderOfShare = (): string => path.join(folder, 'share');
  const given = (name = 'wall.json'): ConfigStoreOptions => ({
    ...options(),
    whose: 'given',
    file: path.join(folderOfShare(), name),
    read: async (...asked) => ({ ...(await readTrusted(...asked)), device: SHARE }),
  });

  beforeEach(async () => {
    await mkdir(folderOfShare());
    await writeFile(given().file, text(wall('North')));
  });

  it('that is not mounted at the start is replaced by the last good configuration, and opened by itself once it is mounted', async () => {
    await opened(given()).then((store) => store.dispose());
    await rename(given().file, path.join(folder, 'unmounted'));
    const store = await opened(given());
    expect(siteName(store)).toBe('North');
    expect(store.state.notice).toMatch(
      /is not there, and its folder is on another disk than before: its share may not be mounted\. In use is the last good one, of/,
    );
    await writeFile(given().file, text(wall('South')));
    await vi.waitFor(() => expect(siteName(store)).toBe('South'), WAIT);
    expect(store.state).toMatchObject({ access: 'writable', notice: null });
  });

  it('is not saved to the bare mount point, neither at the start nor later', async () => {
    const first = await opened(given());
    await rm(given().file);
    const message = expect.stringContaining('its folder is on another disk than before');
    expect(await first.save(wall('South'), first.state.revision)).toMatchObject({ kind: 'refused', message });
    first.dispose();
    const second = await opened(given());
    expect(await second.save(wall('South'), second.state.revision)).toMatchObject({
      kind: 'refused',
      message,
    });
    expect(await readdir(folderOfShare())).toEqual([]);
  });

  it('gets no new folder where its own is gone', async () => {
    await opened(given()).then((store) => store.dispose());
    await rm(folderOfShare(), { recursive: true });
    const store = await opened(given());
    expect(siteName(store)).toBe('North');
    expect(store.state.notice).toContain('is not there, and neither is its folder');
    expect(await store.save(wall('South'), store.state.revision)).toMatchObject({ kind: 'refused' });
    expect(await readdir(folder)).not.toContain('share');
  });

  it('that was removed from a mounted share is created again by a save', async () => {
    const here = { ...given(), read: readTrusted };
    await opened(here).then((store) => store.dispose());
    await rm(given().file);
    const store = await opened(here);
    expect(store.state).toMatchObject({
      access: 'writable',
      notice: expect.stringContaining('is gone from the disk'),
    });
    expect(await store.save(wall('South'), store.state.revision)).toMatchObject({ kind: 'saved' });
  });

  it('that never existed and has no history is waited for', async () => {
    const store = await opened(given('other.json'));
    expect(store.state).toMatchObject({
      found: 'nothing',
      notice: expect.stringMatching(/other\.json is not there\.\nHoldfast keeps looking/),
    });
    await writeFile(given('other.json').file, text(wall('Late')));
    await vi.waitFor(() => expect(siteName(store)).toBe('Late'), WAIT);
  });

  it('behind a link stays there, also if the link led nowhere at the start', async () => {
    const link = path.join(folder, 'link.json');
    await symlink(given().file, link);
    const unmounted = path.join(folder, 'unmounted');
    await rename(given().file, unmounted);
    const store = await opened({ ...given(), file: link, read: readTrusted });
    await rename(unmounted, given().file);
    await vi.waitFor(() => expect(siteName(store)).toBe('North'), WAIT);
    expect(await store.save(wall('South'), store.state.revision)).toMatchObject({ kind: 'saved' });
    expect(JSON.parse(await readFile(given().file, 'utf8'))).toEqual(wall('South'));
  });

  it('that replaces a configuration saved meanwhile is reported, until the next save', async () => {
    let device = (await stat(given().file)).dev;
    const read: typeof readTrusted = async (...asked) => ({ ...(await readTrusted(...asked)), device });
    const store = await opened({ ...given(), read });
    expect(await store.save(wall('Displaced'), store.state.revision)).toMatchObject({ kind: 'saved' });
    device = SHARE;
    await writeFile(given().file, text(wall('Of the share')));
    await vi.waitFor(() => expect(siteName(store)).toBe('Of the share'), WAIT);
    expect(store.state.notice).toMatch(
      /was changed on the disk\. What was applied here at .* UTC is not in it: another disk or share .* kept in .*config-history/,
    );
    await store.save(wall('South'), store.state.revision);
    expect(store.state.notice).toBeNull();
  });
});

describe('a file of a newer release', () => {
  it('opens read-only and is never written over', async () => {
    const newer = JSON.stringify({ ...wall('North'), version: 2, sound: 'on' });
    await writeFile(file(), newer);
    const store = await opened();
    expect(store.state).toMatchObject({ access: 'read-only', notice: expect.stringContaining('newer') });
    expect(siteName(store)).toBe('North');
    expect(await store.save(wall('South'), store.state.revision)).toMatchObject({ kind: 'refused' });
    expect(await readFile(file(), 'utf8')).toBe(newer);
  });
});

describe('a change made by another program', () => {
  it('is never overwritten', async () => {
    await writeFile(file(), text(wall('North')));
    const store = await opened();
    const { revision } = store.state;
    await writeFile(file(), text(wall('Theirs')));
    expect(await store.save(wall('Mine'), revision)).toEqual({ kind: 'conflict' });
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual(wall('Theirs'));
  });

  it('is noticed and taken over; an older draft is then a conflict', async () => {
    await writeFile(file(), text(wall('North')));
    const store = await opened();
    const { revision } = store.state;
    const onChange = vi.fn();
    store.subscribe(onChange);
    await writeFile(file(), text(wall('Theirs')));
    await vi.waitFor(() => expect(siteName(store)).toBe('Theirs'), { timeout: 10_000 });
    expect(onChange).toHaveBeenCalled();
    expect(await store.save(wall('Mine'), revision)).toEqual({ kind: 'conflict' });
    expect(await store.save(wall('Mine'), store.state.revision)).toMatchObject({ kind: 'saved' });
  });

  it('that damages the file changes only the notice, and a repaired file is taken over', async () => {
    await writeFile(file(), text(wall('North')));
    const store = await opened();
    await writeFile(file(), '{ "version":');
    await vi.waitFor(() => expect(store.state.notice).toContain('is not JSON'), { timeout: 10_000 });
    expect(siteName(store)).toBe('North');
    expect(await damagedCopies()).toEqual([Buffer.from('{ "version":')]);
    await writeFile(file(), text(wall('Mended')));
    await vi.waitFor(() => expect(store.state.notice).toBeNull(), { timeout: 10_000 });
    expect(siteName(store)).toBe('Mended');
  });

  it('that is written in pieces, with pauses, is waited for: no warning, and no copy of a piece', async () => {
    await writeFile(file(), text(wall('North')));
    const clock = new VirtualClock();
    let reads: string[] = [];
    const read: typeof readTrusted = async (...asked) => {
      const found = await readTrusted(...asked);
      reads.push(found.bytes.toString());
      return found;
    };
    const store = await opened({ clock, read });
    const notices: (string | null)[] = [];
    store.subscribe(() => notices.push(store.state.notice));
    const whole = text(wall('Ä south'));
    for (let pieces = 0; pieces < 7; pieces += 1) {
      const piece = Buffer.from(whole).subarray(0, Math.floor((whole.length * pieces) / 7));
      reads = [];
      await writeFile(file(), piece);
      await vi.waitFor(() => {
        clock.tick(SETTLE_STEP_MS);
        expect(reads.filter((content) => content === piece.toString()).length).toBeGreaterThan(1);
      }, WAIT);
    }
    expect(notices).toEqual([]);
    await writeFile(file(), whole);
    await vi.waitFor(() => {
      clock.tick(SETTLE_STEP_MS);
      expect(siteName(store)).toBe('Ä south');
    }, WAIT);
    expect(notices).toEqual([null]);
    expect(await damagedCopies()).toEqual([]);
  });

  it('that leaves a cut-off file is reported after some seconds without a further write', async () => {
    const begin = '{ "version": 1, "sites": [';
    await writeFile(file(), text(wall('North')));
    await opened().then((store) => store.dispose());
    await writeFile(file(), begin);
    const clock = new VirtualClock();
    const store = await opened({ clock });
    expect(siteName(store)).toBe('North');
    expect(store.state).toMatchObject({
      access: 'read-only',
      notice: expect.stringMatching(/It may still be being written.*In use is the last good one, of/s),
    });
    expect(await damagedCopies()).toEqual([]);
    await vi.waitFor(() => {
      clock.tick(SETTLE_STEP_MS);
      expect(store.state).toMatchObject({
        access: 'writable',
        notice: expect.stringContaining('A copy is kept as'),
      });
    }, WAIT);
    expect(siteName(store)).toBe('North');
    expect(await damagedCopies()).toEqual([Buffer.from(begin)]);
  });

  it('that removes the file is reported, and a save creates it again', async () => {
    await writeFile(file(), text(wall('North')));
    const store = await opened();
    await rm(file());
    await vi.waitFor(() => expect(store.state.revision).toBe(ABSENT), { timeout: 10_000 });
    expect(store.state.notice).toContain('is gone from the disk');
    expect(await store.save(wall('South'), ABSENT)).toMatchObject({ kind: 'saved' });
  });

  it('is not reported for the store’s own save', async () => {
    await writeFile(file(), text(wall('North')));
    const store = await opened();
    await store.save(wall('South'), store.state.revision);
    const onChange = vi.fn();
    store.subscribe(onChange);
    await writeFile(file(), await readFile(file()));
    await chmod(file(), 0o600);
    expect(await store.save(wall('West'), store.state.revision)).toMatchObject({ kind: 'saved' });
    expect(onChange).toHaveBeenCalledTimes(1);
  });
});

describe('with any content in the file', () => {
  const whole = Buffer.from(text(wall('North')));
  const anyContent = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((json) => Buffer.from(json)),
    fc.nat({ max: whole.length }).map((length) => whole.subarray(0, length)),
    fc
      .array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), {
        minLength: 1,
        maxLength: 4,
      })
      .map((edits) => {
        const mutated = Buffer.from(whole);
        for (const [position, byte] of edits) mutated[position] = byte;
        return mutated;
      }),
  );

  it('it opens without an exception, and keeps what it cannot use', async () => {
    await writeFile(file(), whole);
    await opened();
    await fc.assert(
      fc.asyncProperty(anyContent, async (content) => {
        await writeFile(file(), content);
        const store = await opened();
        const { notice, access, revision, config } = store.state;
        expect(configSchema.safeParse(config).success).toBe(true);
        const saved = await store.save(wall('South'), revision);
        store.dispose();
        if (access === 'read-only') {
          expect(await readFile(file())).toEqual(content);
          return;
        }
        expect(saved.kind).toBe('saved');
        if (notice !== null) expect((await damagedCopies()).some((copy) => copy.equals(content))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a process that is killed', () => {
  type Places = Pick<ConfigStoreOptions, 'file' | 'historyFolder'>;
  const SAVE_AND_DIE = fileURLToPath(new URL('testing/save-and-die.ts', import.meta.url));

  /** A process of its own saves `config` and is killed after that step. */
  async function saveAndDie(config: Config, afterStep: number): Promise<void> {
    const args = [SAVE_AND_DIE, file(), options().historyFolder, text(config), String(afterStep)];
    await expect(promisify(execFile)(process.execPath, args)).rejects.toMatchObject({ signal: 'SIGKILL' });
  }

  /**
   * What is on the disk after each step of a save, as if its process had been killed then: copies of the folder, the first
   * step's first.
   */
  async function killedAfterEachStep(before: Config, after: Config): Promise<Places[]> {
    const placesIn = (name: string): Places => ({
      file: path.join(folder, name, 'config.json'),
      historyFolder: path.join(folder, name, 'config-history'),
    });
    const copies: Places[] = [];
    let isSaving = false;
    const onWriteStep = (): void => {
      if (!isSaving) return;
      const name = `after-${copies.length + 1}`;
      cpSync(path.join(folder, 'live'), path.join(folder, name), {
        recursive: true,
        preserveTimestamps: true,
      });
      copies.push(placesIn(name));
    };
    await mkdir(path.join(folder, 'live'));
    await writeFile(placesIn('live').file, text(before));
    const store = await opened({ ...placesIn('live'), onWriteStep });
    isSaving = true;
    expect(await store.save(after, store.state.revision)).toMatchObject({ kind: 'saved' });
    return copies;
  }

  const isReplacedBy = (step: number): boolean => step > WRITE_STEPS.indexOf('synced') + 1;

  async function expectWhole(places: Places, afterStep: number): Promise<void> {
    const store = await opened(places);
    expect(store.state.notice).toBeNull();
    expect(siteName(store)).toBe(isReplacedBy(afterStep) ? 'New' : 'Old');
    expect(await store.save(wall('Next'), store.state.revision)).toMatchObject({ kind: 'saved' });
  }

  async function expectPassword(places: Places): Promise<void> {
    await writeFile(places.file, 'nonsense');
    const { credentials } = (await opened(places)).state.config.sites[0] ?? {};
    expect(['old', 'new']).toContain(plainSecretOf(credentials));
  }

  it('leaves a whole configuration after each step of a save, the old or the new one', async () => {
    const copies = await killedAfterEachStep(wall('Old'), wall('New'));
    // The file's steps, then those of its copy for the past.
    expect(copies).toHaveLength(2 * WRITE_STEPS.length);
    for (const [index, copy] of copies.entries()) await expectWhole(copy, index + 1);
  });

  it('leaves a password to log in with after each step of a save with a new one, when the file is damaged next', async () => {
    const copies = await killedAfterEachStep(withLogin('old'), withLogin('new'));
    // After the file's steps come those of the secrets.
    const ofSecrets = copies.slice(WRITE_STEPS.length, 2 * WRITE_STEPS.length);
    expect(ofSecrets).toHaveLength(WRITE_STEPS.length);
    for (const copy of ofSecrets) await expectPassword(copy);
  });

  it('by the system writes nothing more: right before the file is replaced it leaves the old one', async () => {
    await writeFile(file(), text(wall('Old')));
    const synced = WRITE_STEPS.indexOf('synced') + 1;
    await saveAndDie(wall('New'), synced);
    await expectWhole(options(), synced);
  });

  it('by the system while the secrets are written leaves a password as well', async () => {
    await writeFile(file(), text(withLogin('old')));
    await saveAndDie(withLogin('new'), WRITE_STEPS.length + WRITE_STEPS.indexOf('synced') + 1);
    await expectPassword(options());
  });
});

describe('passwords and tokens', () => {
  const history = (name = ''): string => path.join(options().historyFolder, name);
  const secretOfFirst = ({ state }: ConfigStore): string | null =>
    plainSecretOf(state.config.sites[0]?.credentials);

  async function historyTexts(): Promise<string[]> {
    const names = (await readdir(history())).filter((name) => name !== 'secrets.json');
    return Promise.all(names.map((name) => readFile(history(name), 'utf8')));
  }

  async function saved(...configs: Config[]): Promise<void> {
    const store = await createConfigStore(options());
    stores.push(store);
    for (const config of configs) await store.save(config, store.state.revision);
  }

  it('are in no past configuration, and those of the newest one are in a separate, private file', async () => {
    await saved(withLogin('first'), withLogin('second', 'http://moved.test/'), withLogin('third'));
    expect((await historyTexts()).join()).not.toMatch(/first|second|third/);
    const secrets = await readFile(history('secrets.json'), 'utf8');
    expect(secrets).toContain('third');
    expect(secrets).not.toMatch(/first|second/);
    expect((await stat(history('secrets.json'))).mode & 0o077).toBe(0);
  });

  it('are in no file’s name, so that nobody can test guessed passwords against one', async () => {
    await saved(withLogin('first'));
    const before = await readdir(history());
    const store = await opened();
    await store.save(withLogin('second'), store.state.revision);
    expect(await readdir(history())).toEqual(before);
  });

  it('are used with the last good configuration when its file is damaged', async () => {
    await saved(withLogin('hunter2'));
    await writeFile(file(), 'nonsense');
    const store = await opened();
    expect(store.state.config).toEqual(withLogin('hunter2'));
    await store.save(store.state.config, store.state.revision);
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual(withLogin('hunter2'));
  });

  it('go only to the server that they were given for, and the notice says which login is missing', async () => {
    await saved(withLogin('hunter2', 'http://other.test/'));
    const { sites } = withLogin('hunter2', 'http://cams.test/');
    const secrets = { version: 1, sites, cameras: [], views: [] };
    await writeFile(history('secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
    await writeFile(file(), 'nonsense');
    const store = await opened();
    expect(secretOfFirst(store)).toBeNull();
    expect(store.state.notice).toContain('It has no login for North: enter it again.');
  });

  it('are deleted when the configuration has none any more', async () => {
    await saved(withLogin('hunter2'), wall('North'));
    expect(await readdir(history())).not.toContain('secrets.json');
  });

  it('that are names of variables stay names', async () => {
    const config = wall('North');
    const credentials = { type: 'bearer', token: { env: 'HOLDFAST_NORTH' } } as const;
    const named = { ...config, sites: config.sites.map((site) => ({ ...site, credentials })) };
    await saved(named);
    expect(await readdir(history())).not.toContain('secrets.json');
    await writeFile(file(), 'nonsense');
    expect((await opened()).state.config).toEqual(named);
  });

  describe('that an earlier release left in the history', () => {
    const OLD = ['2026-01-01T00-00-00.000Z-0123456789ab.json', '2026-01-02T00-00-00.000Z-abcdef012345.json'];

    beforeEach(async () => {
      await mkdir(history());
      await writeFile(history(OLD[0]), text(withLogin('first')));
      await writeFile(history(OLD[1]), text(withLogin('second')));
    });

    it('are removed at the start, and the last good configuration still works', async () => {
      await writeFile(file(), 'nonsense');
      expect(secretOfFirst(await opened())).toBe('second');
      const names = await readdir(history());
      expect(names.filter((name) => name.endsWith('.no-secrets.json'))).toHaveLength(2);
      expect(names).not.toEqual(expect.arrayContaining([OLD[0]]));
      expect((await historyTexts()).join()).not.toMatch(/first|second/);
      expect(secretOfFirst(await opened())).toBe('second');
    });

    it('are removed beside a good file, and where there is none', async () => {
      expect(await openConfigStore(options())).toEqual({ kind: 'absent' });
      expect((await historyTexts()).join()).not.toMatch(/first|second/);
    });

    it('do not replace newer ones', async () => {
      await writeFile(file(), text(withLogin('third')));
      await opened();
      await writeFile(file(), 'nonsense');
      expect(secretOfFirst(await opened())).toBe('third');
      expect((await historyTexts()).join()).not.toMatch(/first|second|third/);
    });

    it('are removed with an entry that is damaged, and the other entries stay usable', async () => {
      await writeFile(history(OLD[1]), '{ "sites": [{ "credentials": { "password": "torn');
      await writeFile(file(), 'nonsense');
      expect(secretOfFirst(await opened())).toBe('first');
      expect((await historyTexts()).join()).not.toMatch(/first|torn/);
    });

    it.each(Array.from({ length: 3 * WRITE_STEPS.length }, (_, index) => index + 1))(
      'work also when the process ends after step %i of the removal',
      async (dieAfter) => {
        await writeFile(file(), 'nonsense');
        let steps = 0;
        await openConfigStore({
          ...options(),
          // This throws from the chosen step on, as if the process had ended there.
          onWriteStep: () => {
            steps += 1;
            if (steps > WRITE_STEPS.length + dieAfter) throw new Error('ended');
          },
        }).then((result) => {
          if (result.kind === 'opened') stores.push(result.store);
        });
        expect(secretOfFirst(await opened())).toBe('second');
        expect((await historyTexts()).join()).not.toMatch(/first|second/);
      },
    );
  });
});

describe.skipIf(process.platform === 'win32')(
  'who may have written a file (not on Windows, which has no modes)',
  () => {
    const NOBODY = 65_534;
    const isRoot = process.geteuid?.() === 0;

    it('decides whether the file is opened; a message says so where nothing can replace it', async () => {
      await writeFile(file(), text(wall('Theirs')));
      await chmod(file(), 0o666);
      expect(await nothingFound()).toContain(
        `The configuration ${file()} is not taken: everybody may write it (mode 666). ` +
          `Check what is in it; then run "chmod o-w ${file()}".`,
      );
    });

    it('decides whether the last good configuration replaces it, and it is not written over', async () => {
      await writeFile(file(), text(wall('North')));
      await opened();
      await writeFile(file(), text(wall('Theirs')));
      await chmod(file(), 0o666);
      const store = await opened();
      expect(siteName(store)).toBe('North');
      expect(store.state.notice).toMatch(
        /everybody may write it.*chmod o-w.*In use is the last good one, of/,
      );
      expect(await store.save(wall('Mine'), store.state.revision)).toMatchObject({ kind: 'refused' });
      expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual(wall('Theirs'));
    });

    it('decides whether a change is taken over; once the permissions are corrected, it is', async () => {
      await writeFile(file(), text(wall('North')));
      const store = await opened();
      await chmod(file(), 0o666);
      await writeFile(file(), text(wall('Theirs')));
      await vi.waitFor(() => expect(store.state.notice).toContain('chmod o-w'), { timeout: 10_000 });
      expect(siteName(store)).toBe('North');
      await chmod(file(), 0o644);
      await vi.waitFor(() => expect(siteName(store)).toBe('Theirs'), { timeout: 10_000 });
      expect(store.state.notice).toBeNull();
    });

    it.runIf(isRoot)(
      'is only this user and root: a file of another user is not taken (only root can test this)',
      async () => {
        await writeFile(file(), text(wall('North')));
        const store = await opened();
        const theirs = path.join(folder, 'theirs.json');
        await writeFile(theirs, text(wall('Theirs')));
        await chown(theirs, NOBODY, NOBODY);
        await rename(theirs, file());
        await vi.waitFor(() => expect(store.state.notice).toContain('belongs to another user'), {
          timeout: 10_000,
        });
        expect(siteName(store)).toBe('North');
        expect(siteName(await opened())).toBe('North');
      },
    );

    it.runIf(isRoot)(
      'counts for the history as well (only root can make a file of another user)',
      async () => {
        await writeFile(file(), text(wall('North')));
        await opened();
        const planted = path.join(
          options().historyFolder,
          '2099-01-01T00-00-00.000Z-0123456789ab.no-secrets.json',
        );
        await writeFile(planted, text(wall('Theirs')));
        await chown(planted, NOBODY, NOBODY);
        await writeFile(file(), 'nonsense');
        expect(siteName(await opened())).toBe('North');
      },
    );
  },
);

describe.skipIf(process.platform === 'win32')(
  'a password that others can read (not on Windows, which has no modes)',
  () => {
    it('is reported at every start, with the remedy, until it is corrected', async () => {
      await writeFile(file(), text(withLogin('hunter2')));
      await chmod(file(), 0o644);
      await opened();
      const store = await opened();
      expect(store.state).toMatchObject({
        access: 'writable',
        notice: expect.stringContaining(`"chmod 600 ${file()}" makes it private.`),
      });
      await chmod(file(), 0o600);
      await vi.waitFor(() => expect(store.state.notice).toBeNull(), { timeout: 10_000 });
      await chmod(file(), 0o640);
      await vi.waitFor(() => expect(store.state.notice).toContain('its mode (640)'), { timeout: 10_000 });
    });

    it('is corrected by a save', async () => {
      await writeFile(file(), text(withLogin('hunter2')));
      await chmod(file(), 0o644);
      const store = await opened();
      await store.save(withLogin('hunter3'), store.state.revision);
      expect(store.state.notice).toBeNull();
      expect((await opened()).state.notice).toBeNull();
    });

    it('is not reported where the file names a variable, or has no login', async () => {
      const config = wall('North');
      const credentials = { type: 'bearer', token: { env: 'HOLDFAST_NORTH' } };
      await writeFile(
        file(),
        JSON.stringify({ ...config, sites: config.sites.map((site) => ({ ...site, credentials })) }),
      );
      await chmod(file(), 0o644);
      expect((await opened()).state.notice).toBeNull();
    });
  },
);
