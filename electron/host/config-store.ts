import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Config, emptyConfig } from '../../shared/config.ts';
import { MIGRATIONS, type MigrationStep } from '../../shared/config-migrations.ts';
import { type AtomicWriteOptions, removeLeftovers, writeAtomically } from './atomic-write.ts';
import { type Clock, systemClock } from './clock.ts';
import { parseConfig } from './config-file.ts';
import { ConfigHistory, hashOf, timeInName } from './config-history.ts';
import { codeOf, fileProblem } from './file-problem.ts';
import { readRegularFile } from './read-regular-file.ts';

/** The configuration in use, and how it stands with its file. */
export interface StoredConfig {
  readonly config: Config;
  /** Of the file's content, good or not: what a draft is based on. */
  readonly revision: string;
  /** `read-only`: the file holds something that saving would lose. */
  readonly access: 'writable' | 'read-only';
  /** What the operator has to know about the file, in words. */
  readonly notice: string | null;
}

export type SaveResult =
  | { readonly kind: 'saved'; readonly revision: string }
  /** The file is not what the draft was based on. */
  | { readonly kind: 'conflict' }
  /** `message` says in words why not. */
  | { readonly kind: 'refused'; readonly message: string };

export interface ConfigPlace {
  /** The configuration's file. */
  readonly file: string;
  /** The folder of the good configurations of the past. */
  readonly historyFolder: string;
}

export interface ConfigStoreOptions extends ConfigPlace {
  readonly log: (message: string) => void;
  readonly clock?: Clock;
  /** Epoch milliseconds; the system's by default. */
  readonly epochMs?: () => number;
  /** The migrations to the newest version, by default the released ones. */
  readonly steps?: readonly MigrationStep[];
  /** Told after each step of each write. */
  readonly onWriteStep?: AtomicWriteOptions['onStep'];
}

export type OpenedConfig =
  | { readonly kind: 'opened'; readonly store: ConfigStore }
  | { readonly kind: 'absent' }
  /** Neither the file nor the past holds a configuration that can be used. */
  | { readonly kind: 'failed'; readonly message: string };

/** The revision of a file that is not there. */
export const ABSENT = 'absent';

/** Largest configuration, in bytes: one of thousands of cameras has less. */
const MAX_CONFIG_BYTES = 4_000_000;
/** How often the file is looked at where the system does not tell of changes. Milliseconds. */
const POLL_MS = 2000;
/** A changed file is read when it has not changed for this long: editors write in steps. Milliseconds. */
const SETTLE_MS = 150;

type Content =
  | { readonly kind: 'content'; readonly bytes: Uint8Array; readonly revision: string }
  | { readonly kind: 'absent'; readonly revision: typeof ABSENT }
  | { readonly kind: 'unreadable'; readonly revision: string; readonly problem: string };

/** What a file's content comes to, before it is known what stands in for it where it is no good. */
type Verdict =
  | { readonly kind: 'good'; readonly state: StoredConfig; readonly bytes: Uint8Array }
  | {
      readonly kind: 'bad';
      readonly revision: string;
      readonly access: StoredConfig['access'];
      readonly message: string;
    };

/**
 * Opens the configuration in a file. A file that is damaged is kept aside, and the last good one is used.
 * Never rejects.
 */
export async function openConfigStore(options: ConfigStoreOptions): Promise<OpenedConfig> {
  // A link stays one: what it leads to is replaced.
  const file = await realpath(options.file).catch(() => path.resolve(options.file));
  const files = new ConfigFiles({ ...options, file });
  const content = await files.read();
  if (content.kind === 'absent') return { kind: 'absent' };
  await removeLeftovers(file, files.epochMs());
  const past = await files.lastGood();
  const verdict = await files.judge(content, past === null ? 'left' : 'kept');
  if (verdict.kind === 'good') {
    if (verdict.state.access === 'writable') await files.keep(verdict.bytes);
    return { kind: 'opened', store: new ConfigStore(files, verdict.state) };
  }
  if (past === null) return { kind: 'failed', message: verdict.message };
  const since = new Date(past.atMs).toISOString().replace('T', ' ').replace(/\..*/, ' UTC');
  return {
    kind: 'opened',
    store: new ConfigStore(files, {
      config: past.config,
      revision: verdict.revision,
      access: verdict.access,
      notice: `${verdict.message} In use is the last good one, of ${since}.`,
    }),
  };
}

/**
 * Makes an empty configuration and opens it.
 * @throws in words when it cannot be written; a file that is there already is left alone
 */
export async function createConfigStore(options: ConfigStoreOptions): Promise<ConfigStore> {
  const files = new ConfigFiles(options);
  const store = new ConfigStore(files, {
    config: emptyConfig(),
    revision: ABSENT,
    access: 'writable',
    notice: null,
  });
  const saved = await store.save(emptyConfig(), ABSENT);
  if (saved.kind === 'saved') return store;
  store.dispose();
  throw new Error(
    saved.kind === 'refused' ? saved.message : `The configuration ${options.file} is there already.`,
  );
}

/** The configuration's file, its past, and the damaged ones that were kept aside. */
class ConfigFiles {
  readonly file: string;
  readonly log: (message: string) => void;
  readonly clock: Clock;
  readonly epochMs: () => number;
  readonly #historyFolder: string;
  readonly #history: ConfigHistory;
  readonly #steps: readonly MigrationStep[];
  readonly #onStep: AtomicWriteOptions['onStep'];

  constructor(options: ConfigStoreOptions) {
    this.file = options.file;
    this.log = options.log;
    this.clock = options.clock ?? systemClock;
    this.epochMs = options.epochMs ?? Date.now;
    this.#historyFolder = options.historyFolder;
    this.#steps = options.steps ?? MIGRATIONS;
    this.#onStep = options.onWriteStep;
    this.#history = new ConfigHistory(options.historyFolder, this.epochMs, { onStep: this.#onStep });
  }

  async read(): Promise<Content> {
    try {
      const bytes = await readRegularFile(this.file, MAX_CONFIG_BYTES);
      return { kind: 'content', bytes, revision: hashOf(bytes) };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return { kind: 'absent', revision: ABSENT };
      return {
        kind: 'unreadable',
        revision: `unreadable (${fileProblem(error)})`,
        problem: fileProblem(error),
      };
    }
  }

  /** What tells two states of the file apart without reading it. */
  async signature(): Promise<string> {
    return stat(this.file).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
      (error: unknown) => String(codeOf(error)),
    );
  }

  /**
   * Judges what was read.
   * @param damaged whether a copy of a damaged file is kept; where nothing can stand in for it, it is not written over
   */
  async judge(content: Content, damaged: 'kept' | 'left'): Promise<Verdict> {
    const { file } = this;
    const { revision } = content;
    if (content.kind === 'absent') {
      const message = `The configuration ${file} is gone from the disk; saving writes it anew.`;
      return { kind: 'bad', revision, access: 'writable', message };
    }
    if (content.kind === 'unreadable') {
      const message = `The configuration ${file} cannot be read: ${content.problem}.`;
      return { kind: 'bad', revision, access: 'read-only', message };
    }
    const { bytes } = content;
    const parsed = parseConfig(new TextDecoder().decode(bytes), file, this.#steps);
    switch (parsed.kind) {
      case 'loaded': {
        const { config } = parsed;
        return { kind: 'good', state: { config, revision, access: 'writable', notice: null }, bytes };
      }
      case 'newer': {
        if (parsed.config === null) {
          const message = `${parsed.message} and cannot be used by this one; it is left as it is.`;
          return { kind: 'bad', revision, access: 'read-only', message };
        }
        const notice = `${parsed.message}. It is opened read-only: what this release does not know is left out.`;
        return {
          kind: 'good',
          state: { config: parsed.config, revision, access: 'read-only', notice },
          bytes,
        };
      }
      case 'failed': {
        if (damaged === 'left')
          return { kind: 'bad', revision, access: 'read-only', message: parsed.message };
        const kept = await this.#keepAside(bytes, revision);
        return kept === null
          ? {
              kind: 'bad',
              revision,
              access: 'read-only',
              message: `${parsed.message}\nNo copy of it could be made, so it is not written over.`,
            }
          : {
              kind: 'bad',
              revision,
              access: 'writable',
              message: `${parsed.message}\nA copy is kept as ${kept}.`,
            };
      }
    }
  }

  /** For the past; a full disk must not keep a good configuration from being used. */
  async keep(bytes: Uint8Array): Promise<void> {
    try {
      await this.#history.keep(bytes);
    } catch (error) {
      this.log(`no copy of the configuration could be kept in ${this.#historyFolder}: ${fileProblem(error)}`);
    }
  }

  lastGood(): ReturnType<ConfigHistory['newest']> {
    return this.#history.newest(this.#steps);
  }

  /** @throws what the file system and `beforeReplacing` say */
  async write(bytes: Uint8Array, beforeReplacing: () => Promise<void>): Promise<void> {
    await mkdir(path.dirname(this.file), { recursive: true });
    await writeAtomically(this.file, bytes, { beforeReplacing, onStep: this.#onStep });
  }

  /** Beside the file, or with its past where that folder takes nothing. The same content is kept once. */
  async #keepAside(bytes: Uint8Array, revision: string): Promise<string | null> {
    const { name, ext } = path.parse(this.file);
    const ending = `-${revision.slice(0, 12)}${ext}`;
    for (const folder of [path.dirname(this.file), this.#historyFolder]) {
      const names = await readdir(folder).catch(() => []);
      const known = names.find((other) => other.startsWith(`${name}.damaged-`) && other.endsWith(ending));
      if (known !== undefined) return path.join(folder, known);
    }
    for (const folder of [path.dirname(this.file), this.#historyFolder]) {
      const copy = path.join(folder, `${name}.damaged-${timeInName(this.epochMs())}${ending}`);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeAtomically(copy, bytes, { onStep: this.#onStep });
        return copy;
      } catch (error) {
        this.log(`no copy of the damaged configuration in ${folder}: ${fileProblem(error)}`);
      }
    }
    return null;
  }
}

class Conflict extends Error {}

/**
 * One configuration file in use: saved as a whole or not at all, never over a change that somebody else made to it,
 * and watched, so that such a change is taken over when it is good and told when it is not.
 */
export class ConfigStore {
  readonly #files: ConfigFiles;
  readonly #listeners = new Set<() => void>();
  readonly #watcher: FSWatcher | null;
  #state: StoredConfig;
  /** Saving and looking, one at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #signature: string | null = null;
  /** Read once and not taken over yet: it may be half written. */
  #unsettled: string | null = null;
  #endPoll = (): void => {};
  #endSettle = (): void => {};
  #disposed = false;

  /** Made by {@link openConfigStore} and {@link createConfigStore}. */
  constructor(files: ConfigFiles, state: StoredConfig) {
    this.#files = files;
    this.#state = state;
    this.#watcher = this.#watch();
    this.#poll();
  }

  get path(): string {
    return this.#files.file;
  }

  get state(): StoredConfig {
    return this.#state;
  }

  /** Told after each change of {@link state}. Returns the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Writes a configuration, checked before, into the file. Never rejects.
   * @param basedOn the revision that the configuration was made from
   */
  save(config: Config, basedOn: string): Promise<SaveResult> {
    return this.#inTurn(() => this.#save(config, basedOn));
  }

  dispose(): void {
    this.#disposed = true;
    this.#watcher?.close();
    this.#endPoll();
    this.#endSettle();
    this.#listeners.clear();
  }

  async #save(config: Config, basedOn: string): Promise<SaveResult> {
    if (this.#state.access === 'read-only')
      return {
        kind: 'refused',
        message: this.#state.notice ?? `The configuration ${this.path} is read-only.`,
      };
    const bytes = Buffer.from(`${JSON.stringify(config, null, 2)}\n`);
    try {
      if (basedOn !== this.#state.revision) throw new Conflict();
      await this.#files.write(bytes, async () => {
        // As late as can be: what others write after this look is lost, and only that.
        if ((await this.#files.read()).revision !== basedOn) throw new Conflict();
      });
    } catch (error) {
      if (!(error instanceof Conflict))
        return {
          kind: 'refused',
          message: `The configuration ${this.path} was not saved: ${fileProblem(error)}.`,
        };
      this.#lookSoon();
      return { kind: 'conflict' };
    }
    const revision = hashOf(bytes);
    await this.#files.keep(bytes);
    this.#enter({ config, revision, access: 'writable', notice: null });
    return { kind: 'saved', revision };
  }

  /** Takes over what somebody else wrote. What is no good changes nothing but the words. */
  async #look(): Promise<void> {
    if (this.#disposed) return;
    this.#signature = await this.#files.signature();
    const content = await this.#files.read();
    if (content.revision === this.#state.revision) {
      this.#unsettled = null;
      return;
    }
    if (content.revision !== this.#unsettled) {
      this.#unsettled = content.revision;
      this.#lookSoon();
      return;
    }
    this.#unsettled = null;
    const verdict = await this.#files.judge(content, 'kept');
    if (verdict.kind === 'good') {
      if (verdict.state.access === 'writable') await this.#files.keep(verdict.bytes);
      this.#files.log(`the configuration ${this.path} was changed on the disk and is taken over`);
      this.#enter(verdict.state);
      return;
    }
    const { revision, access, message } = verdict;
    const notice = `${message} In use is the configuration that was there before.`;
    this.#enter({ config: this.#state.config, revision, access, notice });
  }

  #enter(state: StoredConfig): void {
    if (this.#disposed) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }

  #watch(): FSWatcher | null {
    const name = path.basename(this.path);
    try {
      const watcher = watch(path.dirname(this.path), { persistent: false }, (_event, changed) => {
        if (changed === null || changed === name) this.#lookSoon();
      });
      // The polling goes on.
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return null;
    }
  }

  /** Network drives tell nothing of what other machines write. */
  #poll(): void {
    this.#endPoll = this.#files.clock.schedule(() => {
      void this.#files.signature().then((signature) => {
        if (signature !== this.#signature) this.#lookSoon();
        this.#signature = signature;
        if (!this.#disposed) this.#poll();
      });
    }, POLL_MS);
  }

  #lookSoon(): void {
    if (this.#disposed) return;
    this.#endSettle();
    this.#endSettle = this.#files.clock.schedule(() => {
      void this.#inTurn(() => this.#look());
    }, SETTLE_MS);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch((error: unknown) =>
      this.#files.log(`the configuration: ${fileProblem(error)}`),
    );
    return result;
  }
}
