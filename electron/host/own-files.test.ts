import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepToUser } from './own-files.ts';

let folder: string;
let logged: string[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-own-'));
  logged = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const inFolder = (...names: string[]): string => path.join(folder, ...names);
const keep = (): Promise<void> => keepToUser(folder, (message) => logged.push(message));

async function openFolder(file: string): Promise<void> {
  await mkdir(file);
  await chmod(file, 0o755);
}

async function openFile(file: string): Promise<void> {
  await writeFile(file, '');
  await chmod(file, 0o644);
}

async function modeOf(file: string): Promise<string> {
  return ((await stat(file)).mode & 0o777).toString(8);
}

describe.skipIf(process.platform === 'win32')(
  'permissions of other users (not on Windows, which has no modes)',
  () => {
    it('are removed from all own files that an earlier release left with them', async () => {
      const past = inFolder('config-history', 'wall-1a2b3c4d');
      await openFolder(inFolder('journal'));
      await openFolder(inFolder('config-history'));
      await openFolder(past);
      const files = [
        inFolder('running.json'),
        inFolder('windows.json'),
        inFolder('journal', 'journal-00000001.jsonl'),
        path.join(past, 'secrets.json'),
      ];
      for (const file of files) await openFile(file);
      await keep();
      expect(await Promise.all(files.map(modeOf))).toEqual(files.map(() => '600'));
      for (const own of [inFolder('journal'), inFolder('config-history'), past])
        expect(await modeOf(own)).toBe('700');
      expect(logged).toEqual([]);
    });

    it('stay on what is not Holdfast’s own: the folder itself, the configuration, targets of links', async () => {
      await chmod(folder, 0o755);
      await openFile(inFolder('config.json'));
      await openFolder(inFolder('journal'));
      await openFolder(inFolder('elsewhere'));
      await openFile(inFolder('elsewhere', 'shared.txt'));
      await symlink(inFolder('elsewhere'), inFolder('journal', 'link'));
      await symlink(inFolder('elsewhere', 'shared.txt'), inFolder('running.json'));
      await keep();
      const modes = await Promise.all(
        [folder, inFolder('config.json'), inFolder('elsewhere'), inFolder('elsewhere', 'shared.txt')].map(
          modeOf,
        ),
      );
      expect(modes).toEqual(['755', '644', '755', '644']);
      expect(logged).toEqual([]);
    });
  },
);
