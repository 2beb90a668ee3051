import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { childEnvironment } from '../app/child-environment.ts';
import { HANDED_OVER_FD, handsOver, KEEPER_VARIABLE } from '../app/surroundings.ts';
import type { KeptProcess, ProcessEnd } from './keeper.ts';

/** Programs choose their codes up to this one; above are the systems' words for crashes. */
const LAST_CHOSEN_CODE = 128;

export interface KeptProgram {
  readonly executable: string;
  readonly args: readonly string[];
  /** Its working directory; the keeper's own by default. */
  readonly folder?: string;
  /** What it is to know, secrets included. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stderr: 'inherit' | 'pipe';
}

/**
 * Starts a program that takes its surroundings by `takeSurroundings`. What may be a secret is not in its environment, which
 * everything that it starts gets as well, but comes to it alone.
 *
 * @param endsInARow for the program, which may start otherwise after some
 */
export function startKept(
  { executable, args, folder, environment, stderr }: KeptProgram,
  endsInARow: number,
): KeptProcess & { readonly child: ChildProcess } {
  const handedOver = handsOver(process.platform);
  const child = spawn(executable, args, {
    cwd: folder,
    env: {
      ...(handedOver ? childEnvironment(environment) : environment),
      [KEEPER_VARIABLE]: String(endsInARow),
    },
    stdio: ['ignore', 'inherit', stderr, ...(handedOver ? (['pipe'] as const) : [])],
    // A process group of its own, by which all of it can be ended; a terminal's signals reach it by the keeper alone.
    detached: process.platform !== 'win32',
  });
  if (handedOver) handOver(child.stdio[HANDED_OVER_FD] as Writable | null, environment);
  return {
    child,
    ended: endOf(child),
    signal: (signal) => {
      child.kill(signal);
    },
    kill: () => killGroup(child),
  };
}

function handOver(pipe: Writable | null, environment: KeptProgram['environment']): void {
  // A child that is gone before it has read it tells of its end by itself.
  pipe?.on('error', () => {});
  pipe?.end(JSON.stringify(environment));
}

/** With its last words read, where they come through a pipe. */
function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.on('error', ({ message }) => resolve({ kind: 'not-started', message }));
    // What it has started holds the pipe open, and may hang.
    child.on('exit', () => killGroup(child));
    child.on('close', (code, signal) => {
      const exitCode = code ?? 1;
      if (signal === null && exitCode <= LAST_CHOSEN_CODE) resolve({ kind: 'exited', exitCode });
      else resolve({ kind: 'crashed', how: signal ?? `code ${exitCode}`, exitCode });
    });
  });
}

function killGroup(leader: ChildProcess): void {
  if (leader.pid === undefined) return;
  try {
    if (process.platform === 'win32') leader.kill('SIGKILL');
    else process.kill(-leader.pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
