import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { START_DEADLINE_MS } from './file-deadline.ts';
import { type Machine, placeForData, thisMachine } from './kept-data.ts';

let folder = '';
let userData = '';
let temporary = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-data-'));
  userData = path.join(folder, 'user');
  temporary = path.join(folder, 'temporary');
  await mkdir(temporary);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A machine whose file systems refuse writes into the user data folder with this error. */
function machine(code: string | null, more: Partial<Machine> = {}): Machine {
  const own = thisMachine();
  return {
    ...own,
    temporaryFolders: [temporary],
    tryToWrite: async (into) => {
      if (code !== null && into === userData) throw Object.assign(new Error(code), { code });
      await own.tryToWrite(into);
    },
    ...more,
  };
}

const ownFolder = `holdfast-${process.getuid?.()}`;

it('a missing user data folder is made, and nothing is left in it', async () => {
  const there = { folder: userData, configFolder: userData, notice: null };
  expect(await placeForData(userData, machine(null))).toEqual(there);
  expect(await placeForData(userData, machine(null))).toEqual(there);
  expect(await readdir(userData)).toEqual([]);
});

describe('where the user data folder cannot be written', () => {
  it.each([
    ['EROFS', 'the disk can only be read'],
    ['EACCES', 'this user may not'],
    ['ENOSPC', 'the disk is full'],
    ['EIO', 'its disk or share cannot be reached (EIO)'],
  ])(
    'for %s, a temporary one replaces it, the same each time, and the message says why',
    async (code, why) => {
      const kept = await placeForData(userData, machine(code));
      expect(path.dirname(path.dirname(kept.folder))).toBe(temporary);
      expect(kept).toEqual({
        folder: kept.folder,
        configFolder: kept.folder,
        notice:
          `Nothing is kept (journal, alarms, settings): the folder ${userData} cannot be written: ${why}. ` +
          `What is written goes to ${kept.folder}, until this computer is started again.`,
      });
      expect(await placeForData(userData, machine(code))).toEqual(kept);
    },
  );

  it('because it is a file, it stays one', async () => {
    await writeFile(userData, 'not a folder');
    const { folder: found, notice } = await placeForData(userData, machine(null));
    expect(found).not.toBe(userData);
    expect(notice).toContain('there is a file in the place of a folder');
    expect(await readFile(userData, 'utf8')).toBe('not a folder');
  });

  it('its configuration is opened where it is, and the windows are restored to their places', async () => {
    await mkdir(userData);
    await writeFile(path.join(userData, 'config.json'), '{}');
    await writeFile(path.join(userData, 'windows.json'), 'of before');
    const kept = await placeForData(userData, machine('EROFS'));
    expect(kept.configFolder).toBe(userData);
    expect(await readFile(path.join(kept.folder, 'windows.json'), 'utf8')).toBe('of before');
    await writeFile(path.join(kept.folder, 'windows.json'), 'since');
    await placeForData(userData, machine('EROFS'));
    expect(await readFile(path.join(kept.folder, 'windows.json'), 'utf8')).toBe('since');
  });

  it('because it does not answer, it is waited for only for a limited time', async () => {
    const clock = new VirtualClock();
    const hangs = machine(null, {
      clock,
      tryToWrite: async (into) => {
        if (into !== userData) return thisMachine().tryToWrite(into);
        queueMicrotask(() => clock.tick(START_DEADLINE_MS));
        return new Promise(() => {});
      },
    });
    expect((await placeForData(userData, hangs)).notice).toContain(
      'its disk or share has not answered for 4 s',
    );
  });

  it.skipIf(process.platform === 'win32')(
    'a temporary folder that others could have made is not used (not on Windows, where each user has his own)',
    async () => {
      const second = path.join(folder, 'second');
      await mkdir(second);
      const both = machine('EROFS', { temporaryFolders: [temporary, second] });
      await mkdir(path.join(temporary, ownFolder));
      await chmod(path.join(temporary, ownFolder), 0o777);
      expect((await placeForData(userData, both)).folder).toContain(second);
      await rm(path.join(temporary, ownFolder), { recursive: true });
      await symlink(second, path.join(temporary, ownFolder));
      expect((await placeForData(userData, both)).folder).toContain(second);
    },
  );

  it('and no other folder either, the start goes on with a message', async () => {
    expect(await placeForData(userData, machine('EROFS', { temporaryFolders: [] }))).toEqual({
      folder: userData,
      configFolder: userData,
      notice: `Nothing is kept (journal, alarms, settings): the folder ${userData} cannot be written: the disk can only be read, and there is no other one.`,
    });
  });
});
