import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Whether {@link startWindowManager} can work: `null`, or what is missing, in words. */
export function missingWindowManager(): string | null {
  if (process.platform !== 'linux') return null;
  return spawnSync('openbox', ['--version']).status === 0
    ? null
    : 'no window manager to minimise with: apt-get install openbox';
}

/**
 * On a bare X display, windows cannot be minimised. Starts openbox there; a display with a window manager keeps that
 * one, and openbox ends by itself.
 * @returns the function that ends it
 */
export async function startWindowManager(): Promise<() => Promise<void>> {
  if (process.platform !== 'linux') return async () => {};
  const child: ChildProcess = spawn('openbox', [], { stdio: 'ignore' });
  await once(child, 'spawn');
  return async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  };
}
