import { setTimeout as pause } from 'node:timers/promises';

/** How long work that is nearly done may take before the process ends without it, and how often it is looked at. Milliseconds. */
const GRACE_MS = 1000;
const LOOK_MS = 50;
/** Node's names for what one of its few threads has under way: files, and names that are looked up. */
const IN_A_THREAD = /^(FSReq|GetAddrInfoReq|GetNameInfoReq)/;

/**
 * Ends this process. An exit waits for the threads that read files: with one on a share that does not answer it never comes, and
 * the process ends itself by a signal instead.
 *
 * @param exit ends the process in order
 * @param force the signal; SIGTERM as the sign of an end that was wanted
 */
export async function endProcess(exit: () => void, force: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  for (let waitedMs = 0; waitedMs <= GRACE_MS; waitedMs += LOOK_MS) {
    if (!process.getActiveResourcesInfo().some((name) => IN_A_THREAD.test(name))) {
      exit();
      return;
    }
    await pause(LOOK_MS);
  }
  // When the last listener goes, the signal does what it does by itself; Electron has another way with it.
  if (force === 'SIGTERM') process.on(force, () => {}).removeAllListeners(force);
  process.kill(process.pid, force);
}
