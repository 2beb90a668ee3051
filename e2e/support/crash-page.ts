import type { ElectronApplication } from '@playwright/test';

/** Kills the page's process and waits until the next page is loaded. */
export const crashPage = (app: ElectronApplication): Promise<void> =>
  app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined) throw new Error('the window is gone');
    const loadedAnew = new Promise<void>((resolve) =>
      contents.once('render-process-gone', () => contents.once('did-finish-load', () => resolve())),
    );
    contents.forcefullyCrashRenderer();
    await loadedAnew;
  });
