import { execFile } from 'node:child_process';
import {
  chmod,
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
import { type Config, configSchema } from '../../shared/config.ts';
import { applyDraft, draftOf } from '../../shared/config-draft.ts';
import { WRITE_STEPS } from './atomic-write.ts';
import { HISTORY_LENGTH } from './config-history.ts';
import { ABSENT, type ConfigStore, createConfigStore, openConfigStore } from './config-store.ts';

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
const options = () => ({
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

const text = (config: Config): string => JSON.stringify(config);

async function opened(): Promise<ConfigStore> {
  const result = await openConfigStore(options());
  if (result.kind !== 'opened') throw new Error(`not opened: ${result.kind}`);
  stores.push(result.store);
  return result.store;
}

const siteName = (store: ConfigStore): string | undefined => store.state.config.sites[0]?.name;

async function damagedCopies(): Promise<Buffer[]> {
  const names = (await readdir(folder)).filter((name) => name.includes('.damaged-'));
  return Promise.all(names.map((name) => readFile(path.join(folder, name))));
}

describe('a configuration file', () => {
  it.runIf(process.platform === 'linux')('that is a pipe or has no end is refused in words', async () => {
    await promisify(execFile)('mkfifo', [file()]);
    const message = `The configuration ${file()} cannot be read: it is no regular file.`;
    expect(await openConfigStore(options())).toEqual({ kind: 'failed', message });
  });

  it('of more than 4 MB is refused in words', async () => {
    await writeFile(file(), ' '.repeat(4_000_001));
    const message = `The configuration ${file()} cannot be read: it has more than 4 MB.`;
    expect(await openConfigStore(options())).toEqual({ kind: 'failed', message });
  });

  it('that is not there is absent', async () => {
    expect(await openConfigStore(options())).toEqual({ kind: 'absent' });
  });

  it('is made empty, and read back', async () => {
    stores.push(await createConfigStore(options()));
    expect((await opened()).state).toMatchObject({
      config: { sites: [], cameras: [], views: [] },
      access: 'writable',
      notice: null,
    });
  });

  it('is not made over another one', async () => {
    await writeFile(file(), text(wall('North')));
    await expect(createConfigStore(options())).rejects.toThrow('is there already');
    expect(siteName(await opened())).toBe('North');
  });

  it('of the release before this one opens as it was, stays as it is, and a save adds nothing to its sites, cameras and views', async () => {
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

  it('is saved whole, readable by its owner only, and nothing is left beside it', async () => {
    await writeFile(file(), text(wall('North')), { mode: 0o644 });
    const store = await opened();
    const saved = await store.save(wall('South'), store.state.revision);
    expect(saved).toEqual({ kind: 'saved', revision: store.state.revision });
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual(wall('South'));
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(['config-history', 'config.json']);
  });

  it('behind a link is replaced where it is', async () => {
    await mkdir(path.join(folder, 'elsewhere'));
    const target = path.join(folder, 'elsewhere', 'wall.json');
    await writeFile(target, text(wall('North')));
    await symlink(target, file());
    const store = await opened();
    await store.save(wall('South'), store.state.revision);
    expect(JSON.parse(await readFile(target, 'utf8'))).toEqual(wall('South'));
  });

  it('that cannot be written says why, and stays', async () => {
    await writeFile(file(), text(wall('North')));
    const store = await opened();
    // Its folder is gone, and a file in its place: that stops root as well.
    await rename(folder, `${folder}-moved`);
    await writeFile(folder, '');
    const result = await store.save(wall('South'), store.state.revision);
    await rm(folder);
    await rename(`${folder}-moved`, folder);
    expect(result).toMatchObject({ kind: 'refused', message: expect.stringContaining('was not saved') });
    expect(siteName(store)).toBe('North');
  });
});

describe('the past', () => {
  it(`is the last ${HISTORY_LENGTH} good configurations, private as well`, async () => {
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

  it('stands in for a damaged file, which is kept, and the notice says all of it', async () => {
    await writeFile(file(), text(wall('North')));
    await opened();
    await writeFile(file(), '{ "version": 1, ');
    const store = await opened();
    expect(siteName(store)).toBe('North');
    expect(store.state.notice).toMatch(
      /config\.json, line 1, column \d+ is not JSON.*\n.*damaged.*good one, of/s,
    );
    expect(await damagedCopies()).toEqual([Buffer.from('{ "version": 1, ')]);
    expect(await store.save(wall('South'), store.state.revision)).toMatchObject({ kind: 'saved' });
    expect(store.state.notice).toBeNull();
    expect(await damagedCopies()).toHaveLength(1);
  });

  it('keeps the same damaged file once, however often it is opened', async () => {
    await writeFile(file(), text(wall('North')));
    await opened();
    await writeFile(file(), 'nonsense');
    await opened();
    await opened();
    expect(await damagedCopies()).toHaveLength(1);
  });

  it('that holds nothing good leaves only the words', async () => {
    await writeFile(file(), 'nonsense');
    expect(await openConfigStore(options())).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('is not JSON'),
    });
    expect(await readFile(file(), 'utf8')).toBe('nonsense');
    expect(await damagedCopies()).toEqual([]);
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

describe('a change behind the back', () => {
  it('is never overwritten', async () => {
    await writeFile(file(), text(wall('North')));
    const store = await opened();
    const { revision } = store.state;
    await writeFile(file(), text(wall('Theirs')));
    expect(await store.save(wall('Mine'), revision)).toEqual({ kind: 'conflict' });
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual(wall('Theirs'));
  });

  it('is noticed and taken over; a draft from before is then a conflict', async () => {
    await writeFile(file(), text(wall('North')));
    const store = await opened();
    const { revision } = store.state;
    const told = vi.fn();
    store.subscribe(told);
    await writeFile(file(), text(wall('Theirs')));
    await vi.waitFor(() => expect(siteName(store)).toBe('Theirs'), { timeout: 10_000 });
    expect(told).toHaveBeenCalled();
    expect(await store.save(wall('Mine'), revision)).toEqual({ kind: 'conflict' });
    expect(await store.save(wall('Mine'), store.state.revision)).toMatchObject({ kind: 'saved' });
  });

  it('that damages the file changes nothing but the words, and a mended file is taken', async () => {
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

  it('that removes the file is told, and saving writes it anew', async () => {
    await writeFile(file(), text(wall('North')));
    const store = await opened();
    await rm(file());
    await vi.waitFor(() => expect(store.state.revision).toBe(ABSENT), { timeout: 10_000 });
    expect(store.state.notice).toContain('is gone from the disk');
    expect(await store.save(wall('South'), ABSENT)).toMatchObject({ kind: 'saved' });
  });

  it('of its own making is none', async () => {
    await writeFile(file(), text(wall('North')));
    const store = await opened();
    await store.save(wall('South'), store.state.revision);
    const told = vi.fn();
    store.subscribe(told);
    await writeFile(file(), await readFile(file()));
    await chmod(file(), 0o600);
    expect(await store.save(wall('West'), store.state.revision)).toMatchObject({ kind: 'saved' });
    expect(told).toHaveBeenCalledTimes(1);
  });
});

describe('whatever is in the file', () => {
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

  it('it opens without a throw, and what it cannot use it keeps', async () => {
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
  // The file's steps, then those of its copy for the past.
  it.each(Array.from({ length: 2 * WRITE_STEPS.length }, (_, index) => index + 1))(
    'after step %i of a save leaves a whole configuration, the old or the new one',
    async (dieAfter) => {
      await writeFile(file(), text(wall('Old')));
      const script = fileURLToPath(new URL('testing/save-and-die.ts', import.meta.url));
      const args = [script, file(), options().historyFolder, text(wall('New')), String(dieAfter)];
      await expect(promisify(execFile)(process.execPath, args)).rejects.toMatchObject({ signal: 'SIGKILL' });
      const store = await opened();
      expect(store.state.notice).toBeNull();
      expect(siteName(store)).toBe(dieAfter <= WRITE_STEPS.indexOf('synced') + 1 ? 'Old' : 'New');
      expect(await store.save(wall('Next'), store.state.revision)).toMatchObject({ kind: 'saved' });
    },
  );
});
