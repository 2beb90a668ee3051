import type { Attributes } from './attributes.ts';

/** Values of variables by name (EXT-X-DEFINE, RFC 8216bis section 4.4.2.3). */
export type Variables = ReadonlyMap<string, string>;

/** What the EXT-X-DEFINE tags of a playlist may take values from. */
export interface VariableSources {
  /** The path and query that the playlist was read from, for QUERYPARAM. */
  readonly address?: string;
  /** The variables of the multivariant playlist that named this one, for IMPORT. */
  readonly imported?: Variables;
}

/** Limit of what variables add to a playlist, in characters: a variable may contain others, and so double with every line. */
const LONGEST_ADDITION = 1_000_000;

/** Its message is the `problem` of the playlist, which is refused. */
export class VariableProblem extends Error {}

/**
 * The variables of one playlist, in the order of its lines: a reference has to come after the definition, as in hls.js.
 */
export class VariableTable {
  private readonly byName = new Map<string, string>();
  private readonly sources: VariableSources;
  private added = 0;

  constructor(sources: VariableSources) {
    this.sources = sources;
  }

  get values(): Variables {
    return this.byName;
  }

  /** @param attributes of an EXT-X-DEFINE, their own variables replaced */
  define(attributes: Attributes): void {
    const imported = attributes.get('IMPORT');
    if (imported !== undefined) {
      const value = this.sources.imported?.get(imported);
      if (value === undefined)
        throw new VariableProblem(
          `EXT-X-DEFINE imports the variable "${imported}", which no multivariant playlist defined`,
        );
      this.byName.set(imported, value);
      return;
    }
    const parameter = attributes.get('QUERYPARAM');
    const name = parameter ?? attributes.get('NAME');
    if (name === undefined) return;
    const value =
      parameter === undefined
        ? attributes.get('VALUE')
        : queryParameter(this.sources.address ?? '', parameter);
    if (value === null)
      throw new VariableProblem(
        `EXT-X-DEFINE takes the variable "${name}" from its address, which has no such parameter`,
      );
    if (this.byName.has(name)) throw new VariableProblem(`EXT-X-DEFINE defines the variable "${name}" twice`);
    this.byName.set(name, value ?? '');
  }

  replaceIn(text: string): string {
    if (!text.includes('{$')) return text;
    return text.replace(/\{\$([\w-]+)\}/g, (_, name: string) => {
      const value = this.byName.get(name);
      if (value === undefined)
        throw new VariableProblem(`refers to the variable "${name}", which nothing before it defines`);
      this.added += value.length;
      if (this.added > LONGEST_ADDITION)
        throw new VariableProblem(`becomes more than ${LONGEST_ADDITION} characters longer by its variables`);
      return value;
    });
  }
}

/** The first parameter of that name in an address's query, decoded; `null` without one. */
function queryParameter(address: string, name: string): string | null {
  const query = /\?([^#]*)/.exec(address)?.[1] ?? '';
  for (const pair of query.split('&')) {
    const [key = '', ...values] = pair.split('=');
    if (pair !== '' && decoded(key) === name) return decoded(values.join('='));
  }
  return null;
}

/** As in forms, where a plus is a blank. */
function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
