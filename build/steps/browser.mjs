// @ts-check
import { join } from 'node:path';
import { capture, findCommand, ROOT, SetUpError, say } from './command.mjs';
import { provideSystemPackages } from './system-packages.mjs';

/** The built Chromium shell, which plain Node runs. */
export const CHROMIUM_SHELL = join(ROOT, 'dist', 'electron', 'chromium.js');

/**
 * Finds the browser of the Chromium shell: an installed Chromium, Chrome or Edge. As root on Debian it installs Chromium where
 * there is none. The built files have to be there.
 *
 * @returns {Promise<string>} The browser's executable.
 * @throws {SetUpError} With the remedy, when there is none.
 */
export async function provideBrowser() {
  const found = await findBrowser();
  if (found.kind === 'found') return found.executable;
  // Where CHROME_PATH names a browser that does not exist, only the user can correct it.
  if (process.env.CHROME_PATH || findCommand('apt-get') === undefined || !(await isDebian()))
    throw new SetUpError(found.reason);
  say('no Chromium, Chrome or Edge is installed');
  await provideSystemPackages(undefined, ['chromium']);
  const installed = await findBrowser();
  if (installed.kind === 'found') return installed.executable;
  throw new SetUpError(installed.reason);
}

/** @returns {Promise<{ kind: 'found', executable: string } | { kind: 'missing', reason: string }>} */
async function findBrowser() {
  const { code, stdout, output } = await capture('node', [CHROMIUM_SHELL, '--find-browser']);
  if (code === 0) return { kind: 'found', executable: stdout.trim() };
  return { kind: 'missing', reason: output.trim().replace(/^holdfast: /, '') };
}

/** Whether the package `chromium` has the browser. On Ubuntu there is no such package, or it installs a snap. */
async function isDebian() {
  const { stdout } = await capture('sh', ['-c', '. /etc/os-release && printf %s "$ID"']);
  return stdout === 'debian';
}
