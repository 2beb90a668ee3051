import { setTimeout as pause } from 'node:timers/promises';

/** Time for pending work before the process ends without it, and the interval of the checks. Milliseconds. */
const GRACE_MS = 1000;
const LOOK_MS = 50;
/** Node's names for work on its few threads: files, and names that are looked up. */
const IN_A_THREAD = /^(FSReq|GetAddrInfoReq|GetNameInfoReq)/;

/**
 * Ends this process. A normal exit waits for the threads that read files, for ever if a share does not answer; then the
 * process ends itself by a signal instead.
 * @param exit ends the process in order
 * @param force the signal; SIGTERM means that the end was wanted
 */
export async function endProcess(exit: () => void, force: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  for (let waitedMs = 0; waitedMs <= GRACE_MS; waitedMs += LOOK_MS) {
    if (!process.getActiveResourcesInfo().some((name) => IN_A_THREAD.test(name))) {
      exit();
      return;
    }
    await pause(LOOK_MS);
  }
  // Without listeners, the signal has its default effect; Electron has a listener of its own.
  if (force === 'SIGTERM') process.on(force, () => {}).removeAllListeners(force);
  process.kill(process.pid, force);
}
