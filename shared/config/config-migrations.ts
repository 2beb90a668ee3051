/**
 * One step of a configuration's way to the newest version: from version n to n + 1. Pure; it gets a file that
 * claims to be of version n and may be wrong in any other way, and leaves alone what it does not understand, so
 * that the schema can complain about it at its place. The version itself is written by {@link migrate}.
 */
export type MigrationStep = (config: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** `MIGRATIONS[0]` leads from version 1 to 2. A released step is never edited. */
export const MIGRATIONS: readonly MigrationStep[] = [];

export type Migration =
  | { readonly kind: 'current'; readonly value: Readonly<Record<string, unknown>> }
  /** `value` is of the newest version now. */
  | { readonly kind: 'migrated'; readonly value: Readonly<Record<string, unknown>>; readonly from: number }
  | {
      readonly kind: 'newer';
      readonly value: Readonly<Record<string, unknown>>;
      readonly version: number;
    }
  /** `where` is `version`, or nothing for the whole file. */
  | { readonly kind: 'impossible'; readonly where: 'version' | null; readonly problem: string };

/** Brings what was read from a file to the newest version, which is one more than there are steps. */
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
