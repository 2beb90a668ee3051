import { closeSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { childEnvironment } from './child-environment.ts';

/** Environment variable that the keeper sets for its process: how often that has crashed in a row. */
export const KEEPER_VARIABLE = 'HOLDFAST_KEEPER';
/** File descriptor from which a kept process reads the rest of its environment, as JSON up to its end. */
export const HANDED_OVER_FD = 3;

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a process of Holdfast gets at its start. */
export interface Surroundings {
  /** The user's environment, including the secrets that the configuration names. */
  readonly environment: Environment;
  /** Whether a keeper starts the process again after a crash. */
  readonly keeper: { readonly kind: 'none' } | { readonly kind: 'watches'; readonly endsInARow: number };
}

/** Whether a keeper hands over by {@link HANDED_OVER_FD}. On Windows a process has only the first three descriptors. */
export function handsOver(platform: NodeJS.Platform): boolean {
  return platform !== 'win32';
}

/**
 * Takes the surroundings, once, before anything is started. Whatever may be a secret is removed from the process's own
 * environment, which children inherit.
 * @param own its environment; changed
 */
export function takeSurroundings(
  own: Record<string, string | undefined> = process.env,
  platform: NodeJS.Platform = process.platform,
  readHandedOver: () => string = readOnce,
): Surroundings {
  const surroundings = surroundingsOf(own, platform, readHandedOver);
  const allowed = childEnvironment(own);
  for (const name of Object.keys(own)) if (!(name in allowed)) delete own[name];
  return surroundings;
}

function surroundingsOf(
  own: Environment,
  platform: NodeJS.Platform,
  readHandedOver: () => string,
): Surroundings {
  const { [KEEPER_VARIABLE]: ends, ...environment } = own;
  if (ends === undefined || !/^\d{1,9}$/.test(ends)) return { environment, keeper: { kind: 'none' } };
  const keeper = { kind: 'watches', endsInARow: Number(ends) } as const;
  if (!handsOver(platform)) return { environment, keeper };
  try {
    const handedOver = z.record(z.string(), z.string()).parse(JSON.parse(readHandedOver()));
    return { environment: handedOver, keeper };
  } catch {
    // There is no keeper: the variable comes from somebody else.
    return { environment, keeper: { kind: 'none' } };
  }
}

function readOnce(): string {
  const text = readFileSync(HANDED_OVER_FD, 'utf8');
  closeSync(HANDED_OVER_FD);
  return text;
}
