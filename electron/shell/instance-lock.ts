import { readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

const LOCK = 'SingletonLock';

/** The machine's properties that are used here. */
export interface LockSurroundings {
  readonly platform: NodeJS.Platform;
  readonly computer: string;
  readonly isRunning: (pid: number) => boolean;
}

/**
 * Whether another instance on this computer holds Electron's single-instance lock of a user data folder. The lock is
 * refused also where it cannot be made. It is a link to `COMPUTER-PID` (chrome/browser/process_singleton_posix.cc); on
 * Windows there is no other reason for a refusal.
 */
export function isLockedHere(
  userData: string,
  { platform, computer, isRunning }: LockSurroundings = {
    platform: process.platform,
    computer: hostname(),
    isRunning: isRunningHere,
  },
): boolean {
  if (platform === 'win32') return true;
  const holder = holderOf(userData);
  return holder?.computer === computer && holder.pid !== process.pid && isRunning(holder.pid);
}

/**
 * Removes this process's own part of a refused lock: otherwise another start would take this process for a hanging one,
 * and kill it.
 */
export function removeHalfLock(userData: string): void {
  if (holderOf(userData)?.pid === process.pid) rmSync(path.join(userData, LOCK), { force: true });
}

function holderOf(userData: string): { readonly computer: string; readonly pid: number } | null {
  try {
    const [, computer, pid] = /^(.*)-(\d+)$/.exec(readlinkSync(path.join(userData, LOCK))) ?? [];
    return computer === undefined ? null : { computer, pid: Number(pid) };
  } catch {
    return null;
  }
}

function isRunningHere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
