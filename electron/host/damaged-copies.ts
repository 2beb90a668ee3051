import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type AtomicWriteOptions, writeAtomically } from './atomic-write.ts';
import { readTrusted } from './file-trust.ts';
import { timeInName, timeOfName } from './time-in-name.ts';

/** How many copies are kept in a folder, the newest ones. None is larger than the largest configuration that is read. */
export const DAMAGED_KEPT = 5;

/** What stands between `….damaged-` and the file's extension: the time, and something that no other copy has. */
const MARK = /^(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}\.\d{3}Z)-[0-9a-f]{12}$/;

interface Copy {
  readonly file: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** The copies of a configuration's file as it was when it was damaged, in one folder. They hold secrets, as it does. */
export class DamagedCopies {
  readonly folder: string;
  private readonly begin: string;
  private readonly end: string;
  private readonly epochMs: () => number;
  private readonly write: Pick<AtomicWriteOptions, 'onStep'>;

  /** @param original the file that is copied */
  constructor(
    folder: string,
    original: string,
    epochMs: () => number,
    write: Pick<AtomicWriteOptions, 'onStep'>,
  ) {
    const { name, ext } = path.parse(original);
    this.folder = folder;
    this.begin = `${name}.damaged-`;
    this.end = ext;
    this.epochMs = epochMs;
    this.write = write;
  }

  /** The copy that has this content; `null` where there is none. */
  async find(content: Uint8Array): Promise<string | null> {
    for (const { file } of (await this.copies()).slice(0, DAMAGED_KEPT)) {
      const copy = await readTrusted(file, content.length).catch(() => null);
      if (copy?.bytes.equals(content)) return file;
    }
    return null;
  }

  /**
   * Makes a copy, and lets go of the oldest.
   * @throws what the file system says
   */
  async keep(content: Uint8Array): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const [newest] = await this.copies();
    // A clock that was set back must not make the newest copy look old.
    const time = timeInName(Math.max(this.epochMs(), (newest?.atMs ?? 0) + 1));
    const mark = `${time}-${randomBytes(6).toString('hex')}`;
    const file = path.join(this.folder, `${this.begin}${mark}${this.end}`);
    await writeAtomically(file, content, this.write);
    await this.removeOld();
    return file;
  }

  /** Lets go of the oldest. What cannot be removed is tried again the next time. */
  async removeOld(): Promise<void> {
    for (const { file } of (await this.copies()).slice(DAMAGED_KEPT))
      await rm(file, { force: true }).catch(() => {});
  }

  /** Newest first. */
  private async copies(): Promise<Copy[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names
      .flatMap((name): Copy[] => {
        if (!name.startsWith(this.begin) || !name.endsWith(this.end)) return [];
        const [, time] = MARK.exec(name.slice(this.begin.length, name.length - this.end.length)) ?? [];
        return time === undefined ? [] : [{ file: path.join(this.folder, name), atMs: timeOfName(time) }];
      })
      .sort((a, b) => b.atMs - a.atMs);
  }
}
