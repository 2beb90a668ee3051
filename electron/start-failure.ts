import { app, dialog } from 'electron';

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
