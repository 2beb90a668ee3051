// @ts-check
import { join } from 'node:path';
import { capture, findCommand, ROOT, SetUpError, say } from './command.mjs';
import { provideSystemPackages } from './system-packages.mjs';

/** The built Chromium shell, which plain Node runs. */
export const CHROMIUM_SHELL = join(ROOT, 'dist', 'electron', 'chromium.js');

/**
 * The browser of the Chromium shell: an installed Chromium, Chrome or Edge. As root on Debian it is installed.
 * Wants the built files.
 *
 * @returns {Promise<string>} Its executable.
 * @throws {SetUpError} With the remedy, when there is none.
 */
export async function provideBrowser() {
  const found = await findBrowser();
  if (found.kind === 'found') return found.executable;
  // A browser that was named and is not there is for the user to correct.
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

/** Ubuntu's package of that name is none, or brings a snap. */
async function isDebian() {
  const { stdout } = await capture('sh', ['-c', '. /etc/os-release && printf %s "$ID"']);
  return stdout === 'debian';
}
