import { execFileSync } from 'node:child_process';
import { electronExecutable } from '../../support/launch.ts';

export const SHELL_KINDS = ['electron', 'chromium'] as const;
/** What shows the window. */
export type ShellKind = (typeof SHELL_KINDS)[number];

/**
 * Reads the versions of the runtime, without a window.
 * @param browser executable of the Chromium shell's browser
 * @throws where it does not start
 */
export function shellVersions(
  shell: ShellKind,
  browser: string | undefined,
): { readonly electron: string | null; readonly chromium: string } {
  if (shell === 'chromium') {
    if (browser === undefined)
      throw new Error('the Chromium shell needs CHROME_PATH: run the benchmark by npm run bench');
    return { electron: null, chromium: execFileSync(browser, ['--version'], { encoding: 'utf8' }).trim() };
  }
  const script = 'process.stdout.write(JSON.stringify(process.versions))';
  const versions: { electron: string; chrome: string } = JSON.parse(
    execFileSync(electronExecutable(), ['-e', script], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      encoding: 'utf8',
    }),
  );
  return { electron: versions.electron, chromium: versions.chrome };
}
