import { spawnSync } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../shared/config/config.ts';
import { electronExecutable, launchHoldfast, type RunningHoldfast } from './launch.ts';

/** Whether {@link launchWithNameServer} can work: `null`, or what is missing, in words. */
export function missingForNameServer(): string | null {
  if (process.platform !== 'linux') return 'mount namespaces are Linux’s';
  if (process.getuid?.() !== 0) return 'another resolv.conf needs root';
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return 'mount namespaces are not allowed here';
  return null;
}

/**
 * Makes a program that runs another one with 127.0.0.1 port 53 as the system's only name server: in a mount namespace
 * with its own resolv.conf.
 * @returns the program's path
 */
async function nameServerWrapper(folder: string, executable: string): Promise<string> {
  const resolvConf = path.join(folder, 'resolv.conf');
  await writeFile(resolvConf, 'nameserver 127.0.0.1\n');
  const wrapper = path.join(folder, 'with-name-server');
  // "exec" everywhere: signals to the wrapper reach the program.
  await writeFile(
    wrapper,
    `#!/bin/sh\nexec unshare --mount sh -c 'mount --bind "${resolvConf}" /etc/resolv.conf && exec "$@"' sh '${executable}' "$@"\n`,
  );
  await chmod(wrapper, 0o755);
  return wrapper;
}

/**
 * Starts Holdfast with a configuration, and with 127.0.0.1 port 53 as the only name server.
 * @param folder for its files; it may be removed when Holdfast has ended
 */
export async function launchWithNameServer(folder: string, config: Config): Promise<RunningHoldfast> {
  const file = path.join(folder, 'holdfast.json');
  await writeFile(file, JSON.stringify(config));
  return await launchHoldfast({
    args: ['--config', file],
    executable: await nameServerWrapper(folder, electronExecutable()),
  });
}
