import path from 'node:path';

/** What the search for a browser depends on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isExecutable: (file: string) => boolean;
}

export type BrowserSearch =
  | { readonly kind: 'found'; readonly executable: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** Commands on the PATH, in order of preference. A snap comes last: it may only use folders of its own. */
const LINUX_COMMANDS = [
  'chromium',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'chromium-browser',
];
const LINUX_FILES = [
  '/usr/bin/chromium',
  '/opt/google/chrome/chrome',
  '/opt/microsoft/msedge/msedge',
  '/snap/bin/chromium',
];
const MAC_APPS = [
  'Chromium.app/Contents/MacOS/Chromium',
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
/** Below the folders for programs, of the machine or of the user. */
const WINDOWS_FILES = [
  'Chromium\\Application\\chrome.exe',
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/** The browser that CHROME_PATH names, else the first installed one of Chromium, Chrome and Edge. */
export function findBrowser(machine: Machine): BrowserSearch {
  const { CHROME_PATH: named } = machine.env;
  if (named !== undefined && named !== '')
    return machine.isExecutable(named)
      ? { kind: 'found', executable: named }
      : {
          kind: 'missing',
          reason: `there is no browser at ${named}, which CHROME_PATH names: correct or unset it`,
        };
  const executable = candidates(machine).find((file) => machine.isExecutable(file));
  return executable === undefined
    ? {
        kind: 'missing',
        reason:
          'no Chromium, Chrome or Edge is installed: install one, or name its executable in CHROME_PATH',
      }
    : { kind: 'found', executable };
}

function candidates({ platform, env }: Machine): string[] {
  switch (platform) {
    case 'win32': {
      const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA];
      return WINDOWS_FILES.flatMap((file) =>
        folders.flatMap((folder) => (folder === undefined ? [] : path.win32.join(folder, file))),
      );
    }
    case 'darwin': {
      const folders = ['/Applications', ...(env.HOME === undefined ? [] : [`${env.HOME}/Applications`])];
      return MAC_APPS.flatMap((app) => folders.map((folder) => path.posix.join(folder, app)));
    }
    default: {
      const folders = (env.PATH ?? '').split(':').filter((folder) => folder.startsWith('/'));
      const onPath = LINUX_COMMANDS.flatMap((name) => folders.map((folder) => path.posix.join(folder, name)));
      const isSnap = (file: string): boolean => file.startsWith('/snap/');
      const all = [...onPath, ...LINUX_FILES];
      return [...all.filter((file) => !isSnap(file)), ...all.filter(isSnap)];
    }
  }
}
