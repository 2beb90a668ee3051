import type { z } from 'zod';

/** One fault of a configuration. It contains no value, because that may be a secret. */
export interface ConfigIssue {
  /** Keys and positions from the outside in; empty for the whole configuration. */
  readonly path: (string | number)[];
  /** For people, shown after the place or beside the field: "must be a whole number". */
  readonly message: string;
}

/**
 * The schema's issues in words.
 * @param root the checked value: whatever is absent there is called missing
 */
export function configIssues(error: z.core.$ZodError, root: unknown): ConfigIssue[] {
  return error.issues.flatMap((issue) => explain(issue, root));
}

/** `cameras[3].streams.north`; keys that are no plain names are quoted. */
export function placeOf(path: readonly (string | number)[]): string {
  if (path.length === 0) return 'the whole file';
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      if (!/^[\w-]+$/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}

function explain(
  issue: z.core.$ZodIssue,
  root: unknown,
  parent: readonly (string | number)[] = [],
): ConfigIssue[] {
  const path = [...parent, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  const here = (message: string): ConfigIssue[] => [{ path, message }];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: 'is not a setting that Holdfast knows',
    }));
  if (issue.code === 'invalid_union') {
    if ('options' in issue && issue.options !== undefined)
      return here(`must be one of ${issue.options.map((option) => JSON.stringify(option)).join(', ')}`);
    const closest = closestAlternative(issue.errors);
    if (closest !== null) return closest.flatMap((inner) => explain(inner, root, path));
    return here(issue.errors.map(([first]) => (first === undefined ? '' : reword(first))).join(', or '));
  }
  if (issue.code === 'invalid_key') return here(issue.issues.map((inner) => reword(inner)).join(', '));
  if (issue.code === 'invalid_type' && valueAt(root, path) === undefined) return here('is missing');
  return here(reword(issue));
}

/** Of several alternatives the one whose outer type matches, so that only its inner part is wrong. */
function closestAlternative(alternatives: readonly (readonly z.core.$ZodIssue[])[]) {
  return (
    alternatives.find((issues) =>
      issues.every(
        ({ code, path }) => path.length > 0 || (code !== 'invalid_type' && code !== 'invalid_value'),
      ),
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
