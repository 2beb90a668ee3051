import { CONFIG_VERSION, type Config, configSchema } from '../../shared/config/config.ts';
import { type ConfigIssue, configIssues, placeOf } from '../../shared/config/config-issues.ts';
import { MIGRATIONS, type MigrationStep, migrate } from '../../shared/config/config-migrations.ts';
import { endsTooEarly, findJsonFault } from './json-fault.ts';
import { readUtf8 } from './utf8.ts';

export type ConfigResult =
  /** `migratedFrom` is the version of an older file; `null` for a file of the newest version. */
  | { readonly kind: 'loaded'; readonly config: Config; readonly migratedFrom: number | null }
  /**
   * A newer Holdfast wrote the file. `config` is the part that this release understands, `null` where that is no whole
   * configuration. It must never be written over the file.
   */
  | { readonly kind: 'newer'; readonly config: Config | null; readonly message: string }
  /** `message` is for the operator: the file, and every problem with its place. It contains no value of the file. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The file ends too early: another program may still be writing it. */
  | { readonly kind: 'cut-off'; readonly message: string };

/**
 * Checks the content of a configuration file, which has to be UTF-8. Never throws.
 * @param path only named in messages
 */
export function parseConfigFile(
  content: Uint8Array,
  path: string,
  steps: readonly MigrationStep[] = MIGRATIONS,
): ConfigResult {
  const read = readUtf8(content);
  switch (read.kind) {
    case 'text':
      return parseConfig(read.text, path, steps);
    case 'cut-off':
      return { kind: 'cut-off', message: `The configuration ${path} ends within a character.` };
    case 'other':
      return { kind: 'failed', message: `The configuration ${path} ${read.words}. Save it as UTF-8.` };
  }
}

/**
 * Checks the text of a configuration file. Never throws.
 * @param path only named in messages
 */
export function parseConfig(
  text: string,
  path: string,
  steps: readonly MigrationStep[] = MIGRATIONS,
): ConfigResult {
  const json = text.replace(/^\ufeff/, '');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    const fault = findJsonFault(json);
    const where = fault === null ? '' : `, line ${fault.line}, column ${fault.column}`;
    const what = fault?.what ?? (error instanceof Error ? error.message : String(error));
    const message = `The configuration ${path}${where} is not JSON: ${what}.`;
    return { kind: endsTooEarly(json) ? 'cut-off' : 'failed', message };
  }
  // Checked first: for a file of another version, every other complaint would mislead.
  const migration = migrate(value, steps);
  switch (migration.kind) {
    case 'impossible':
      return failed(path, [
        { path: migration.where === null ? [] : [migration.where], message: migration.problem },
      ]);
    case 'newer':
      return {
        kind: 'newer',
        config: understood(migration.value),
        message:
          `The configuration ${path} was written by a newer Holdfast (version ${migration.version} of the file; ` +
          `this release writes ${steps.length + 1})`,
      };
    case 'current':
    case 'migrated': {
      const checked = configSchema.safeParse(migration.value);
      if (!checked.success) return failed(path, configIssues(checked.error, migration.value));
      const migratedFrom = migration.kind === 'migrated' ? migration.from : null;
      return { kind: 'loaded', config: checked.data, migratedFrom };
    }
  }
}

/**
 * The configuration in a newer file, without the settings that this release does not know; `null` if the rest is no
 * whole configuration.
 */
function understood(value: Readonly<Record<string, unknown>>): Config | null {
  const known = structuredClone({ ...value, version: CONFIG_VERSION });
  const checked = configSchema.safeParse(known);
  if (checked.success) return checked.data;
  for (const issue of checked.error.issues) {
    if (issue.code !== 'unrecognized_keys') return null;
    const holder = issue.path.reduce<unknown>((at, key) => Reflect.get(Object(at), key), known);
    for (const key of issue.keys) Reflect.deleteProperty(Object(holder), key);
  }
  return configSchema.safeParse(known).data ?? null;
}

function failed(path: string, issues: readonly ConfigIssue[]): ConfigResult {
  const count = issues.length === 1 ? 'one problem' : `${issues.length} problems`;
  const list = issues.map((issue) => `\n  ${placeOf(issue.path)}: ${issue.message}`).join('');
  return { kind: 'failed', message: `The configuration ${path} has ${count}:${list}` };
}
