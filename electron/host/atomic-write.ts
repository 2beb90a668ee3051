import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * The steps of a write, in order. If the process ends between any two of them, the file is wholly old or wholly new.
 */
export const WRITE_STEPS = ['created', 'written', 'synced', 'replaced', 'folder-synced'] as const;
export type WriteStep = (typeof WRITE_STEPS)[number];

export interface AtomicWriteOptions {
  /**
   * Called when the new content is on the disk, right before it replaces the file. If it rejects, nothing is replaced
   * and the write rejects with the same error.
   */
  readonly beforeReplacing?: (() => Promise<void>) | undefined;
  /** Who else may read or write the file: the number of a group, and permission bits. Nobody else by default. */
  readonly permissions?: Permissions | null | undefined;
  /** Called after each step. */
  readonly onStep?: ((step: WriteStep) => void) | undefined;
}

export interface Permissions {
  readonly gid: number;
  readonly mode: number;
}

/** Readable and writable by its owner only: a configuration may hold secrets. */
const OWNER_ONLY = 0o600;
/** A temporary file older than this belongs to no write that still runs, in milliseconds. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000;

/**
 * Replaces a file's content as a whole: written beside it, flushed, renamed over it, the folder flushed. The file
 * belongs to this user afterwards, and is readable by nobody else unless `permissions` says so. Our own: the packages for it
 * do not flush the folder, and have no step between the flushed copy and the rename, where the version before is kept.
 * @throws what the file system says; the file is then as it was
 */
export async function writeAtomically(
  file: string,
  content: Uint8Array | string,
  { beforeReplacing, permissions, onStep }: AtomicWriteOptions = {},
): Promise<void> {
  const temporary = path.join(
    path.dirname(file),
    `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  try {
    const handle = await open(temporary, 'wx', OWNER_ONLY);
    try {
      onStep?.('created');
      await handle.writeFile(content);
      onStep?.('written');
      if (permissions) await permit(handle, permissions);
      await handle.sync();
    } finally {
      await handle.close();
    }
    onStep?.('synced');
    await beforeReplacing?.();
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  onStep?.('replaced');
  await syncFolder(path.dirname(file));
  onStep?.('folder-synced');
}

/** Removes temporary files that killed writes of this file left behind. Ignores errors: such files do no harm. */
export async function removeLeftovers(file: string, epochMs: number): Promise<void> {
  const folder = path.dirname(file);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(`.${path.basename(file)}.`) || !name.endsWith('.tmp')) continue;
    const leftover = path.join(folder, name);
    const modifiedMs = await stat(leftover).then(
      ({ mtimeMs }) => mtimeMs,
      () => epochMs,
    );
    if (epochMs - modifiedMs > LEFTOVER_AGE_MS) await rm(leftover, { force: true }).catch(() => {});
  }
}

/** If this user cannot give the file to the group, the group gets no rights, and no other group gets them instead. */
async function permit(handle: FileHandle, { gid, mode }: Permissions): Promise<void> {
  const user = process.geteuid?.();
  // Windows uses access lists instead, which a file inherits from its folder.
  if (user === undefined) return;
  const isGiven = await handle.chown(user, gid).then(
    () => true,
    () => false,
  );
  await handle.chmod(isGiven ? mode : mode & ~0o070);
}

/** Makes a rename survive a power cut. Windows and some network file systems cannot do this and report an error. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(folder, 'r');
  } catch {
    return;
  }
  try {
    await handle.sync();
  } catch {
    // The content is flushed and in place; this file system offers no more than that.
  } finally {
    await handle.close();
  }
}
