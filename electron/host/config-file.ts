import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { CONFIG_VERSION, type Config, configSchema } from '../../shared/config.ts';
import { findJsonFault } from './json-fault.ts';

export type ConfigResult =
  | { readonly kind: 'loaded'; readonly config: Config }
  /** `message` is for the operator: the file, every problem, and where each is. Holds no value of the file. */
  | { readonly kind: 'failed'; readonly message: string };

/** Reads and checks a configuration file. Never rejects: what is wrong with the file is in the result. */
export async function loadConfig(path: string): Promise<ConfigResult> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return { kind: 'failed', message: `The configuration ${path} cannot be read: ${readProblem(error)}.` };
  }
  return parseConfig(text, path);
}

/** Checks the text of a configuration file; `path` is only named in messages. */
export function parseConfig(text: string, path: string): ConfigResult {
  const json = text.replace(/^\ufeff/, '');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    const fault = findJsonFault(json);
    const where = fault === null ? '' : `, line ${fault.line}, column ${fault.column}`;
    const what = fault?.what ?? (error instanceof Error ? error.message : String(error));
    return { kind: 'failed', message: `The configuration ${path}${where} is not JSON: ${what}.` };
  }
  const versionProblem = problemOfVersion(value);
  if (versionProblem !== null) return failed(path, [versionProblem]);
  const checked = configSchema.safeParse(value);
  if (checked.success) return { kind: 'loaded', config: checked.data };
  return failed(
    path,
    checked.error.issues.flatMap((issue) => explain(issue, value)),
  );
}

function failed(path: string, problems: readonly string[]): ConfigResult {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const list = problems.map((problem) => `\n  ${problem}`).join('');
  return { kind: 'failed', message: `The configuration ${path} has ${count}:${list}` };
}

function readProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read it';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return code;
  }
}

/** Said before all else: in a file of another version, every other complaint would mislead. */
function problemOfVersion(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'the whole file: must be an object in braces, { … }';
  const version: unknown = 'version' in value ? value.version : undefined;
  if (version === undefined) return `version: is missing; this release writes ${CONFIG_VERSION}`;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    return `version: must be a whole number from 1 to ${CONFIG_VERSION}`;
  if (version > CONFIG_VERSION)
    return `version: is ${version}, written by a newer Holdfast; this release reads up to ${CONFIG_VERSION}`;
  return null;
}

/** An issue as lines of `where: what`. */
function explain(issue: z.core.$ZodIssue, root: unknown, parent: readonly PropertyKey[] = []): string[] {
  const path = [...parent, ...issue.path];
  const where = placeOf(path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${placeOf([...path, key])}: is not a setting that Holdfast knows`);
  if (issue.code === 'invalid_union') {
    if ('options' in issue && issue.options !== undefined)
      return [`${where}: must be one of ${issue.options.map((option) => JSON.stringify(option)).join(', ')}`];
    const closest = closestAlternative(issue.errors);
    if (closest !== null) return closest.flatMap((inner) => explain(inner, root, path));
    return [
      `${where}: ${issue.errors.map(([first]) => (first === undefined ? '' : reword(first))).join(', or ')}`,
    ];
  }
  if (issue.code === 'invalid_key')
    return [`${where}: ${issue.issues.map((inner) => reword(inner)).join(', ')}`];
  if (issue.code === 'invalid_type' && valueAt(root, path) === undefined) return [`${where}: is missing`];
  return [`${where}: ${reword(issue)}`];
}

/** Of several alternatives the one whose outer type fits, so that only what is inside of it is wrong. */
function closestAlternative(alternatives: readonly (readonly z.core.$ZodIssue[])[]) {
  return (
    alternatives.find((issues) =>
      issues.every((issue) => issue.code !== 'invalid_type' || issue.path.length > 0),
    ) ?? null
  );
}

function reword(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return issue.origin === 'number' ? `must be at least ${issue.minimum}` : issue.message;
    case 'too_big':
      return issue.origin === 'number' ? `must be at most ${issue.maximum}` : issue.message;
    default:
      return issue.message;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text in double quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list in brackets, [ … ]',
  object: 'an object in braces, { … }',
  record: 'an object in braces, { … }',
};

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** `cameras[3].streams.north`; keys that are no plain names are quoted. */
function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the whole file';
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      const name = String(key);
      if (!/^[\w-]+$/.test(name)) return `[${JSON.stringify(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}
