import { app, dialog } from 'electron';

/** Unusable options or configuration: what the caller of a command-line program expects for them. */
export const EXIT_USAGE = 2;
/** Anything else that keeps Holdfast from starting. */
export const EXIT_FAILURE = 1;
/** Asks who watches over the process to start it again (`EX_TEMPFAIL` of sysexits.h). */
export const EXIT_START_AGAIN = 75;
/** Environment variable, set by whoever watches over the process and knows {@link EXIT_START_AGAIN}. */
export const KEEPER_VARIABLE = 'HOLDFAST_KEEPER';

/**
 * Says why Holdfast does not start and ends it. On stderr always; in a dialog as well when it was started from
 * a desktop, where nobody reads stderr.
 */
export async function failToStart(message: string, exitCode: number): Promise<void> {
  process.stderr.write(`holdfast: ${message}\n`);
  if (app.isPackaged && !process.stderr.isTTY && hasDisplay()) {
    await app.whenReady();
    dialog.showErrorBox('Holdfast cannot start', message);
  }
  app.exit(exitCode);
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);
}
