import type { Stats } from 'node:fs';
import { userInfo } from 'node:os';
import { UnfitFile } from './file-problem.ts';
import { readRegularFile } from './read-regular-file.ts';

/** Permission bit by which everybody may write. A group that may write is the owner's choice. */
const EVERYBODY_WRITES = 0o002;
const GROUP_READS = 0o040;
const EVERYBODY_READS = 0o004;
const ROOT = 0;

/** A file that somebody else may have written. The message continues a sentence: "… is not taken: it belongs to …". */
export class DistrustedFile extends UnfitFile {}

/** The owner of a file, and its permissions. */
export type Ownership = Pick<Stats, 'uid' | 'mode'>;

export interface TrustedFile {
  readonly bytes: Buffer;
  readonly ownership: Ownership;
  /** The number of the disk or share that it is on. */
  readonly device: number;
}

/**
 * Reads a file that only this user, root, and users whom they allow to write can have written. A link is followed: the
 * checks apply to the file that is read, even in a folder where everybody may replace it.
 * @throws DistrustedFile; what {@link readRegularFile} throws
 */
export async function readTrusted(file: string, mostBytes: number): Promise<TrustedFile> {
  let ownership: Ownership = { uid: ROOT, mode: 0 };
  let device = 0;
  const bytes = await readRegularFile(file, mostBytes, (stats) => {
    const problem = whyNotTrusted(file, stats);
    if (problem !== null) throw new DistrustedFile(problem);
    ownership = stats;
    device = stats.dev;
  });
  return { bytes, ownership, device };
}

/**
 * Why a file is not trusted, and the command that corrects this.
 * @param user the number of the user who asks; `null` on Windows, whose access lists Node cannot read: every file is
 * trusted there
 */
export function whyNotTrusted(
  file: string,
  { uid, mode }: Ownership,
  user: number | null = process.geteuid?.() ?? null,
): string | null {
  if (user === null) return null;
  if (uid !== user && uid !== ROOT) {
    const cure = `${user === ROOT ? '' : 'sudo '}chown ${nameOf(user)} ${shellWord(file)}`;
    return `it belongs to another user (number ${uid}). Check what is in it; then run "${cure}".`;
  }
  if ((mode & EVERYBODY_WRITES) === 0) return null;
  const cure = `${uid === user || user === ROOT ? '' : 'sudo '}chmod o-w ${shellWord(file)}`;
  return `everybody may write it (mode ${octal(mode)}). Check what is in it; then run "${cure}".`;
}

/**
 * A notice about a file that holds a secret and that others may read; `null` if they may not, and on Windows. If root
 * owns the file, this user reads it by its group, which therefore keeps the right.
 */
export function readableSecretNotice(
  file: string,
  { uid, mode }: Ownership,
  user: number | null = process.geteuid?.() ?? null,
): string | null {
  if (user === null) return null;
  const isOwn = uid === user;
  if ((mode & (isOwn ? GROUP_READS | EVERYBODY_READS : EVERYBODY_READS)) === 0) return null;
  const path = shellWord(file);
  const cure = isOwn ? `chmod 600 ${path}` : `sudo chown ${nameOf(user)} ${path} && sudo chmod 600 ${path}`;
  return (
    `The configuration ${file} holds a password or token, and its mode (${octal(mode)}) lets other users read it. ` +
    `"${cure}" makes it private.`
  );
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(3, '0');
}

function nameOf(user: number): string {
  try {
    return userInfo().username || String(user);
  } catch {
    // A container's user may have a number and no name.
    return String(user);
  }
}

/** Left unquoted where a shell takes it as it is. */
function shellWord(file: string): string {
  return /^[\w./+@%:,-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
}
