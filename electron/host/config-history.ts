import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { CONFIG_VERSION, type Config } from '../../shared/config/config.ts';
import {
  applyDraft,
  type ConfigDraft,
  type DraftSite,
  draftOf,
  isKept,
  plainSecretOf,
  SECRET_KEY,
} from '../../shared/config/config-draft.ts';
import type { MigrationStep } from '../../shared/config/config-migrations.ts';
import { type AtomicWriteOptions, writeAtomically } from './atomic-write.ts';
import { parseConfig } from './config-file.ts';
import { readTrusted } from './file-trust.ts';
import { whyNotGivenFor } from './secret-issues.ts';
import { timeInName, timeOfName } from './time-in-name.ts';

/** How many good configurations are kept, the one in use among them. */
export const HISTORY_LENGTH = 20;

/** Largest entry that is read, in bytes: the largest configuration with every default written out, indented. */
const MAX_ENTRY_BYTES = 16_000_000;

/**
 * `2026-11-22T18-03-59.123Z-0f3a….no-secrets.json`: ISO time with `-` for `:`, and the beginning of the hash of the content, in
 * which no secret is. Earlier releases left secrets in, and `.no-secrets` out.
 */
const ENTRY = /^(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}\.\d{3}Z)-([0-9a-f]{12})(\.no-secrets)?\.json$/;

/** The number of the disk or share that the configuration's file was on last. */
const DEVICE_FILE = 'disk-of-file';
/** The longest number that the system has for one, in bytes. */
const MAX_DEVICE_BYTES = 20;

/** The sites of the newest good configuration whose logins have secrets, with them: a configuration without cameras and views. */
const SECRETS_FILE = 'secrets.json';

export interface PastConfig {
  readonly config: Config;
  /** When it came into use, epoch milliseconds. */
  readonly atMs: number;
  /** Names of the sites whose login is left out, because its secret is not kept. */
  readonly withoutLogin: readonly string[];
}

interface Entry {
  readonly name: string;
  readonly atMs: number;
  readonly hash: string;
  readonly secrets: 'left-out' | 'left-in';
}

/**
 * The good configurations of the past, in a folder of their own. Passwords and tokens are left out, save for those of the newest
 * one, which has to work when its file is damaged: they are in a file apart.
 */
export class ConfigHistory {
  private readonly folder: string;
  private readonly epochMs: () => number;
  private readonly write: Pick<AtomicWriteOptions, 'onStep'>;

  constructor(folder: string, epochMs: () => number, write: Pick<AtomicWriteOptions, 'onStep'>) {
    this.folder = folder;
    this.epochMs = epochMs;
    this.write = write;
  }

  /**
   * Keeps a good configuration, unless it is the newest already, and lets go of the oldest.
   * @throws what the file system says
   */
  async keep(config: Config): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const entries = await this.entries();
    const newest = entries[0];
    // First, because they go to no other server than they were given for: with an older entry they do no harm.
    await this.keepSecrets(config);
    const hash = hashOf(contentOf(config));
    if (newest?.secrets === 'left-out' && newest.hash === hash) return;
    // A clock that was set back must not make the newest entry look old.
    await this.keepEntry(config, Math.max(this.epochMs(), (newest?.atMs ?? 0) + 1));
    for (const { name } of entries.slice(HISTORY_LENGTH - 1)) await this.remove(name);
  }

  /** What {@link keepDevice} was given last; `null` where that is not known. */
  async device(): Promise<number | null> {
    const { bytes } = await readTrusted(path.join(this.folder, DEVICE_FILE), MAX_DEVICE_BYTES).catch(() => ({
      bytes: '',
    }));
    return bytes.length === 0 ? null : Number(bytes);
  }

  /**
   * Remembers which disk or share the configuration's file is on, by the system's number for it.
   * @throws what the file system says
   */
  async keepDevice(device: number): Promise<void> {
    if ((await this.device()) !== device) await this.writeFile(DEVICE_FILE, String(device));
  }

  /** The newest that can be used; never rejects. */
  async newest(steps: readonly MigrationStep[]): Promise<PastConfig | null> {
    for (const entry of await this.entries()) {
      const past = await this.read(entry, steps);
      if (past !== null) return past;
    }
    return null;
  }

  /**
   * Takes the secrets out of what earlier releases kept. An entry that is no good any more is removed, because nobody knows where
   * its secrets are. When the work is cut short, the next call goes on with it.
   * @returns the names of those that were removed
   * @throws what the file system says
   */
  async shedSecrets(steps: readonly MigrationStep[]): Promise<string[]> {
    const removed: string[] = [];
    let secretsOfNewest: 'kept' | 'not-kept' = 'not-kept';
    for (const { name, atMs, secrets } of await this.entries()) {
      if (secrets === 'left-out') {
        secretsOfNewest = 'kept';
        continue;
      }
      const text = await this.readFile(name).catch(() => null);
      if (text === null) continue;
      const parsed = parseConfig(text, name, steps);
      if (parsed.kind === 'loaded') {
        if (secretsOfNewest === 'not-kept') await this.keepSecrets(parsed.config);
        secretsOfNewest = 'kept';
        await this.keepEntry(parsed.config, atMs);
      } else removed.push(name);
      await this.remove(name);
    }
    return removed;
  }

  private async keepEntry(config: Config, atMs: number): Promise<void> {
    const content = contentOf(config);
    await this.writeFile(`${timeInName(atMs)}-${hashOf(content)}.no-secrets.json`, content);
  }

  private async keepSecrets({ sites }: Config): Promise<void> {
    const withSecrets = sites.filter(({ credentials }) => plainSecretOf(credentials) !== null);
    if (withSecrets.length === 0) {
      await this.remove(SECRETS_FILE);
      return;
    }
    const content = textOf({ version: CONFIG_VERSION, sites: withSecrets, cameras: [], views: [] });
    const before = await this.readFile(SECRETS_FILE).catch(() => null);
    if (before !== content) await this.writeFile(SECRETS_FILE, content);
  }

  private async read(entry: Entry, steps: readonly MigrationStep[]): Promise<PastConfig | null> {
    try {
      const text = await this.readFile(entry.name);
      const filled =
        entry.secrets === 'left-in'
          ? { text, withoutLogin: [] }
          : withSecretsOf(JSON.parse(text), await this.secrets(steps));
      const parsed = parseConfig(filled.text, entry.name, steps);
      if (parsed.kind !== 'loaded') return null;
      return { config: parsed.config, atMs: entry.atMs, withoutLogin: filled.withoutLogin };
    } catch {
      return null;
    }
  }

  private async secrets(steps: readonly MigrationStep[]): Promise<Pick<Config, 'sites'>> {
    const text = await this.readFile(SECRETS_FILE).catch(() => '');
    const parsed = parseConfig(text, SECRETS_FILE, steps);
    return parsed.kind === 'loaded' ? parsed.config : { sites: [] };
  }

  private async readFile(name: string): Promise<string> {
    const { bytes } = await readTrusted(path.join(this.folder, name), MAX_ENTRY_BYTES);
    return bytes.toString();
  }

  private writeFile(name: string, content: string): Promise<void> {
    return writeAtomically(path.join(this.folder, name), content, this.write);
  }

  private remove(name: string): Promise<void> {
    return rm(path.join(this.folder, name), { force: true });
  }

  /** Newest first. */
  private async entries(): Promise<Entry[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names
      .flatMap((name): Entry[] => {
        const [, time, hash, mark] = ENTRY.exec(name) ?? [];
        if (time === undefined || hash === undefined) return [];
        return [{ name, atMs: timeOfName(time), hash, secrets: mark === undefined ? 'left-in' : 'left-out' }];
      })
      .sort((a, b) => b.atMs - a.atMs);
  }
}

/** A configuration as an entry has it. */
function contentOf(config: Config): string {
  return textOf(draftOf(config));
}

function textOf(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}

/** A site whose secret is not kept for where it is now loses its login: the others go on. */
function withSecretsOf(
  entry: ConfigDraft,
  kept: Pick<Config, 'sites'>,
): { readonly text: string; readonly withoutLogin: readonly string[] } {
  const withoutLogin: string[] = [];
  const sites = entry.sites.map((site): DraftSite => {
    if (hasItsSecret(site, kept)) return site;
    withoutLogin.push(site.name);
    return { ...site, credentials: undefined };
  });
  return { text: JSON.stringify(applyDraft({ ...entry, sites }, kept)), withoutLogin };
}

function hasItsSecret(site: DraftSite, kept: Pick<Config, 'sites'>): boolean {
  if (
    site.credentials === undefined ||
    !isKept(Reflect.get(site.credentials, SECRET_KEY[site.credentials.type]))
  )
    return true;
  const given = kept.sites.find(({ id }) => id === site.id);
  return given?.credentials?.type === site.credentials.type && whyNotGivenFor(site, given) === null;
}
