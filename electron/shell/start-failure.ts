import { app, dialog } from 'electron';
import { endProcess } from '../app/process-end.ts';

/** Time for which the message of a failed start is shown when another start follows. Milliseconds. */
const SHOWN_MS = 15_000;

/**
 * Reports why Holdfast does not start, and ends it: always on stderr, and also in a dialog when it was started from a
 * desktop, where nobody reads stderr.
 * @param next whether a keeper makes another start, which must not wait for somebody to close the dialog
 */
export async function failToStart(
  message: string,
  exitCode: number,
  next: 'none' | 'another-start' = 'none',
): Promise<void> {
  process.stderr.write(`holdfast: ${message}\n`);
  if (app.isPackaged && !process.stderr.isTTY && hasDisplay()) {
    await app.whenReady();
    if (next === 'none') dialog.showErrorBox('Holdfast cannot start', message);
    else
      await dialog.showMessageBox({
        type: 'error',
        title: 'Holdfast',
        message: 'Holdfast cannot start at the moment',
        detail: `${message}\n\nIt tries again by itself.`,
        signal: AbortSignal.timeout(SHOWN_MS),
      });
  }
  await endProcess(() => app.exit(exitCode));
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);
}
