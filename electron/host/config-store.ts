import { createHmac, randomBytes } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../shared/clock.ts';
import { type Config, emptyConfig } from '../../shared/config/config.ts';
import { plainSecretOf } from '../../shared/config/config-draft.ts';
import { MIGRATIONS, type MigrationStep } from '../../shared/config/config-migrations.ts';
import {
  type AtomicWriteOptions,
  type Permissions,
  removeLeftovers,
  writeAtomically,
} from './atomic-write.ts';
import { parseConfigFile } from './config-file.ts';
import { ConfigHistory, type PastConfig } from './config-history.ts';
import { DamagedCopies } from './damaged-copies.ts';
import { FileDeadline, START_DEADLINE_MS } from './file-deadline.ts';
import { codeOf, fileProblem, UnfitFile } from './file-problem.ts';
import { DistrustedFile, type Ownership, readableSecretNotice, readTrusted } from './file-trust.ts';
import { systemClock } from './system-clock.ts';

/** The configuration in use, and its relation to the file. */
export interface StoredConfig {
  /** `nothing`: neither the file nor the history has a configuration yet. `config` is empty, and `notice` says why. */
  readonly found: 'configuration' | 'nothing';
  readonly config: Config;
  /** Identifies the file's content, whether it is usable or not. A draft names the revision that it was made from. */
  readonly revision: string;
  /** `read-only`: the file holds something that a save would destroy. */
  readonly access: 'writable' | 'read-only';
  /** A problem with the file, in words for the operator. */
  readonly notice: string | null;
}

export type SaveResult =
  | { readonly kind: 'saved'; readonly revision: string }
  /** The file has changed since the draft was made. */
  | { readonly kind: 'conflict' }
  /** `message` says why, in words. */
  | { readonly kind: 'refused'; readonly message: string };

export interface ConfigPlace {
  /** `given`: somebody else has to create its folder, which may be on a disk or share that is not always mounted. */
  readonly whose: 'own' | 'given';
  /** The configuration's file. */
  readonly file: string;
  /** The folder of the good configurations of the past. */
  readonly historyFolder: string;
}

export interface ConfigStoreOptions extends ConfigPlace {
  readonly log: (message: string) => void;
  readonly clock?: Clock;
  /** Milliseconds since 1970; the system's clock by default. */
  readonly epochMs?: () => number;
  /** The migrations to the newest version, by default the released ones. */
  readonly steps?: readonly MigrationStep[];
  /** Reads the file; {@link readTrusted} by default. */
  readonly read?: typeof readTrusted;
  /** Called after each step of each write. */
  readonly onWriteStep?: AtomicWriteOptions['onStep'];
}

export type OpenedConfig =
  | { readonly kind: 'opened'; readonly store: ConfigStore }
  /** The own file does not exist: nobody has created it yet. */
  | { readonly kind: 'absent' };

/** The revision of a file that does not exist. */
export const ABSENT = 'absent';
/** The revision of a file that another program may still be writing. */
const UNFINISHED = 'unfinished';

/** Size limit of a configuration, in bytes: one with thousands of cameras is smaller. */
const MAX_CONFIG_BYTES = 4_000_000;
/** Poll interval of the file where the system reports no changes. Milliseconds. */
const POLL_MS = 2000;
/** A changed file is read once it has not changed for this long, because editors write in steps. Milliseconds. */
const SETTLE_MS = 150;
/**
 * A file that ends too early counts as unfinished until it has not changed for this long: some tools write in place,
 * with pauses. Milliseconds.
 */
const CUT_OFF_QUIET_MS = 5000;

/**
 * Key of the hash by which this run tells contents apart. Every window sees the hash; because nobody knows the key,
 * nobody can test guessed passwords against it.
 */
const REVISION_KEY = randomBytes(32);

type Content =
  | {
      readonly kind: 'content';
      readonly bytes: Uint8Array;
      readonly revision: string;
      readonly ownership: Ownership;
    }
  | { readonly kind: 'absent'; readonly revision: typeof ABSENT }
  /** `problem` ends a sentence that begins with the file: "cannot be read: …". */
  | { readonly kind: 'unusable'; readonly revision: string; readonly problem: string };

/** The judgement of a file's content, before it is known what replaces it if it is unusable. */
type Verdict =
  | { readonly kind: 'good'; readonly state: StoredConfig }
  | {
      readonly kind: 'bad';
      readonly revision: string;
      readonly access: StoredConfig['access'];
      readonly message: string;
    }
  /** It may still be being written; once it is complete, it has another revision. */
  | {
      readonly kind: 'cut-off';
      readonly revision: typeof UNFINISHED;
      readonly access: 'read-only';
      readonly message: string;
    };

/**
 * Opens the configuration in a file. If the file is damaged, a copy is kept and the last good configuration is used. If
 * there is none either, the store waits until the file can be used. Never rejects.
 */
export async function openConfigStore(options: ConfigStoreOptions): Promise<OpenedConfig> {
  const files = await ConfigFiles.of(options);
  const content = await files.read(START_DEADLINE_MS);
  if (content.kind === 'absent' && options.whose === 'own') {
    await files.tidyPast();
    return { kind: 'absent' };
  }
  await files.removeLeftovers();
  const past = await files.lastGood();
  const verdict = await files.judge(content, { damaged: past === null ? 'left' : 'kept', cutOff: 'awaited' });
  if (verdict.kind === 'good' && verdict.state.access === 'writable') await files.keep(verdict.state.config);
  await files.tidyPast();
  if (verdict.kind === 'good') return { kind: 'opened', store: new ConfigStore(files, verdict.state) };
  const state = past === null ? nothingYet(verdict) : standIn(past, verdict);
  return { kind: 'opened', store: new ConfigStore(files, state) };
}

/** The store saves nothing over such a file. */
function nothingYet({ message, revision }: Exclude<Verdict, { kind: 'good' }>): StoredConfig {
  const notice = `${message}\nHoldfast keeps looking, and opens it as soon as it can be used.`;
  return { found: 'nothing', config: emptyConfig(), revision, access: 'read-only', notice };
}

function standIn(
  { config, atMs, withoutLogin }: PastConfig,
  { message, revision, access }: Exclude<Verdict, { kind: 'good' }>,
): StoredConfig {
  const lost =
    withoutLogin.length === 0 ? '' : ` It has no login for ${withoutLogin.join(', ')}: enter it again.`;
  const notice = `${message} In use is the last good one, of ${timeInWords(atMs)}.${lost}`;
  return { found: 'configuration', config, revision, access, notice };
}

function timeInWords(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('T', ' ').replace(/\..*/, ' UTC');
}

/**
 * Creates an empty configuration and opens it.
 * @throws an Error in words when it cannot be written; an existing file stays unchanged
 */
export async function createConfigStore(options: ConfigStoreOptions): Promise<ConfigStore> {
  const files = await ConfigFiles.of(options);
  const store = new ConfigStore(files, {
    found: 'configuration',
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

/** The configuration's file, its history, and the copies of damaged files. */
class ConfigFiles {
  readonly file: string;
  readonly log: (message: string) => void;
  readonly clock: Clock;
  readonly epochMs: () => number;
  readonly historyFolder: string;
  private readonly whose: ConfigPlace['whose'];
  private readonly history: ConfigHistory;
  private readonly steps: readonly MigrationStep[];
  private readonly readFile: typeof readTrusted;
  private readonly onStep: AtomicWriteOptions['onStep'];
  /** The folders for copies of damaged files, in order of preference. */
  private readonly damaged: readonly { readonly copies: DamagedCopies; readonly deadline: FileDeadline }[];
  /** The file may be on a share and its history on this machine: each can be used while the other one hangs. */
  private readonly fileDeadline: FileDeadline;
  private readonly historyDeadline: FileDeadline;
  private currentDevice: number | null = null;

  /** If the file is a link, the link stays and its target is replaced. */
  static async of(options: ConfigStoreOptions): Promise<ConfigFiles> {
    const clock = options.clock ?? systemClock;
    const deadline = new FileDeadline(clock);
    const file = await deadline
      .run(() => targetOf(options.file), START_DEADLINE_MS)
      .catch(() => path.resolve(options.file));
    const files = new ConfigFiles({ ...options, file }, clock, deadline);
    await files.recallDevice();
    return files;
  }

  private constructor(options: ConfigStoreOptions, clock: Clock, fileDeadline: FileDeadline) {
    this.file = options.file;
    this.log = options.log;
    this.clock = clock;
    this.fileDeadline = fileDeadline;
    this.historyDeadline = new FileDeadline(clock);
    this.epochMs = options.epochMs ?? Date.now;
    this.whose = options.whose;
    this.historyFolder = options.historyFolder;
    this.steps = options.steps ?? MIGRATIONS;
    this.readFile = options.read ?? readTrusted;
    this.onStep = options.onWriteStep;
    const write = { onStep: this.onStep };
    this.history = new ConfigHistory(options.historyFolder, this.epochMs, write);
    const copiesIn = (folder: string) => new DamagedCopies(folder, this.file, this.epochMs, write);
    this.damaged = [
      { copies: copiesIn(path.dirname(this.file)), deadline: this.fileDeadline },
      { copies: copiesIn(options.historyFolder), deadline: this.historyDeadline },
    ];
  }

  /** Whether the file's disk or share does not answer: then no work that waits for it may begin. */
  get hangs(): boolean {
    return this.fileDeadline.hangs;
  }

  /** The number of the disk or share that the file was on when it last existed; `null` if unknown. */
  get device(): number | null {
    return this.currentDevice;
  }

  /** @param withinMs time limit */
  async read(withinMs?: number): Promise<Content> {
    try {
      const { bytes, ownership, device } = await this.fileDeadline.run(
        () => this.readFile(this.file, MAX_CONFIG_BYTES),
        withinMs,
      );
      this.currentDevice = device;
      return { kind: 'content', bytes, revision: revisionOf(bytes), ownership };
    } catch (error) {
      const problem =
        codeOf(error) === 'ENOENT'
          ? await this.whyAway()
          : error instanceof DistrustedFile
            ? `is not taken: ${error.message}`
            : `cannot be read: ${fileProblem(error)}.`;
      if (problem === null) return { kind: 'absent', revision: ABSENT };
      return { kind: 'unusable', revision: problem, problem };
    }
  }

  /**
   * Why a missing file must not be created: its disk or share is missing too. A file written to the bare mount point
   * would be hidden once the share is mounted again. `null` if nothing speaks against it.
   */
  private async whyAway(): Promise<string | null> {
    if (this.whose === 'own') return null;
    try {
      const { dev } = await this.fileDeadline.run(() => stat(path.dirname(this.file)));
      if (this.currentDevice === null || this.currentDevice === dev) return null;
      return 'is not there, and its folder is on another disk than before: its share may not be mounted.';
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') return `cannot be read: ${fileProblem(error)}.`;
      return 'is not there, and neither is its folder: its disk or share may not be mounted.';
    }
  }

  private async recallDevice(): Promise<void> {
    if (this.whose === 'own') return;
    this.currentDevice = await this.historyDeadline
      .run(() => this.history.device(), START_DEADLINE_MS)
      .catch(() => null);
  }

  /** Tells two states of the file apart without reading it; includes its owner and mode. */
  async signature(): Promise<string> {
    return this.fileDeadline
      .run(() => stat(this.file))
      .then(
        ({ mtimeMs, size, ino, uid, mode }) => `${mtimeMs} ${size} ${ino} ${uid} ${mode}`,
        (error: unknown) => fileProblem(error),
      );
  }

  /** Ignores errors: such files do no harm. */
  async removeLeftovers(): Promise<void> {
    await this.fileDeadline.run(() => removeLeftovers(this.file, this.epochMs())).catch(() => {});
  }

  /**
   * Judges what was read.
   * @param how.damaged whether a copy of a damaged file is kept. Where nothing can replace it, it is not written over
   * @param how.cutOff whether a file that ends too early gets more time, or counts as damaged
   */
  async judge(
    content: Content,
    { damaged, cutOff }: { readonly damaged: 'kept' | 'left'; readonly cutOff: 'awaited' | 'damaged' },
  ): Promise<Verdict> {
    const { file } = this;
    const { revision } = content;
    if (content.kind === 'absent') {
      const message =
        damaged === 'left'
          ? `The configuration ${file} is not there.`
          : `The configuration ${file} is gone from the disk; saving writes it anew.`;
      return { kind: 'bad', revision, access: 'writable', message };
    }
    if (content.kind === 'unusable') {
      const message = `The configuration ${file} ${content.problem}`;
      return { kind: 'bad', revision, access: 'read-only', message };
    }
    const { bytes, ownership } = content;
    const parsed = parseConfigFile(bytes, file, this.steps);
    switch (parsed.kind) {
      case 'loaded': {
        const { config } = parsed;
        const notice = hasSecret(config) ? readableSecretNotice(file, ownership) : null;
        return {
          kind: 'good',
          state: { found: 'configuration', config, revision, access: 'writable', notice },
        };
      }
      case 'newer': {
        if (parsed.config === null) {
          const message = `${parsed.message} and cannot be used by this one; it is left as it is.`;
          return { kind: 'bad', revision, access: 'read-only', message };
        }
        const { config } = parsed;
        const readOnly = `${parsed.message}. It is opened read-only: what this release does not know is left out.`;
        const readable = hasSecret(config) ? readableSecretNotice(file, ownership) : null;
        const notice = readable === null ? readOnly : `${readOnly}\n${readable}`;
        return {
          kind: 'good',
          state: { found: 'configuration', config, revision, access: 'read-only', notice },
        };
      }
      case 'cut-off':
      case 'failed': {
        if (parsed.kind === 'cut-off' && cutOff === 'awaited') {
          const message = `${parsed.message} It may still be being written, and is read again.`;
          return { kind: 'cut-off', revision: UNFINISHED, access: 'read-only', message };
        }
        if (damaged === 'left')
          return { kind: 'bad', revision, access: 'read-only', message: parsed.message };
        const kept = await this.keepAside(bytes);
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

  /** Keeps it in the history. A full disk must not stop a good configuration from being used. */
  async keep(config: Config): Promise<void> {
    try {
      await this.historyDeadline.run(async () => {
        await this.history.keep(config);
        if (this.whose === 'given' && this.currentDevice !== null)
          await this.history.keepDevice(this.currentDevice);
      });
    } catch (error) {
      this.log(`no copy of the configuration could be kept in ${this.historyFolder}: ${fileProblem(error)}`);
    }
  }

  async lastGood(): Promise<PastConfig | null> {
    try {
      return await this.historyDeadline.run(() => this.history.newest(this.steps));
    } catch (error) {
      this.log(`the past configurations in ${this.historyFolder} cannot be read: ${fileProblem(error)}`);
      return null;
    }
  }

  /** Converts what earlier releases left to today's form. What fails is tried again at the next start. */
  async tidyPast(): Promise<void> {
    try {
      const removed = await this.historyDeadline.run(() => this.history.shedSecrets(this.steps));
      for (const name of removed)
        this.log(`${path.join(this.historyFolder, name)} was of no use any more and is removed`);
    } catch (error) {
      this.log(`past configurations in ${this.historyFolder} still hold passwords: ${fileProblem(error)}`);
    }
    for (const { copies, deadline } of this.damaged)
      await deadline.run(() => copies.removeOld()).catch(() => {});
  }

  /**
   * A file with a secret is for its owner alone; any other file keeps its permissions.
   * @throws the file system's error, and what `beforeReplacing` throws
   */
  async write(
    bytes: Uint8Array,
    secrecy: 'secret' | 'no-secret',
    beforeReplacing: () => Promise<void>,
  ): Promise<void> {
    await this.fileDeadline.run(async (signal) => {
      if (this.whose === 'own') await mkdir(path.dirname(this.file), { recursive: true });
      await writeAtomically(this.file, bytes, {
        beforeReplacing: async () => {
          await beforeReplacing();
          signal.throwIfAborted();
        },
        permissions: secrecy === 'secret' ? null : await this.permissions(),
        onStep: this.onStep,
      });
      this.currentDevice = (await stat(this.file)).dev;
    });
  }

  private async permissions(): Promise<Permissions | null> {
    return stat(this.file).then(
      ({ gid, mode }) => ({ gid, mode: mode & 0o777 }),
      () => null,
    );
  }

  /**
   * The copy is beside the file, or with the history if that folder cannot be written. The same content is kept once.
   */
  private async keepAside(bytes: Uint8Array): Promise<string | null> {
    for (const { copies, deadline } of this.damaged) {
      const known = await deadline.run(() => copies.find(bytes)).catch(() => null);
      if (known !== null) return known;
    }
    for (const { copies, deadline } of this.damaged) {
      try {
        return await deadline.run(() => copies.keep(bytes));
      } catch (error) {
        this.log(`no copy of the damaged configuration in ${copies.folder}: ${fileProblem(error)}`);
      }
    }
    return null;
  }
}

/** The file that a link leads to, or would lead to while its disk or share is missing. */
async function targetOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch {
    return path.resolve(path.dirname(file), await readlink(file));
  }
}

function revisionOf(content: Uint8Array): string {
  return createHmac('sha256', REVISION_KEY).update(content).digest('hex');
}

function hasSecret({ sites }: Config): boolean {
  return sites.some(({ credentials }) => plainSecretOf(credentials) !== null);
}

class Conflict extends Error {}

/**
 * One configuration file in use. It is saved as a whole or not at all, and never over a change made by another program.
 * It is watched: a usable change is taken over, any other change is reported.
 */
export class ConfigStore {
  private readonly files: ConfigFiles;
  private readonly listeners = new Set<() => void>();
  private readonly watcher: FSWatcher | null;
  private current: StoredConfig;
  /** What was saved last; `null` once another program has written the file since then. */
  private applied: { readonly device: number | null; readonly atMs: number } | null = null;
  /** A notice about that saved configuration, if another one has replaced it. */
  private displaced: string | null = null;
  /** Saves and checks of the file run one at a time. */
  private turn: Promise<unknown> = Promise.resolve();
  private signature: string | null = null;
  /** Read but not taken over yet: it may be half written. */
  private unsettled: { readonly revision: string; readonly sinceMs: number } | null = null;
  private endPoll = (): void => {};
  private endSettle = (): void => {};
  private disposed = false;

  /** Made by {@link openConfigStore} and {@link createConfigStore}. */
  constructor(files: ConfigFiles, state: StoredConfig) {
    this.files = files;
    this.current = state;
    this.watcher = this.watch();
    this.poll();
  }

  get path(): string {
    return this.files.file;
  }

  get state(): StoredConfig {
    return this.current;
  }

  /**
   * The listener is called after each change of {@link state}.
   * @returns the function that ends the subscription
   */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Writes a configuration, checked before, into the file. Never rejects.
   * @param basedOn the revision that the configuration was made from
   */
  save(config: Config, basedOn: string): Promise<SaveResult> {
    return this.inTurn(() => this.saveInTurn(config, basedOn));
  }

  dispose(): void {
    this.disposed = true;
    this.watcher?.close();
    this.endPoll();
    this.endSettle();
    this.listeners.clear();
  }

  private async saveInTurn(config: Config, basedOn: string): Promise<SaveResult> {
    if (this.current.access === 'read-only')
      return {
        kind: 'refused',
        message: this.current.notice ?? `The configuration ${this.path} is read-only.`,
      };
    const bytes = Buffer.from(`${JSON.stringify(config, null, 2)}\n`);
    try {
      if (basedOn !== this.current.revision) throw new Conflict();
      const found = await this.files.read();
      if (found.kind === 'unusable')
        return {
          kind: 'refused',
          message: `The configuration ${this.path} ${found.problem} It was not saved.`,
        };
      if (found.revision !== basedOn) throw new Conflict();
      if (bytes.length > MAX_CONFIG_BYTES)
        throw new UnfitFile(`it would have more than ${MAX_CONFIG_BYTES / 1_000_000} MB`);
      await this.files.write(bytes, hasSecret(config) ? 'secret' : 'no-secret', async () => {
        // The latest possible check: only what others write after it is lost.
        if ((await this.files.read()).revision !== basedOn) throw new Conflict();
      });
    } catch (error) {
      if (!(error instanceof Conflict))
        return {
          kind: 'refused',
          message: `The configuration ${this.path} was not saved: ${fileProblem(error)}.`,
        };
      this.lookSoon();
      return { kind: 'conflict' };
    }
    const revision = revisionOf(bytes);
    await this.files.keep(config);
    this.applied = { device: this.files.device, atMs: this.files.epochMs() };
    this.displaced = null;
    this.enter({ found: 'configuration', config, revision, access: 'writable', notice: null });
    return { kind: 'saved', revision };
  }

  /** Takes over what another program wrote. An unusable file changes only the notice. */
  private async look(): Promise<void> {
    if (this.disposed) return;
    this.signature = await this.files.signature();
    const content = await this.files.read();
    if (content.revision === this.current.revision) {
      this.unsettled = null;
      await this.lookAtMode(content);
      return;
    }
    const nowMs = this.files.clock.now();
    if (content.revision !== this.unsettled?.revision) {
      this.unsettled = { revision: content.revision, sinceMs: nowMs };
      this.lookSoon();
      return;
    }
    const quietMs = nowMs - this.unsettled.sinceMs;
    const cutOff = quietMs < CUT_OFF_QUIET_MS ? 'awaited' : 'damaged';
    const damaged = this.current.found === 'nothing' ? 'left' : 'kept';
    const verdict = await this.files.judge(content, { damaged, cutOff });
    if (verdict.kind === 'cut-off') {
      this.lookSoon(CUT_OFF_QUIET_MS - quietMs);
      return;
    }
    this.unsettled = null;
    if (verdict.kind === 'good') {
      if (verdict.state.access === 'writable') await this.files.keep(verdict.state.config);
      this.files.log(`the configuration ${this.path} was changed on the disk and is taken over`);
      if (this.applied !== null && this.applied.device !== this.files.device)
        this.displaced =
          `What was applied here at ${timeInWords(this.applied.atMs)} is not in it: another disk or share has come in ` +
          `the place of its folder since. It is kept in ${this.files.historyFolder}.`;
      this.applied = null;
      this.enter(this.withDisplaced(verdict.state));
      return;
    }
    if (this.current.found === 'nothing') {
      this.enter(nothingYet(verdict));
      return;
    }
    const { revision, access, message } = verdict;
    const notice = `${message} In use is the configuration that was there before.`;
    this.enter({ found: 'configuration', config: this.current.config, revision, access, notice });
  }

  private withDisplaced(state: StoredConfig): StoredConfig {
    if (this.displaced === null) return state;
    const words = `The configuration ${this.path} was changed on the disk. ${this.displaced}`;
    return { ...state, notice: state.notice === null ? words : `${words}\n${state.notice}` };
  }

  /** The content is the same, but the set of users who can read it may have changed. */
  private async lookAtMode(content: Content): Promise<void> {
    const verdict = await this.files.judge(content, { damaged: 'left', cutOff: 'awaited' });
    if (verdict.kind !== 'good') return;
    const state = this.withDisplaced(verdict.state);
    if (state.notice !== this.current.notice) this.enter(state);
  }

  private enter(state: StoredConfig): void {
    if (this.disposed) return;
    this.current = state;
    for (const listener of [...this.listeners]) listener();
  }

  private watch(): FSWatcher | null {
    // A call on a hanging file would block the whole process. Polling goes on.
    if (this.files.hangs) return null;
    const name = path.basename(this.path);
    try {
      const watcher = watch(path.dirname(this.path), { persistent: false }, (_event, changed) => {
        if (changed === null || changed === name) this.lookSoon();
      });
      // Polling goes on.
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return null;
    }
  }

  /** Network drives do not report what other machines write. */
  private poll(): void {
    this.endPoll = this.files.clock.after(POLL_MS, () => {
      void this.files.signature().then((signature) => {
        if (signature !== this.signature) this.lookSoon();
        this.signature = signature;
        if (!this.disposed) this.poll();
      });
    });
  }

  private lookSoon(afterMs = SETTLE_MS): void {
    if (this.disposed) return;
    this.endSettle();
    this.endSettle = this.files.clock.after(afterMs, () => {
      void this.inTurn(() => this.look());
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch((error: unknown) => this.files.log(`the configuration: ${fileProblem(error)}`));
    return result;
  }
}
