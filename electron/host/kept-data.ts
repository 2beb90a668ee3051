import { createHash, randomBytes } from 'node:crypto';
import { access, constants, copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import type { Clock } from '../../shared/clock.ts';
import { FileDeadline, START_DEADLINE_MS } from './file-deadline.ts';
import { fileProblem } from './file-problem.ts';
import { objectionTo } from './private-folder.ts';
import { systemClock } from './system-clock.ts';

/** The folders in which a run keeps its data. */
export interface KeptData {
  /** The user data folder, or a temporary one, which is deleted when the computer restarts. */
  readonly folder: string;
  /** The folder of the own configuration and of all histories, also if it is read-only. */
  readonly configFolder: string;
  /** A problem with the folders, in words for the operator. */
  readonly notice: string | null;
}

/** The file system's part that is used; the machine's own by default. */
export interface Machine {
  /** Folders in which everybody may make a folder, in order of preference. */
  readonly temporaryFolders: readonly string[];
  /**
   * Makes the folder if it is missing, and tries to write into it.
   * @throws the file system's error
   */
  readonly tryToWrite: (folder: string) => Promise<void>;
  readonly clock: Clock;
}

/** The file with the places of the windows. */
const WINDOWS_FILE = 'windows.json';

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  const { XDG_RUNTIME_DIR: runtimeFolder } = process.env;
  return {
    temporaryFolders: [
      tmpdir(),
      ...(runtimeFolder !== undefined && path.isAbsolute(runtimeFolder) ? [runtimeFolder] : []),
    ],
    tryToWrite,
    clock: systemClock,
  };
}

/**
 * Finds a folder to write into: the user data folder, or if that cannot be written, a temporary one. The temporary one
 * is the same at each start until the computer restarts. Never rejects. If nothing can be written at all, the user data
 * folder is used.
 * @param userData absolute
 */
export async function placeForData(userData: string, machine = thisMachine()): Promise<KeptData> {
  const deadline = new FileDeadline(machine.clock);
  const problem = await whyNotWritten(userData, machine, deadline);
  if (problem === null) return { folder: userData, configFolder: userData, notice: null };
  const nothingKept = `Nothing is kept (journal, alarms, settings): the folder ${userData} cannot be written: ${problem}`;
  const folder = await temporaryFor(userData, machine);
  if (folder === null)
    return {
      folder: userData,
      configFolder: userData,
      notice: `${nothingKept}, and there is no other one.`,
    };
  const isConfigThere = await deadline
    .run(() => anyThere(userData, ['config.json', 'config-history']), START_DEADLINE_MS)
    .catch(() => false);
  const copyOf = (name: string) =>
    copyFile(path.join(userData, name), path.join(folder, name), constants.COPYFILE_EXCL);
  await deadline.run(() => copyOf(WINDOWS_FILE), START_DEADLINE_MS).catch(() => {});
  return {
    folder,
    configFolder: isConfigThere ? userData : folder,
    notice: `${nothingKept}. What is written goes to ${folder}, until this computer is started again.`,
  };
}

async function temporaryFor(userData: string, machine: Machine): Promise<string | null> {
  const digest = createHash('sha256').update(userData).digest('hex').slice(0, 8);
  for (const base of machine.temporaryFolders) {
    const own = path.join(base, `holdfast-${process.getuid?.() ?? userInfo().username}`);
    await mkdir(own, { mode: 0o700 }).catch(() => {});
    // Windows has a folder for temporary files for each user.
    if (process.platform !== 'win32' && (await objectionTo(own)) !== null) continue;
    const folder = path.join(own, digest);
    const deadline = new FileDeadline(machine.clock);
    if ((await whyNotWritten(folder, machine, deadline)) === null) return folder;
  }
  return null;
}

/** Why the folder cannot be written, in words that continue a sentence; `null` where it can. */
async function whyNotWritten(
  folder: string,
  { tryToWrite }: Machine,
  deadline: FileDeadline,
): Promise<string | null> {
  try {
    await deadline.run(() => tryToWrite(folder), START_DEADLINE_MS);
    return null;
  } catch (error) {
    return fileProblem(error);
  }
}

/**
 * Makes the same kind of file as a single instance's lock: a link, and on Windows a file. It is empty, so it can be
 * made on a full disk.
 */
async function tryToWrite(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const trial = path.join(folder, `.trial-${randomBytes(6).toString('hex')}`);
  if (process.platform === 'win32') await writeFile(trial, '', { flag: 'wx' });
  else await symlink('nowhere', trial);
  await rm(trial, { force: true });
}

async function anyThere(folder: string, names: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    names.map((name) =>
      access(path.join(folder, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
