import { chmod, chown, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readableSecretNotice, readTrusted, whyNotTrusted } from './file-trust.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-trust-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = (): string => path.join(folder, 'config.json');
const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;

describe.skipIf(process.platform === 'win32')('a file (not on Windows, which has no modes)', () => {
  it.each([0o600, 0o644, 0o640, 0o660, 0o664])('of this user with mode %o is read', async (mode) => {
    await writeFile(file(), 'mine');
    await chmod(file(), mode);
    expect((await readTrusted(file(), 100)).bytes.toString()).toBe('mine');
  });

  it.each([0o666, 0o602])('that everybody may write (mode %o) is refused, with the remedy', async (mode) => {
    await writeFile(file(), 'anybody’s');
    await chmod(file(), mode);
    await expect(readTrusted(file(), 100)).rejects.toThrow(
      `everybody may write it (mode ${mode.toString(8)}). Check what is in it; then run "chmod o-w ${file()}".`,
    );
  });

  it('behind a link is judged, and not the link', async () => {
    const target = path.join(folder, 'target.json');
    await writeFile(target, 'anybody’s');
    await chmod(target, 0o666);
    await symlink(target, file());
    await expect(readTrusted(file(), 100)).rejects.toThrow('everybody may write it');
  });

  it.runIf(isRoot)(
    'of another user is refused, also in a folder of this one (only root can make one)',
    async () => {
      await writeFile(file(), 'theirs', { mode: 0o600 });
      await chown(file(), NOBODY, NOBODY);
      await expect(readTrusted(file(), 100)).rejects.toThrow(
        `it belongs to another user (number ${NOBODY}). Check what is in it; ` +
          `then run "chown ${userInfo().username} ${file()}".`,
      );
    },
  );
});

describe('by owner and mode', () => {
  it.each([
    ['its own', { uid: 1000, mode: 0o100600 }],
    ['root’s', { uid: 0, mode: 0o100644 }],
    ['one that its group may write', { uid: 1000, mode: 0o100664 }],
  ])('is believed: %s', (_what, stats) => {
    expect(whyNotTrusted('/etc/wall.json', stats, 1000)).toBeNull();
  });

  it('the message says to become root where only root can correct it', () => {
    expect(whyNotTrusted('/etc/wall.json', { uid: 1001, mode: 0o600 }, 1000)).toContain('"sudo chown ');
    expect(whyNotTrusted('/etc/wall.json', { uid: 0, mode: 0o666 }, 1000)).toContain(
      '"sudo chmod o-w /etc/wall.json"',
    );
  });

  it('the command can be typed as it is, whatever the name of the file', () => {
    expect(whyNotTrusted("/home/ann/it's; rm x.json", { uid: 1000, mode: 0o666 }, 1000)).toContain(
      `"chmod o-w '/home/ann/it'\\''s; rm x.json'"`,
    );
  });

  it('where there are no numeric users, as on Windows, every file is believed', () => {
    expect(whyNotTrusted('C:\\wall.json', { uid: 0, mode: 0o666 }, null)).toBeNull();
  });
});

describe('a secret in a file', () => {
  it.each([0o644, 0o640, 0o604])('of mode %o is reported with the remedy: others may read it', (mode) => {
    expect(readableSecretNotice('/wall.json', { uid: 1000, mode }, 1000)).toBe(
      'The configuration /wall.json holds a password or token, and its mode ' +
        `(${mode.toString(8)}) lets other users read it. "chmod 600 /wall.json" makes it private.`,
    );
  });

  it('that belongs to root is reported with a remedy that leaves it readable to this user', () => {
    expect(readableSecretNotice('/wall.json', { uid: 0, mode: 0o644 }, 1000)).toMatch(
      /"sudo chown \S+ \/wall\.json && sudo chmod 600 \/wall\.json" makes it private/,
    );
  });

  it.each([
    ['nobody else may read it', { uid: 1000, mode: 0o600 }, 1000],
    ['it is root’s, and its group is how this user reads it', { uid: 0, mode: 0o640 }, 1000],
    ['the system is Windows, which has no modes', { uid: 0, mode: 0o666 }, null],
  ])('is not reported where %s', (_what, stats, user) => {
    expect(readableSecretNotice('/wall.json', stats, user)).toBeNull();
  });
});
