import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../shared/config.ts';
import type { MigrationStep } from '../../shared/config-migrations.ts';
import { type AtomicWriteOptions, writeAtomically } from './atomic-write.ts';
import { parseConfig } from './config-file.ts';

/** How many good configurations are kept, the one in use among them. */
export const HISTORY_LENGTH = 20;

/** `2026-11-22T18-03-59.123Z-0f3a….json`: ISO time with `-` for `:`, and the beginning of the content's hash. */
const ENTRY = /^(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2}\.\d{3})Z-([0-9a-f]{12})\.json$/;

export interface PastConfig {
  readonly config: Config;
  /** When it came into use, epoch milliseconds. */
  readonly atMs: number;
}

interface Entry {
  readonly name: string;
  readonly atMs: number;
  readonly hash: string;
}

export function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** `2026-11-22T18-03-59.123Z`: a time as a part of a file's name, on every file system. */
export function timeInName(epochMs: number): string {
  return new Date(epochMs).toISOString().replaceAll(':', '-');
}

/** The good configurations of the past, each as its file was, in a folder of their own. */
export class ConfigHistory {
  readonly #folder: string;
  readonly #epochMs: () => number;
  readonly #write: Pick<AtomicWriteOptions, 'onStep'>;

  constructor(folder: string, epochMs: () => number, write: Pick<AtomicWriteOptions, 'onStep'>) {
    this.#folder = folder;
    this.#epochMs = epochMs;
    this.#write = write;
  }

  /**
   * Keeps a good configuration, unless it is the newest already, and lets go of the oldest.
   * @throws what the file system says
   */
  async keep(content: Uint8Array): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const entries = await this.#entries();
    const newest = entries[0];
    const hash = hashOf(content).slice(0, 12);
    if (newest?.hash === hash) return;
    // A clock that was set back must not make the newest entry look old.
    const atMs = Math.max(this.#epochMs(), (newest?.atMs ?? 0) + 1);
    await writeAtomically(path.join(this.#folder, `${timeInName(atMs)}-${hash}.json`), content, this.#write);
    for (const { name } of entries.slice(HISTORY_LENGTH - 1))
      await rm(path.join(this.#folder, name), { force: true });
  }

  /** The newest that can be used; never rejects. */
  async newest(steps: readonly MigrationStep[]): Promise<PastConfig | null> {
    const entries = await this.#entries();
    for (const { name, atMs } of entries) {
      const file = path.join(this.#folder, name);
      const content = await readFile(file, 'utf8').catch(() => null);
      const past = content === null ? null : parseConfig(content, file, steps);
      if (past?.kind === 'loaded') return { config: past.config, atMs };
    }
    return null;
  }

  /** Newest first. */
  async #entries(): Promise<Entry[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names
      .flatMap((name) => {
        const [, date, hours, minutes, seconds, hash] = ENTRY.exec(name) ?? [];
        if (hash === undefined) return [];
        return [{ name, atMs: Date.parse(`${date}T${hours}:${minutes}:${seconds}Z`), hash }];
      })
      .sort((a, b) => b.atMs - a.atMs);
  }
}
