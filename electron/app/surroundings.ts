import { closeSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { childEnvironment } from './child-environment.ts';

/** Environment variable of a process that is kept, set by its keeper: how often it has ended in a row. */
export const KEEPER_VARIABLE = 'HOLDFAST_KEEPER';
/** Where a process that is kept finds what is not in its environment, as JSON up to its end. */
export const HANDED_OVER_FD = 3;

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a process of Holdfast finds when it starts. */
export interface Surroundings {
  /** The user's environment, with the secrets that the configuration names. */
  readonly environment: Environment;
  /** Whether somebody starts the process again when it ends without being asked to. */
  readonly keeper: { readonly kind: 'none' } | { readonly kind: 'watches'; readonly endsInARow: number };
}

/** Whether a keeper hands over by {@link HANDED_OVER_FD}. On Windows a process has no descriptors besides the first three. */
export function handsOver(platform: NodeJS.Platform): boolean {
  return platform !== 'win32';
}

/**
 * Takes the surroundings, once, before anything is started: whatever may be a secret is taken out of the process's own
 * environment, which children inherit.
 *
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
    // Nobody is at the other end: the variable is somebody else's.
    return { environment, keeper: { kind: 'none' } };
  }
}

function readOnce(): string {
  const text = readFileSync(HANDED_OVER_FD, 'utf8');
  closeSync(HANDED_OVER_FD);
  return text;
}
