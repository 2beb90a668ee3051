// @ts-check
// npm run tiles: shows every state of a tile and every field of the settings, from the sources as they are edited.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { endWith, provideTools } from './setup.mjs';
import { ROOT, say } from './steps/command.mjs';
import { provideElectron } from './steps/electron-runtime.mjs';
import { sandboxHere } from './steps/electron-start.mjs';
import { hasDisplay } from './steps/virtual-display.mjs';

/** A program for Electron that shows an address in a window, and has no part of Holdfast. */
const WINDOW = join(ROOT, 'e2e', 'bench', 'suite', 'plain-window-main.mjs');
const WINDOW_SIZE = '1600x900';
const IN_A_BROWSER = 'open the address in a browser; Ctrl+C ends it';

try {
  await provideTools();
  // Imported here, because it needs Vite, which may not be installed before.
  const { serveSamplePage } = await import('./steps/sample-page.mjs');
  const { url, close } = await serveSamplePage();
  say(`the tiles are at ${url}`);
  const electron = hasDisplay(process.env, process.platform) ? await provideElectron() : undefined;
  if (electron?.kind === 'ready') {
    const sandbox = sandboxHere() === 'no-sandbox' ? ['--no-sandbox'] : [];
    const window = spawn(electron.executable, [...sandbox, WINDOW, url, WINDOW_SIZE, ''], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const noWindow = (/** @type {string} */ why) => say(`no window (${why}): ${IN_A_BROWSER}`);
    window.once('error', ({ message }) => noWindow(message));
    window.once('exit', (exitCode, signal) => {
      if (exitCode === 0) void close().then(() => process.exit(0));
      else noWindow(`Electron ended with ${signal ?? `exit code ${exitCode}`}`);
    });
  } else say(`no window (${electron?.reason ?? 'there is no display'}): ${IN_A_BROWSER}`);
} catch (error) {
  endWith(error);
}
