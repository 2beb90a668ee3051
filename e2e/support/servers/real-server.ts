import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Program } from './program.ts';

/** Another project's server with which Holdfast is tested. */
export interface RealServer {
  readonly name: string;
  /** Why it cannot run on this machine, with the remedy; `null` where it can. */
  missing(): string | null;
  /** The programs for one site. Writes their files and chooses ports. */
  plan(site: { readonly folder: string; readonly mark: string }): Promise<SitePlan>;
  /** The evidence for leaving its stream when nobody publishes to it any more. */
  readonly publisherGone: RegExp;
}

export interface SitePlan {
  readonly server: Program;
  /** Ports of 127.0.0.1 on which the ready server listens. */
  readonly ports: readonly number[];
  /** The source of its stream: a chain of programs, which begin and end together. */
  readonly publisher: readonly Program[];
  /** Whether the publisher is connected with the server, and ends with it. */
  readonly publishesTo: 'server' | 'files';
  readonly baseUrl: string;
  /** The camera's playlist, below `baseUrl`. */
  readonly playlist: string;
  /** Number of listed segments with which a player can begin; 3 by default. */
  readonly segmentsToBegin?: number;
  /** Number of readers of the camera's stream, where the server reports it. */
  readers?(): Promise<number>;
  /** A log with a line `<seconds since 1970> <path>` for each request, where the server writes one. */
  readonly accessLog?: string;
}

/** Why a command does not exist, with the remedy; `null` where it does. */
export function missingCommand(command: string, packages: string): string | null {
  const { error } = spawnSync(command, ['--version'], { stdio: 'ignore' });
  return error === undefined ? null : `${command} is not installed: apt-get install ${packages}`;
}

/** Why there is no program in the environment variable; `null` where there is. */
export function missingProgram(variable: string): string | null {
  const named = process.env[variable];
  if (named === undefined) return `${variable} names no program`;
  return existsSync(named) ? null : `${variable} names ${named}, which is not there`;
}
