import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { childEnvironment } from '../app/child-environment.ts';
import { HANDED_OVER_FD, handsOver, KEEPER_VARIABLE } from '../app/surroundings.ts';
import type { KeptProcess, ProcessEnd } from './keeper.ts';

/** The largest exit code that programs choose; systems use larger ones for crashes. */
const LAST_CHOSEN_CODE = 128;

export interface KeptProgram {
  readonly executable: string;
  readonly args: readonly string[];
  /** Its working directory; the keeper's own by default. */
  readonly folder?: string;
  /** The environment for the program, including secrets. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stderr: 'inherit' | 'pipe';
}

/**
 * Starts a program that reads its surroundings by `takeSurroundings`. What may be a secret is not in its environment,
 * which all its children inherit, but is handed over to it alone.
 * @param endsInARow passed on to the program, which may start differently after some
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
    // A process group of its own, by which all of it can be killed; a terminal's signals reach it only through the
    // keeper.
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
  // A child that ends before it has read everything: its end is reported elsewhere.
  pipe?.on('error', () => {});
  pipe?.end(JSON.stringify(environment));
}

/** Resolves once the process's last output is read, where that comes through a pipe. */
function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.on('error', ({ message }) => resolve({ kind: 'not-started', message }));
    // Its children hold the pipe open, and may hang.
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
    // No process is left in the group.
  }
}
