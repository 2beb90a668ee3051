import { lstat } from 'node:fs/promises';
import { codeOf } from './file-problem.ts';

/** Permission bits of other users: none is set on a folder or socket that is private to its owner. */
const OTHERS = 0o077;

/** Why others could put something into the folder, as the end of a sentence; `null` when they cannot. */
export async function objectionTo(folder: string): Promise<string | null> {
  try {
    const { uid, mode, isFolder } = await lookAt(folder);
    if (!isFolder) return 'is no folder';
    if (uid !== process.getuid?.()) return `belongs to another user (${uid})`;
    return (mode & OTHERS) === 0 ? null : 'is open to other users';
  } catch (error) {
    return `cannot be used (${codeOf(error)})`;
  }
}

/** Does not follow a link: the owner of the link counts. */
export async function lookAt(
  file: string,
): Promise<{ uid: number; mode: number; isFolder: boolean; isSocket: boolean }> {
  const status = await lstat(file);
  return {
    uid: status.uid,
    mode: status.mode,
    isFolder: status.isDirectory(),
    isSocket: status.isSocket(),
  };
}
