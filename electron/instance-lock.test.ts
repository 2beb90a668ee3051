import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLockedHere } from './instance-lock.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')(
  'a lock that is refused (not on Windows, which has another one)',
  () => {
    it.each([
      ['names a process of this computer', `${hostname()}-${process.pid}`, true],
      ['names a process that has ended', `${hostname()}-4194305`, false],
      ['names another computer', `not-${hostname()}-${process.pid}`, false],
      ['is none of Chromium’s', 'nonsense', false],
    ])('that %s', async (_words, target, expected) => {
      await symlink(target, path.join(folder, 'SingletonLock'));
      expect(isLockedHere(folder)).toBe(expected);
    });

    it('and that is not there is nobody’s', () => {
      expect(isLockedHere(folder)).toBe(false);
    });
  },
);

it('on Windows it is refused for another instance only', () => {
  expect(isLockedHere(folder, { platform: 'win32', computer: 'x', isRunning: () => false })).toBe(true);
});
