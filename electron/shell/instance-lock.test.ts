import { mkdtemp, readlink, rm, symlink } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLockedHere, removeHalfLock } from './instance-lock.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')(
  'a lock that is refused (not on Windows, where the lock works differently)',
  () => {
    it.each([
      ['names a process of this computer', `${hostname()}-${process.ppid}`, true],
      ['names this very process', `${hostname()}-${process.pid}`, false],
      ['names a process that has ended', `${hostname()}-4194305`, false],
      ['names another computer', `not-${hostname()}-${process.ppid}`, false],
      ['is none of Chromium’s', 'nonsense', false],
    ])('that %s', async (_words, target, expected) => {
      await symlink(target, path.join(folder, 'SingletonLock'));
      expect(isLockedHere(folder)).toBe(expected);
    });

    it('leaves nothing of this process behind, and does not touch another one’s', async () => {
      const lock = path.join(folder, 'SingletonLock');
      await symlink(`${hostname()}-${process.pid}`, lock);
      removeHalfLock(folder);
      await expect(readlink(lock)).rejects.toThrow('ENOENT');
      await symlink(`${hostname()}-${process.ppid}`, lock);
      removeHalfLock(folder);
      expect(await readlink(lock)).toBe(`${hostname()}-${process.ppid}`);
    });

    it('and that does not exist belongs to nobody', () => {
      expect(isLockedHere(folder)).toBe(false);
    });
  },
);

it('on Windows it is refused for another instance only', () => {
  expect(isLockedHere(folder, { platform: 'win32', computer: 'x', isRunning: () => false })).toBe(true);
});
