import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type AtomicWriteOptions, writeAtomically } from './atomic-write.ts';
import { readTrusted } from './file-trust.ts';
import { timeInName, timeOfName } from './time-in-name.ts';

/**
 * Number of copies kept in a folder, the newest ones. Each is at most as large as the largest configuration that is
 * read.
 */
export const DAMAGED_KEPT = 5;

/** The part of the name between `….damaged-` and the extension: the time, and an id that no other copy has. */
const MARK = /^(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}\.\d{3}Z)-[0-9a-f]{12}$/;

interface Copy {
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** Copies of a configuration's file that was damaged, in one folder. They contain secrets if the file does. */
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

  /** The copy with this content; `null` if there is none. */
  async find(content: Uint8Array): Promise<string | null> {
    for (const { file } of (await this.copies()).slice(0, DAMAGED_KEPT)) {
      const copy = await readTrusted(file, content.length).catch(() => null);
      if (copy?.bytes.equals(content)) return file;
    }
    return null;
  }

  /**
   * Makes a copy, and removes the oldest.
   * @throws the file system's error
   */
  async keep(content: Uint8Array): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const [newest] = await this.copies();
    // If the clock was set back, the new copy must still be the newest.
    const time = timeInName(Math.max(this.epochMs(), (newest?.atMs ?? 0) + 1));
    const mark = `${time}-${randomBytes(6).toString('hex')}`;
    const file = path.join(this.folder, `${this.begin}${mark}${this.end}`);
    await writeAtomically(file, content, this.write);
    await this.removeOld();
    return file;
  }

  /** Removes the oldest copies. What cannot be removed is tried again the next time. */
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
