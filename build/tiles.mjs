// @ts-check
// npm run tiles: shows every state of a tile and every field of the settings, from the sources as they are edited.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { endWith, provideTools } from './setup.mjs';
import { ROOT, say } from './steps/command.mjs';
import { provideElectron } from './steps/electron-runtime.mjs';
import { sandboxHere } from './steps/electron-start.mjs';
import { hasDisplay } from './steps/virtual-display.mjs';

/** A window that shows an address, and nothing of Holdfast. */
const WINDOW = join(ROOT, 'e2e', 'bench', 'suite', 'plain-window-main.mjs');
const WINDOW_SIZE = '1600x900';

try {
  await provideTools();
  // Vite is there only after the set-up.
  const { serveSamplePage } = await import('./steps/sample-page.mjs');
  const { url, close } = await serveSamplePage();
  say(`the tiles are at ${url}`);
  const electron = hasDisplay(process.env, process.platform) ? await provideElectron() : undefined;
  if (electron?.kind === 'ready') {
    const sandbox = sandboxHere() === 'no-sandbox' ? ['--no-sandbox'] : [];
    const window = spawn(electron.executable, [...sandbox, WINDOW, url, WINDOW_SIZE, ''], {
      stdio: 'ignore',
    });
    window.once('exit', () => void close().then(() => process.exit(0)));
  } else say('no window can be opened from here: open the address in a browser; Ctrl+C ends it');
} catch (error) {
  endWith(error);
}
