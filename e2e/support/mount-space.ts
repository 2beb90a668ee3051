import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether {@link MountSpace} can work: `null`, or what is missing, in words. */
export function missingForMounts(): string | null {
  if (process.platform !== 'linux') return 'mount namespaces are Linux’s';
  if (process.getuid?.() !== 0) return 'mounts of a test’s own need root';
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return 'mount namespaces are not allowed here';
  return null;
}

/** Whether {@link MountSpace.hang} can work as well: `null`, or what is missing, in words. */
export function missingForHangingShare(): string | null {
  if (!existsSync('/dev/fuse')) return 'there is no /dev/fuse';
  if (spawnSync('python3', ['--version']).status !== 0)
    return 'there is no "python3": apt-get install python3';
  return missingForMounts();
}

/** Mounts a file system whose server never answers; the mount exists until the process ends. */
const HANG = `
import ctypes, os, sys, time
libc = ctypes.CDLL(None, use_errno=True)
fd = os.open('/dev/fuse', os.O_RDWR)
options = f'fd={fd},rootmode=40000,user_id=0,group_id=0'.encode()
if libc.mount(b'hang', sys.argv[1].encode(), b'fuse', 0, options) != 0:
    sys.exit(os.strerror(ctypes.get_errno()))
print('mounted', flush=True)
time.sleep(3600)
`;

/** Mounts that are visible only to programs started here. */
export class MountSpace implements AsyncDisposable {
  /** The first process lives as long as the space exists. */
  private readonly processes: ChildProcess[] = [];

  static async open(): Promise<MountSpace> {
    const space = new MountSpace();
    await space.begin('unshare', [
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      'echo here; exec sleep 3600',
    ]);
    return space;
  }

  /** @throws with the command's stderr where it failed */
  async run(command: string, ...args: string[]): Promise<void> {
    await run('nsenter', [...this.enter(), command, ...args]);
  }

  /**
   * Mounts a share that does not answer on the folder. Returns the function that disconnects it: pending operations
   * then fail.
   */
  async hang(folder: string): Promise<() => void> {
    const server = await this.begin('nsenter', [...this.enter(), 'python3', '-c', HANG, folder]);
    return () => server.kill('SIGKILL');
  }

  /**
   * Makes a program that runs another one among these mounts.
   * @returns the program's path
   */
  async wrapper(folder: string, executable: string): Promise<string> {
    const wrapper = path.join(folder, 'among-mounts');
    // "exec" everywhere: signals to the wrapper reach the program.
    await writeFile(wrapper, `#!/bin/sh\nexec nsenter ${this.enter().join(' ')} '${executable}' "$@"\n`);
    await chmod(wrapper, 0o755);
    return wrapper;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.processes.splice(0).reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  }

  private enter(): string[] {
    return ['--target', String(this.processes[0]?.pid), '--mount', '--'];
  }

  /** @returns once it has written something */
  private async begin(command: string, args: readonly string[]): Promise<ChildProcess> {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.processes.push(child);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${command} has ended`)));
    ended.catch(() => {});
    await Promise.race([once(child.stdout, 'data'), ended]);
    return child;
  }
}
