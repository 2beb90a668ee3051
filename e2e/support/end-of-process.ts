import { spawn } from 'node:child_process';
import { PROJECT } from './launch.ts';

/** Time for a process to end by itself before it is killed. Milliseconds. */
const TIMEOUT_MS = 60_000;

export interface EndedProcess {
  /** `null` for a process that a signal has ended. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts a program as from a terminal, and waits until it has ended by itself.
 * @param env added to the environment of this process
 */
export async function endOfProcess(
  executable: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<EndedProcess> {
  const started = spawn(executable, args, {
    cwd: PROJECT,
    env: { ...process.env, ...env },
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    started[stream].on('data', (chunk: Buffer) => {
      output[stream] += chunk.toString();
    });
  const exitCode = await new Promise<number | null>((resolve) => started.once('close', resolve));
  return { exitCode, ...output };
}
