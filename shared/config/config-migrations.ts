/**
 * One step of a migration, from version n to n + 1. Pure. Its input claims to be of version n and may be wrong in any
 * other way. The step leaves alone what it does not understand, so that the schema can report it at its place. {@link
 * migrate} writes the version itself.
 */
export type MigrationStep = (config: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** `MIGRATIONS[0]` leads from version 1 to 2. A released step is never edited. */
export const MIGRATIONS: readonly MigrationStep[] = [];

export type Migration =
  | { readonly kind: 'current'; readonly value: Readonly<Record<string, unknown>> }
  /** `value` now has the newest version. */
  | { readonly kind: 'migrated'; readonly value: Readonly<Record<string, unknown>>; readonly from: number }
  | {
      readonly kind: 'newer';
      readonly value: Readonly<Record<string, unknown>>;
      readonly version: number;
    }
  /** `where` is `version`, or `null` for the whole file. */
  | { readonly kind: 'impossible'; readonly where: 'version' | null; readonly problem: string };

/** Migrates the content of a file to the newest version, which is the number of steps plus one. */
export function migrate(value: unknown, steps: readonly MigrationStep[] = MIGRATIONS): Migration {
  const newest = steps.length + 1;
  if (!isRecord(value)) return impossible(null, 'must be an object in braces, { … }');
  const { version } = value;
  if (version === undefined) return impossible('version', `is missing; this release writes ${newest}`);
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    return impossible('version', `must be a whole number from 1 to ${newest}`);
  if (version > newest) return { kind: 'newer', value, version };
  if (version === newest) return { kind: 'current', value };
  let migrated: Record<string, unknown> = value;
  for (const [index, step] of steps.entries())
    if (index + 1 >= version) migrated = { ...step(migrated), version: index + 2 };
  return { kind: 'migrated', value: migrated, from: version };
}

function impossible(where: 'version' | null, problem: string): Migration {
  return { kind: 'impossible', where, problem };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
