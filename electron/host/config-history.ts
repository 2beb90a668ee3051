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

/** Number of good configurations that are kept, including the one in use. */
export const HISTORY_LENGTH = 20;

/**
 * Size limit of an entry that is read, in bytes: the largest configuration with every default written out, indented.
 */
const MAX_ENTRY_BYTES = 16_000_000;

/**
 * Example: `2026-11-22T18-03-59.123Z-0f3a….no-secrets.json`. It is an ISO time with `-` for `:`, then the beginning of
 * the hash of the content. The content has no secret; entries of earlier releases have some, and no `.no-secrets` in
 * their names.
 */
const ENTRY = /^(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}\.\d{3}Z)-([0-9a-f]{12})(\.no-secrets)?\.json$/;

/** Holds the number of the disk or share on which the configuration's file was last. */
const DEVICE_FILE = 'disk-of-file';
/** Length of the longest such number, in bytes. */
const MAX_DEVICE_BYTES = 20;

/**
 * The sites of the newest good configuration that log in with a secret, with their secrets. The file is a configuration
 * without cameras and views.
 */
const SECRETS_FILE = 'secrets.json';

export interface PastConfig {
  readonly config: Config;
  /** When it came into use, in milliseconds since 1970. */
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
 * Past good configurations, in a folder of their own, without passwords and tokens. Only the secrets of the newest one
 * are kept, in a separate file, because it has to work when the configuration's file is damaged.
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
   * Keeps a good configuration, unless it equals the newest one, and removes the oldest.
   * @throws the file system's error
   */
  async keep(config: Config): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const entries = await this.entries();
    const newest = entries[0];
    // Secrets are written first. With an older entry they do no harm, because each goes only to the server that it was
    // given for.
    await this.keepSecrets(config);
    const hash = hashOf(contentOf(config));
    if (newest?.secrets === 'left-out' && newest.hash === hash) return;
    // If the clock was set back, the new entry must still be the newest.
    await this.keepEntry(config, Math.max(this.epochMs(), (newest?.atMs ?? 0) + 1));
    for (const { name } of entries.slice(HISTORY_LENGTH - 1)) await this.remove(name);
  }

  /** The value that {@link keepDevice} got last; `null` if it is unknown. */
  async device(): Promise<number | null> {
    const { bytes } = await readTrusted(path.join(this.folder, DEVICE_FILE), MAX_DEVICE_BYTES).catch(() => ({
      bytes: '',
    }));
    return bytes.length === 0 ? null : Number(bytes);
  }

  /**
   * Remembers the disk or share of the configuration's file, as the system's number.
   * @throws the file system's error
   */
  async keepDevice(device: number): Promise<void> {
    if ((await this.device()) !== device) await this.writeFile(DEVICE_FILE, String(device));
  }

  /** The newest configuration that can be used. Never rejects. */
  async newest(steps: readonly MigrationStep[]): Promise<PastConfig | null> {
    for (const entry of await this.entries()) {
      const past = await this.read(entry, steps);
      if (past !== null) return past;
    }
    return null;
  }

  /**
   * Removes the secrets that earlier releases kept in their entries. An entry that cannot be read as a configuration is
   * deleted, because nobody knows where its secrets are. After an interruption, the next call finishes the work.
   * @returns the names of the deleted entries
   * @throws the file system's error
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

/** The content of a configuration's entry. */
function contentOf(config: Config): string {
  return textOf(draftOf(config));
}

function textOf(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}

/** If no secret is kept for a site at its present address, the site loses its login; the other sites keep theirs. */
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
