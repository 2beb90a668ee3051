import path from 'node:path';

/** The folder in which Electron keeps an application's data as well, so that both shells have the same journal. */
export function userDataFolder(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  switch (platform) {
    case 'win32':
      return path.win32.join(env.APPDATA ?? path.win32.join(home, 'AppData', 'Roaming'), 'Holdfast');
    case 'darwin':
      return path.posix.join(home, 'Library', 'Application Support', 'Holdfast');
    default:
      return path.posix.join(env.XDG_CONFIG_HOME || path.posix.join(home, '.config'), 'Holdfast');
  }
}

/**
 * The browser's own profile. A snap may write into its own hidden folder in the home folder, but into no other.
 * @param userData Holdfast's folder, absolute
 */
export function profileFolder(userData: string, executable: string, home: string): string {
  return executable.startsWith('/snap/')
    ? path.posix.join(home, 'snap', 'chromium', 'common', 'holdfast')
    : path.join(userData, 'chromium-profile');
}
