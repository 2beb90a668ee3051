import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, fileProblem } from './file-problem.ts';

/** Holdfast's own files in the user data folder; all others belong to the browser or to a user. */
const OWN = [
  'config-history',
  'journal',
  'running.json',
  'unexpected-errors.log',
  'unexpected-errors.log.old',
  'windows.json',
];
/** Depth of the deepest own file, `config-history/NAME/FILE`. */
const MAX_DEPTH = 3;
const OTHERS = 0o077;
/** Flags that open no link's target, and do not wait for the writer of a pipe. */
const OPEN = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Removes other users' permissions, which earlier releases left, from Holdfast's own files and folders. The
 * configuration's mode is the admin's. On Windows, which uses access lists instead, nothing is done. Never rejects;
 * failures are logged.
 */
export async function keepToUser(userDataFolder: string, log: (message: string) => void): Promise<void> {
  const user = process.geteuid?.();
  if (user === undefined) return;
  for (const name of OWN) await tighten(path.join(userDataFolder, name), user, MAX_DEPTH, log);
}

async function tighten(
  file: string,
  user: number,
  depth: number,
  log: (message: string) => void,
): Promise<void> {
  try {
    const handle = await open(file, OPEN);
    let kind: 'folder' | 'file';
    try {
      const stats = await handle.stat();
      if (stats.uid !== user || !(stats.isDirectory() || stats.isFile())) return;
      kind = stats.isDirectory() ? 'folder' : 'file';
      if ((stats.mode & OTHERS) !== 0) await handle.chmod(kind === 'folder' ? 0o700 : 0o600);
    } finally {
      await handle.close();
    }
    if (kind === 'file' || depth === 1) return;
    for (const name of await readdir(file)) await tighten(path.join(file, name), user, depth - 1, log);
  } catch (error) {
    const code = codeOf(error);
    // It does not exist, or it is a link.
    if (code === 'ENOENT' || code === 'ELOOP') return;
    log(`others may be able to read ${file}: ${fileProblem(error)}`);
  }
}
