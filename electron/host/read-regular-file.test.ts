import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRegularFile } from './read-regular-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-read-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const MOST_BYTES = 1_000_000;
const read = (name: string): Promise<Buffer> => readRegularFile(path.join(folder, name), MOST_BYTES);

describe('a file', () => {
  it('is read as a whole', async () => {
    await writeFile(path.join(folder, 'full'), 'x'.repeat(MOST_BYTES));
    await writeFile(path.join(folder, 'empty'), '');
    expect((await read('full')).length).toBe(MOST_BYTES);
    expect((await read('empty')).length).toBe(0);
  });

  it('that is too large is refused', async () => {
    await writeFile(path.join(folder, 'large'), 'x'.repeat(MOST_BYTES + 1));
    await expect(read('large')).rejects.toThrow('it has more than 1 MB');
  });

  it('that does not exist fails with the error of the file system', async () => {
    await expect(read('none')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

it('a folder is refused', async () => {
  await expect(read('.')).rejects.toThrow(/folder|EISDIR|EPERM/);
});

describe.runIf(process.platform === 'linux')('a file that never ends is refused immediately', () => {
  it('where it is a pipe without a writer', async () => {
    await promisify(execFile)('mkfifo', [path.join(folder, 'pipe')]);
    await expect(read('pipe')).rejects.toThrow('it is no regular file');
  });

  it('where it is a link to a device', async () => {
    await symlink('/dev/zero', path.join(folder, 'zero'));
    await expect(read('zero')).rejects.toThrow('it is no regular file');
  });
});
