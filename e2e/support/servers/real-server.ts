import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Program } from './program.ts';

/** A server that others have made, which Holdfast is tried with. */
export interface RealServer {
  readonly name: string;
  /** Why it cannot run on this machine, with the remedy; `null` where it can. */
  missing(): string | null;
  /** What is to be started for one site. Files are written and ports chosen. */
  plan(site: { readonly folder: string; readonly mark: string }): Promise<SitePlan>;
  /** Why its stream is left when nobody publishes to it any more. */
  readonly publisherGone: RegExp;
}

export interface SitePlan {
  readonly server: Program;
  /** Ports of 127.0.0.1 on which the server listens when it is ready. */
  readonly ports: readonly number[];
  /** What feeds it: the programs of one chain, which begin and end together. */
  readonly publisher: readonly Program[];
  /** Whether the publisher is connected with the server, and ends with it. */
  readonly publishesTo: 'server' | 'files';
  readonly baseUrl: string;
  /** Of the camera, below `baseUrl`. */
  readonly playlist: string;
  /** How many segments its playlist lists once a player can begin; 3 without. */
  readonly segmentsToBegin?: number;
  /** How many read the camera's stream now, where the server tells. */
  readers?(): Promise<number>;
  /** A log with a line `<seconds since 1970> <path>` for each request, where the server writes one. */
  readonly accessLog?: string;
}

/** Why a command cannot be had, with the remedy; `null` where it is there. */
export function missingCommand(command: string, packages: string): string | null {
  const { error } = spawnSync(command, ['--version'], { stdio: 'ignore' });
  return error === undefined ? null : `${command} is not installed: apt-get install ${packages}`;
}

/** Why the program that a variable of the environment is to name cannot be had; `null` where it is there. */
export function missingProgram(variable: string): string | null {
  const named = process.env[variable];
  if (named === undefined) return `${variable} names no program`;
  return existsSync(named) ? null : `${variable} names ${named}, which is not there`;
}
