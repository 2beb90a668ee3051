import { lstat } from 'node:fs/promises';
import { codeOf } from './file-problem.ts';

/** Of a folder or socket that is for its owner alone, no bit of these is set. */
const OTHERS = 0o077;

/** Why others could put something into the folder, as the rest of a sentence; `null` when they cannot. */
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

/** Without following a link: whose the link is counts. */
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
